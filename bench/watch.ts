import type { AcceptedRequest } from '../functions/domain/request/create-job-input.ts';
import { seenStep } from '../functions/domain/watch/watch.ts';
import { createRandom } from '../local/core/random.ts';
import { type Bench, type BenchSettings, type Finding, judge } from './bench.ts';
import { figureOf } from './figures.ts';
import { openWatch, type WatchedJob } from './fixtures/watched-job.ts';

const LIVES = 10_000;
/** One of so many is watched by the shipped state machine and handlers; the others by what describe-job decides. */
const SHIPPED_EVERY = 40;
const DAY_SECONDS = 86_400;
const LONGEST_SECONDS = 360 * DAY_SECONDS;
const START_MS = Date.parse('2026-01-01T00:00:00Z');
/** Wait 2, Task 5, Choice 2; the rest for creating the job, the report and the notice. */
const EVENTS = { perLook: 9, rest: 21, quota: 25_000 };
/** Three transitions and one call of a function for each look; six more transitions for the rest (us-east-1). */
const DOLLARS = { transition: 0.000025, call: 0.0000004 };

export const watch: Bench = {
  name: 'watch',
  title: 'looks at a job, against the fewest that keep the promise and against one each 30 s',
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

/** One job that ends after `endSeconds`, looked at as describe-job decides; `hasProgress`: at a steady rate. */
function decide(endSeconds: number, hasProgress: boolean): WatchedJob {
  const tasks = 1_000_000;
  for (let age = 15, looks = 1; ; looks++) {
    const events = EVENTS.perLook * looks + EVENTS.rest;
    if (age >= endSeconds) return { looks, lateSeconds: age - endSeconds, events };
    const done = hasProgress ? Math.floor((tasks * age) / endSeconds) : 0;
    const { waitSeconds } = seenStep(
      {
        request,
        place: { region: '', apiUrl: '' },
        time: new Date(START_MS + age * 1000).toISOString(),
        jobId: 'job',
        createdAt: request.submittedAt,
        told: [],
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

/** Seconds after which an end must have been noticed, by the promise and its cap. */
const promisedSeconds = (endSeconds: number) =>
  Math.min(Math.max(1800, 0.0025 * endSeconds), Math.max(15, 0.02 * endSeconds));

/** The fewest looks, at whole seconds, that notice any end within the promise. */
function greedyLooks(endSeconds: number): number {
  let looks = 1;
  for (let age = 15; age < endSeconds; looks++) age += Math.floor(promisedSeconds(age));
  return looks;
}

const dollarsOf = (looks: number) => (3 * looks + 6) * DOLLARS.transition + looks * DOLLARS.call;

async function run({ scale, say }: BenchSettings): Promise<Finding[]> {
  const random = createRandom('watch');
  const lives = Math.ceil(LIVES * scale);
  const ends = Array.from({ length: lives }, () => Math.round(10 * (LONGEST_SECONDS / 10) ** random.next()));
  const blind = ends.map((end) => ({ end, ...decide(end, false) }));
  const steady = ends.map((end) => ({ end, ...decide(end, true) }));
  say(`${lives} jobs of 10 s to 360 days, twice`);
  const shipped = await compareShipped(ends.filter((_, i) => i % SHIPPED_EVERY === 0));
  const share = (name: string, values: number[]) => figureOf({ name, unit: 'x' }, values);

  const looks = share(
    'looks ÷ fewest',
    blind.map((l) => l.looks / greedyLooks(l.end)),
  );
  const minutes = steady.filter(({ end }) => end >= 600 && end <= 3600);
  const saved = share(
    'looks ÷ fewest, 10 min to 1 h',
    minutes.map((l) => l.looks / greedyLooks(l.end)),
  );
  const lateness = (all: typeof blind) => all.map((l) => l.lateSeconds / promisedSeconds(l.end));
  const late = share('lateness ÷ promise', [...lateness(blind), ...lateness(steady)]);
  const events = share(
    'events ÷ quota',
    blind.map((l) => l.events / EVENTS.quota),
  );
  const month = 30 * DAY_SECONDS;
  const price = dollarsOf(month / 30) / dollarsOf(decide(month, false).looks);
  return [
    { what: 'without progress', figures: [looks], verdict: judge(looks.median, 'x', { atMost: 1.0 }) },
    { what: 'with steady progress', figures: [saved], verdict: judge(saved.median, 'x', { atMost: 0.3 }) },
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
      what: 'price of 30 days, one look each 30 s against ours',
      figures: [],
      verdict: judge(price, 'x', { atLeast: 50 }),
    },
    {
      what: 'the shipped state machine and handlers against these decisions, looks and events at worst',
      figures: [share('looks ÷ decided', shipped.looks), share('events ÷ decided', shipped.events)],
      verdict: judge(Math.max(...shipped.looks, ...shipped.events), 'x', { atMost: 1 }),
    },
  ];
}

/** What the shipped watch takes, as multiples of what it was decided to take. */
async function compareShipped(ends: number[]): Promise<{ looks: number[]; events: number[] }> {
  const watch = await openWatch();
  const looks: number[] = [];
  const events: number[] = [];
  for (const end of ends) {
    for (const hasProgress of [false, true]) {
      const decided = decide(end, hasProgress);
      const watched = await watch(end, hasProgress);
      looks.push(watched.looks / decided.looks);
      events.push(watched.events / decided.events);
    }
  }
  return { looks, events };
}
