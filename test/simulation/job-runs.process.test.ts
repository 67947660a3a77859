import { beforeAll, expect, test } from '@jest/globals';
import { failureText, type Tally } from './tally.ts';
import type { Assignment } from './worker.ts';
import { inWorkers } from './workers.ts';

const runs = (from: number, to: number): Assignment => ({ mix: 'all', seed: '1', from, to });

/** Bugs that a few runs find; `npm run simulate -- --bugs` searches for all planted bugs. */
const quickBugs = [
  'a notice before the end that cannot be published ends the execution',
  'a poll that fails ends the execution',
  'published notices are not remembered',
  'a job that is not found is lost at once',
  'Complete with failed tasks is Succeeded',
  'CreateJob is not retried',
];

let all: Tally;
const fingerprints: Tally[] = [];
const hunts = new Map<string, Tally>();
let replayed: Tally;

/** One worker thread for all: loading it takes long, and the other processors run other tests. */
beforeAll(async () => {
  function* assignments(): Generator<Assignment> {
    yield runs(0, 2000);
    // Number 200 goes through the SDK.
    for (const seed of ['1', '1', '2']) yield { ...runs(195, 205), seed, takesFingerprints: true };
    for (const bug of quickBugs) yield { ...runs(0, 200), stopsAtFirst: true, bug };
    const bug = quickBugs[0] ?? '';
    const number = (hunts.get(bug)?.runs ?? 0) - 1;
    yield { ...runs(number, number + 1), bug };
  }
  await inWorkers(1, assignments(), (tally, { bug, stopsAtFirst, takesFingerprints }) => {
    if (takesFingerprints) fingerprints.push(tally);
    else if (!bug) all = tally;
    else if (stopsAtFirst) hunts.set(bug, tally);
    else replayed = tally;
  });
}, 600_000);

test('2,000 job runs with faults at every call: no second S3 job, no final notice lost, no run that never ends', () => {
  expect(all.failing.map(failureText).join('\n')).toBe('');
  expect(all.runs).toBe(2000);
});

test('every outcome and every fault occurs', () => {
  expect(Object.keys(all.outcomes).sort()).toEqual([
    'Cancelled',
    'CompletedWithFailures',
    'Failed',
    'Lost',
    'NotCreated',
    'Succeeded',
    'WatchEnded',
  ]);
  const ofCalls = [
    'throttle',
    'error',
    'error after work',
    'disconnect',
    'disconnect after work',
    'killed',
    'hangs',
  ];
  const expected = [
    ...['s3control', 's3', 'states', 'lambda'].flatMap((service) =>
      ofCalls.map((fault) => `${service} ${fault}`),
    ),
    ...['throttle', 'error', 'disconnect', 'slow', 'slow after work'].map((fault) => `sns ${fault}`),
    ...['slow', 'slow after work'].map((fault) => `lambda ${fault}`),
  ];
  expect(Object.keys(all.struck)).toEqual(expect.arrayContaining(expected));
});

test('equal seeds give equal bytes, and other seeds other bytes', () => {
  const [first, again, other] = fingerprints.map((tally) => tally.fingerprints);
  expect(first).toHaveLength(10);
  expect(again).toEqual(first);
  // Runs whose request was refused can be equal.
  expect(new Set([...(first ?? []), ...(other ?? [])]).size).toBeGreaterThan(15);
});

test.each(quickBugs)('a planted bug is found: %s', (bug) => {
  expect(hunts.get(bug)?.failing).toHaveLength(1);
});

test('a run that breaks a rule is reported with the command that replays it', () => {
  const [failing] = hunts.get(quickBugs[0] ?? '')?.failing ?? [];
  expect(failing && failureText(failing)).toMatch(
    /^(all-1-\d+)\n {2}breaksForReason: the execution FAILED: SNS\..*\n {2}replay: npm run simulate -- --run \1$/s,
  );
  expect(replayed.failing).toEqual([failing]);
});
