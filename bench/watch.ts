import type { AcceptedRequest } from '../functions/domain/request/create-job-input.ts';
import { describedStep } from '../functions/domain/watch/watch.ts';
import { createRandom } from '../local/core/random.ts';
import { type Bench, type BenchSettings, type Finding, judge } from './bench.ts';
import { figureOf } from './figures.ts';
import { openWatch, type WatchedJob } from './fixtures/watched-job.ts';

const RUNS = 10_000;
/** One run in this many uses the shipped state machine and handlers; the others use describe-job's decision. */
const SHIPPED_EVERY = 40;
const DAY_SECONDS = 86_400;
const LONGEST_SECONDS = 360 * DAY_SECONDS;
const START_MS = Date.parse('2026-01-01T00:00:00Z');
/** Wait 2, Task 5, Choice 2; the rest for creating the job, the report and the notice. */
const EVENTS = { perPoll: 9, rest: 21, quota: 25_000 };
/** Three transitions and one function call for each poll; six more transitions for the rest (us-east-1). */
const DOLLARS = { transition: 0.000025, call: 0.0000004 };

export const watch: Bench = {
  name: 'watch',
  title: 'polls of a job, against the fewest that keep the promise and against one every 30 s',
  limitSeconds: 600,
  run,
};

const request = {
  jobRequestId: 'x',
  requestHash: '',
  submittedAt: new Date(START_MS).toISOString(),
  createJob: { Operation: { S3DeleteObjectTagging: {} }, Tags: [] },
  watch: {},
} as unknown as AcceptedRequest;

const limited: AcceptedRequest = { ...request, limits: { MaxFailedPercent: 5, AfterTasks: 200 } };

/** Polls one job that ends after `endSeconds` as describe-job decides; `hasProgress`: tasks complete at a steady rate. */
function decide(endSeconds: number, hasProgress: boolean, asked = request): WatchedJob {
  const tasks = 1_000_000;
  for (let age = 15, polls = 1; ; polls++) {
    const events = EVENTS.perPoll * polls + EVENTS.rest;
    if (age >= endSeconds) return { polls, lateSeconds: age - endSeconds, events };
    const done = hasProgress ? Math.floor((tasks * age) / endSeconds) : 0;
    const { waitSeconds } = describedStep(
      {
        request: asked,
        deployment: { region: '', apiUrl: '' },
        time: new Date(START_MS + age * 1000).toISOString(),
        jobId: 'job',
        createdAt: request.submittedAt,
        notified: [],
      },
      {
        JobId: 'job',
        Status: 'Active',
        CreationTime: request.submittedAt,
        ProgressSummary: {
          TotalNumberOfTasks: tasks,
          NumberOfTasksSucceeded: done,
          NumberOfTasksFailed: 0,
          Timers: { ElapsedTimeInActiveSeconds: age },
        },
      },
    );
    age += waitSeconds;
  }
}

/** Seconds within which the watch must notice an end, by the promise and its cap. */
const promisedSeconds = (endSeconds: number) =>
  Math.min(Math.max(1800, 0.0025 * endSeconds), Math.max(15, 0.02 * endSeconds));

/** The fewest polls, at whole seconds, that notice any end within the promise. */
function fewestPolls(endSeconds: number): number {
  let polls = 1;
  for (let age = 15; age < endSeconds; polls++) age += Math.floor(promisedSeconds(age));
  return polls;
}

const dollarsOf = (polls: number) => (3 * polls + 6) * DOLLARS.transition + polls * DOLLARS.call;

async function run({ scale, say }: BenchSettings): Promise<Finding[]> {
  const random = createRandom('watch');
  const runs = Math.ceil(RUNS * scale);
  const ends = Array.from({ length: runs }, () => Math.round(10 * (LONGEST_SECONDS / 10) ** random.next()));
  const withoutProgress = ends.map((end) => ({ end, ...decide(end, false) }));
  const steady = ends.map((end) => ({ end, ...decide(end, true) }));
  say(`${runs} jobs of 10 s to 360 days, twice`);
  const shipped = await compareShipped(ends.filter((_, i) => i % SHIPPED_EVERY === 0));
  const share = (name: string, values: number[]) => figureOf({ name, unit: 'x' }, values);

  const polls = share(
    'polls ÷ fewest',
    withoutProgress.map((l) => l.polls / fewestPolls(l.end)),
  );
  const minutes = steady.filter(({ end }) => end >= 600 && end <= 3600);
  const saved = share(
    'polls ÷ fewest, 10 min to 1 h',
    minutes.map((l) => l.polls / fewestPolls(l.end)),
  );
  const withLimit = share(
    'polls with a limit ÷ fewest, 10 min to 1 h',
    minutes.map(({ end }) => decide(end, true, limited).polls / fewestPolls(end)),
  );
  const lateness = (all: typeof withoutProgress) => all.map((l) => l.lateSeconds / promisedSeconds(l.end));
  const late = share('lateness ÷ promise', [...lateness(withoutProgress), ...lateness(steady)]);
  const events = share(
    'events ÷ quota',
    withoutProgress.map((l) => l.events / EVENTS.quota),
  );
  const month = 30 * DAY_SECONDS;
  const price = dollarsOf(month / 30) / dollarsOf(decide(month, false).polls);
  return [
    { what: 'without progress', figures: [polls], verdict: judge(polls.median, 'x', { atMost: 1.0 }) },
    { what: 'with steady progress', figures: [saved], verdict: judge(saved.median, 'x', { atMost: 0.3 }) },
    {
      what: 'with steady progress and a limit',
      figures: [withLimit],
      verdict: judge(withLimit.median, 'x', { atMost: 1.0 }),
    },
    {
      what: 'the promise for Complete, at worst',
      figures: [late],
      verdict: judge(late.max, 'x', { atMost: 1 }),
    },
    {
      what: 'history of one execution, at worst',
      figures: [events],
      verdict: judge(events.max, 'x', { atMost: 0.8 }),
    },
    {
      what: 'price of 30 days, one poll every 30 s against ours',
      figures: [],
      verdict: judge(price, 'x', { atLeast: 50 }),
    },
    {
      what: 'the shipped state machine and handlers against these decisions, polls and events at worst',
      figures: [share('polls ÷ decided', shipped.polls), share('events ÷ decided', shipped.events)],
      verdict: judge(Math.max(...shipped.polls, ...shipped.events), 'x', { atMost: 1 }),
    },
  ];
}

/** Polls and events of the shipped watch, as multiples of the decided ones. */
async function compareShipped(ends: number[]): Promise<{ polls: number[]; events: number[] }> {
  const watch = await openWatch();
  const polls: number[] = [];
  const events: number[] = [];
  for (const end of ends) {
    for (const hasProgress of [false, true]) {
      const decided = decide(end, hasProgress);
      const watched = await watch(end, hasProgress);
      polls.push(watched.polls / decided.polls);
      events.push(watched.events / decided.events);
    }
  }
  return { polls, events };
}
