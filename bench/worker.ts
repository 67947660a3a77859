import type { InvocationEvent, TaskResult } from '../functions/worker/contract.ts';
import * as mergeTags from '../functions/worker/generated/merge-tags.mjs';
import { invocationEvent, userArgumentsOf } from '../functions/worker/harness.ts';
import { createWorker, type Worker } from '../functions/worker/worker.ts';
import { type Bench, type BenchSettings, type Finding, ratio } from './bench.ts';
import { interleave, secondsOf } from './figures.ts';

const CALLS = 100_000;
const ROUNDS = 5;

export const worker: Bench = {
  name: 'worker',
  title: 'the worker kit with an action that does nothing, compared with a handler written by hand',
  limitSeconds: 60,
  run,
};

/** The action of both handlers. */
const act = async (key: string) => (key === '' ? 'empty' : 'done');

/** The shortest handler that the contract allows: decodes the key and answers, without checks or a time limit. */
async function byHand({ invocationSchemaVersion, invocationId, tasks }: InvocationEvent) {
  const results = tasks.map(async ({ taskId, s3Key }): Promise<TaskResult> => {
    const resultString = await act(decodeURIComponent(s3Key.replaceAll('+', ' ')));
    return { taskId, resultCode: 'Succeeded', resultString };
  });
  return {
    invocationSchemaVersion,
    treatMissingKeysAs: 'TemporaryFailure' as const,
    invocationId,
    results: await Promise.all(results),
  };
}

const kit = createWorker({
  actions: [{ name: 'merge-tags', schema: mergeTags, run: ({ key }) => act(key) }],
});

async function run({ scale }: BenchSettings): Promise<Finding[]> {
  const userArguments = userArgumentsOf({ action: 'merge-tags', tags: { team: 'media', state: 'kept' } });
  const events = Array.from({ length: Math.ceil(CALLS * scale) }, (_, index) =>
    // Parsed from text, as Lambda does, so that no two events share an object.
    JSON.stringify(
      invocationEvent([{ bucket: 'data', key: `photos/2026/two words ${index}.jpg` }], { userArguments }),
    ),
  ).map((text): InvocationEvent => JSON.parse(text));
  const lambda = { getRemainingTimeInMillis: () => 900_000 };
  const callsPerSecond = async (handler: Worker) =>
    events.length /
    (await secondsOf(async () => {
      for (const event of events) await handler(event, lambda);
    }));
  await callsPerSecond(byHand);
  await callsPerSecond(kit);

  const unit = 'calls/s';
  const [ours, theirs] = await interleave(ROUNDS, [
    { name: 'the kit', unit, measure: () => callsPerSecond(kit) },
    { name: 'by hand', unit, measure: () => callsPerSecond(byHand) },
  ]);
  const what = `${events.length.toLocaleString('en')} calls that succeed, one after the other`;
  return [{ what, figures: [ours, theirs], verdict: ratio(theirs, ours, { atMost: 4 }) }];
}
