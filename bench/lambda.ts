import { join } from 'node:path';
import { createEventWriter } from '../local/batch/operations/lambda-event.ts';
import { type Bench, type BenchSettings, ratio } from './bench.ts';
import { interleave } from './figures.ts';
import { copyFilledStore } from './fixtures/filled-store.ts';
import { bareInvoke, startFunctions, workerInvoke } from './fixtures/functions.ts';
import { DATA, keyOf, numbers } from './fixtures/keys.ts';
import { startPart } from './part.ts';
import type { EchoRequest } from './parts/http-echo.ts';
import type { Took } from './parts/sdk-tagger.ts';

const TASKS = 200_000;
const ECHOES = 30_000;
const WORKER_TASKS = 3_000;
const ROUNDS = 3;

export const lambda: Bench = {
  name: 'lambda',
  title: 'a job that invokes a function for each object, against a process that posts the events to itself',
  limitSeconds: 180,
  run,
};

async function run({ scale, folder }: BenchSettings) {
  const sized = (full: number) => Math.ceil(full * scale);
  const [tasks, echoes, workerTasks] = [sized(TASKS), sized(ECHOES), sized(WORKER_TASKS)];
  const unit = 'events/s';
  const store = join(folder, 'lambda');
  copyFilledStore(folder, workerTasks, store);
  const { jobs, close } = await startFunctions(store);
  const echo = startPart<EchoRequest, Took>('parts/http-echo.ts');
  try {
    const manifest = await jobs.putManifest(numbers(tasks));
    const workerManifest = await jobs.putManifest(numbers(workerTasks));
    const [bare, ceiling, worker] = await interleave(ROUNDS, [
      {
        name: 'job, bare function',
        unit,
        measure: async () => tasks / (await jobs.run(bareInvoke, manifest)),
      },
      {
        name: 'node:http, 64 concurrent requests',
        unit,
        measure: async () => echoes / (await echo.ask({ event: sampleEvent(), count: echoes })).seconds,
      },
      {
        name: 'job, shipped worker, verify-checksum',
        unit,
        measure: async () => workerTasks / (await jobs.run(workerInvoke, workerManifest)),
      },
    ]);
    const what = `${tasks.toLocaleString('en')} tasks, one event each, in a thread with its own environment and time limit`;
    return [{ what, figures: [bare, ceiling, worker], verdict: ratio(bare, ceiling, { atLeast: 6 }) }];
  } finally {
    await echo.stop();
    await close();
  }
}

/** An event as the job sends it. */
function sampleEvent(): string {
  const task = { bucket: DATA, key: keyOf(0), rawKey: keyOf(0), number: 123_456, file: 0, end: 0 };
  return createEventWriter('00000000-0000-4000-8000-000000000000', {})([task], 1).payload;
}
