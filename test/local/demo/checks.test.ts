import { expect, test } from '@jest/globals';
import { checksOf, type Evidence, type Trace } from '../../../local/demo/checks.ts';

const checksums = new Map([
  ['files/a', 'aaa'],
  ['files/b', 'bbb'],
  ['files/c', 'ccc'],
]);

const trace = (title: string, failed: readonly string[], notices: string[]): Trace => ({
  title,
  notices,
  job: {
    jobRequestId: title,
    state: 'Ended',
    outcome: failed.length === 0 ? 'Succeeded' : 'CompletedWithFailures',
    status: 'Complete',
    progress: { total: 3, succeeded: 3 - failed.length, failed: failed.length },
    report: null,
  },
  rows: [...checksums].map(([key, sha256]) => ({
    key,
    status: failed.includes(key) ? 'failed' : 'succeeded',
    message: JSON.stringify({ sha256 }),
  })),
});

const evidence: Evidence = {
  checksums,
  spoiled: new Set(['files/b']),
  tag: trace('tag', [], ['final']),
  verify: trace('verify', ['files/b'], ['final']),
  untag: trace('untag', [], ['needs-confirmation', 'final']),
  taggedBefore: 3,
  untaggedAfter: 3,
};
const failing = (overrides: Partial<Evidence>) =>
  checksOf({ ...evidence, ...overrides })
    .filter(({ holds }) => !holds)
    .map(({ claim }) => claim);

test('everything holds when all came out as it should', () => {
  expect(failing({})).toEqual([]);
});

test.each<[string, Partial<Evidence>, string[]]>([
  ['an object lost its tags', { taggedBefore: 2 }, ['all 3 objects carried the tags']],
  ['an object kept its tags', { untaggedAfter: 2 }, ['after it no object carries a tag']],
  [
    'a job did not wait',
    { untag: { ...evidence.untag, notices: ['final'] } },
    ['deleting them waited for the confirmation'],
  ],
  [
    'a job was noticed twice',
    { tag: { ...evidence.tag, notices: ['final', 'final'] } },
    ['tag: ended as Succeeded, with one final notice'],
  ],
  [
    'another object than the spoiled one failed',
    { verify: trace('verify', ['files/c'], ['final']) },
    ['the checksums found exactly the spoiled objects'],
  ],
  [
    'a row is missing',
    { tag: { ...evidence.tag, rows: evidence.tag.rows.slice(1) } },
    ['tag: one report row for each object', 'tag: job and report agree on 3 done and 0 failed'],
  ],
])('what is wrong is named when %s', (_, overrides, claims) => {
  expect(failing(overrides)).toEqual(claims);
});
