import { beforeAll, expect, test } from '@jest/globals';
import { failureText, type Tally } from './tally.ts';
import type { Assignment } from './worker.ts';
import { inWorkers } from './workers.ts';

const lives = (from: number, to: number): Assignment => ({ mix: 'all', seed: '1', from, to });

/** Such as are seen within a few lives; all of them are looked for by `npm run simulate -- --bugs`. */
const quickBugs = [
  'an along-the-way notice that fails ends the execution',
  'a look that fails ends the execution',
  'what was told is not remembered',
  'a job that is not found is lost at once',
  'Complete is success, failed tasks or not',
  'CreateJob is not tried again',
];

let all: Tally;
const fingerprints: Tally[] = [];
const hunts = new Map<string, Tally>();
let replayed: Tally;

/** One worker thread for all: it takes a while to load, and the other processor has other tests. */
beforeAll(async () => {
  function* assignments(): Generator<Assignment> {
    yield lives(0, 2000);
    // Number 200 goes through the SDK.
    for (const seed of ['1', '1', '2']) yield { ...lives(195, 205), seed, takesFingerprints: true };
    for (const bug of quickBugs) yield { ...lives(0, 200), stopsAtFirst: true, bug };
    const bug = quickBugs[0] ?? '';
    const number = (hunts.get(bug)?.lives ?? 0) - 1;
    yield { ...lives(number, number + 1), bug };
  }
  await inWorkers(1, assignments(), (tally, { bug, stopsAtFirst, takesFingerprints }) => {
    if (takesFingerprints) fingerprints.push(tally);
    else if (!bug) all = tally;
    else if (stopsAtFirst) hunts.set(bug, tally);
    else replayed = tally;
  });
}, 600_000);

test('2,000 job lives with faults at every call: no second S3 job, no final notice lost, nobody stuck', () => {
  expect(all.failing.map(failureText).join('\n')).toBe('');
  expect(all.lives).toBe(2000);
});

test('every outcome came about, and every fault struck', () => {
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

test('the same seed gives the same bytes, and another seed others', () => {
  const [first, again, other] = fingerprints.map((tally) => tally.fingerprints);
  expect(first).toHaveLength(10);
  expect(again).toEqual(first);
  // Of a request that came no further than the door, nothing is left that could differ.
  expect(new Set([...(first ?? []), ...(other ?? [])]).size).toBeGreaterThan(15);
});

test.each(quickBugs)('a planted bug is seen: %s', (bug) => {
  expect(hunts.get(bug)?.failing).toHaveLength(1);
});

test('a life that breaks a rule is told with what breaks it again', () => {
  const [failing] = hunts.get(quickBugs[0] ?? '')?.failing ?? [];
  expect(failing && failureText(failing)).toMatch(
    /^(all-1-\d+)\n {2}breaksForReason: the execution FAILED: SNS\..*\n {2}replay: npm run simulate -- --life \1$/s,
  );
  expect(replayed.failing).toEqual([failing]);
});
