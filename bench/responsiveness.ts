import { join } from 'node:path';
import { startStack } from '../local/stack.ts';
import { type Bench, type BenchSettings, type Figure, type Finding, judge } from './bench.ts';
import { figureOf, quantile } from './figures.ts';
import { copyFilledStore } from './fixtures/filled-store.ts';
import { openJobs, type StoredManifest, TAGGING } from './fixtures/jobs.ts';
import { numbers } from './fixtures/keys.ts';
import { startPart } from './part.ts';
import type { CallersAnswer, CallersRequest } from './parts/callers.ts';

const OBJECTS = 1_000_000;
const ROUNDS = 2;
const SETTLING_SECONDS = 2;
const IDLE_SECONDS = 3;
const GOAL_MS = 50;

export const responsiveness: Bench = {
  name: 'responsiveness',
  title: 'response times of S3 and the API while a large job runs in the same process',
  limitSeconds: 180,
  run,
};

async function run({ scale, folder, say }: BenchSettings): Promise<Finding[]> {
  const objects = Math.ceil(OBJECTS * scale);
  const dataDir = join(folder, 'responsiveness');
  copyFilledStore(folder, objects, dataDir);
  const manifest = await storeManifest(dataDir, objects);
  const stack = await startStack({ dataDir });
  const callers = startPart<CallersRequest, CallersAnswer>('parts/callers.ts');
  const busy: CallersAnswer[] = [];
  const idle: CallersAnswer[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const jobUrl = await postJob(stack.apiUrl, manifest);
      const calls = { awsUrl: stack.awsUrl, jobUrl, objects };
      busy.push(await callers.ask(calls));
      await callers.ask({ ...calls, seconds: SETTLING_SECONDS * scale }); // the engine deletes the job's results
      idle.push(await callers.ask({ ...calls, seconds: IDLE_SECONDS * scale }));
      say(`${busy.at(-1)?.head.length} HEAD and ${busy.at(-1)?.get.length} GET during a job`);
    }
  } finally {
    await callers.stop();
    await stack.stop();
  }
  const during = `while a job tags ${objects.toLocaleString('en')} objects`;
  const heads = latencies('head', busy, idle);
  return [
    {
      what: `HEAD of an object over HTTP ${during}`,
      figures: heads,
      verdict: judge(heads[0].median, 'ms', { atMost: GOAL_MS }),
    },
    // Has no goal: it takes five sequential requests, four of them between threads.
    { what: `GET /jobs/{id} of the API ${during}`, figures: latencies('get', busy, idle) },
  ];
}

function latencies(
  call: keyof CallersAnswer,
  busy: CallersAnswer[],
  idle: CallersAnswer[],
): [Figure, ...Figure[]] {
  const figure = (name: string, rounds: CallersAnswer[], share: number) =>
    figureOf(
      { name, unit: 'ms' },
      rounds.map((answer) => quantile(sorted(answer[call]), share)),
    );
  return [
    figure('p99', busy, 0.99),
    figure('median', busy, 0.5),
    figure('longest', busy, 1),
    figure('p99 without a job', idle, 0.99),
    figure('median without a job', idle, 0.5),
  ];
}

const sorted = (times: readonly number[]) => times.toSorted((a, b) => a - b);

async function storeManifest(dataDir: string, objects: number): Promise<StoredManifest> {
  const jobs = openJobs(dataDir);
  try {
    return await jobs.putManifest(numbers(objects));
  } finally {
    await jobs.close();
  }
}

/** Posts the job request and returns the URL of its job resource. */
async function postJob(apiUrl: string, { ObjectArn }: StoredManifest): Promise<string> {
  const response = await fetch(`${apiUrl}/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Operation: TAGGING, Manifest: { Location: { ObjectArn } } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST /jobs returned ${response.status}: ${text}`);
  return `${apiUrl}/jobs/${(JSON.parse(text) as { jobRequestId: string }).jobRequestId}`;
}
