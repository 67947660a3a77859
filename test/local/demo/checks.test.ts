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
  corrupted: new Set(['files/b']),
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

test('all checks pass after a correct run', () => {
  expect(failing({})).toEqual([]);
});

test.each<[string, Partial<Evidence>, string[]]>([
  ['an object lost its tags', { taggedBefore: 2 }, ['all 3 objects had the tags']],
  ['an object kept its tags', { untaggedAfter: 2 }, ['no object has a tag after that job']],
  [
    'a job did not wait',
    { untag: { ...evidence.untag, notices: ['final'] } },
    ['the job that deletes the tags waited for its confirmation'],
  ],
  [
    'a job has two final notices',
    { tag: { ...evidence.tag, notices: ['final', 'final'] } },
    ['tag: ended as Succeeded, with one final notice'],
  ],
  [
    'another object than the corrupted one failed',
    { verify: trace('verify', ['files/c'], ['final']) },
    ['exactly the corrupted objects failed the checksum'],
  ],
  [
    'a row is missing',
    { tag: { ...evidence.tag, rows: evidence.tag.rows.slice(1) } },
    ['tag: one report row for each object', 'tag: job and report have 3 succeeded and 0 failed tasks'],
  ],
])('the failed check is named when %s', (_, overrides, claims) => {
  expect(failing(overrides)).toEqual(claims);
});
