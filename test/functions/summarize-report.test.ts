import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { createDigest } from '../../functions/domain/report/report-digest.ts';
import { JOB_ID, JOB_REQUEST_ID, jobWithReport, objectOf } from '../support/jobs.ts';
import { type Aws, loadWatch } from '../support/watch.ts';

const run = await loadWatch();

const FAILED = 4;
const MANIFEST_KEY = `p/job-${JOB_ID}/manifest.json`;
const result = (TaskExecutionStatus: string) => ({
  TaskExecutionStatus,
  Bucket: 'reports',
  Key: `p/job-${JOB_ID}/results/${TaskExecutionStatus}.csv`,
});
const failed = result('failed');
const manifest = JSON.stringify({ Results: [result('succeeded'), failed] });
const rows = [
  'data,secret-folder/a/one.txt,,failed,503,SlowDown,Please reduce your request rate',
  'data,secret-folder/a/two.txt,,failed,503,SlowDown,Please reduce your request rate',
  'data,secret-folder/a/three.txt,,failed,404,NoSuchKey,"not there, says S3"',
  'data,secret-folder/b/four%20.txt,,failed,403,AccessDenied,Access Denied',
];

const refusal = (name: string, httpStatusCode: number) =>
  Object.assign(new Error('on demand'), { name, $metadata: { httpStatusCode } });

/** The report that S3 has by default. */
const report: Aws['GetObject'] = ({ Key }) => {
  if (Key === MANIFEST_KEY) return objectOf(manifest);
  if (Key === failed.Key) return objectOf(rows.join('\n').slice(0, 100), rows.join('\n').slice(100));
  throw refusal('NoSuchKey', 404);
};

/** Runs a job that completes at once with failed tasks; `GetObject` answers for its report. */
async function summarize(GetObject: Aws['GetObject']) {
  const watched = await run({
    aws: { DescribeJob: () => ({ Job: jobWithReport('Complete', FAILED) }), GetObject },
  });
  const ended = watched.calls.find(({ to }) => to === 'DescribeJob')?.at ?? 0;
  const published = watched.calls.find(({ to }) => to === 'Publish')?.at ?? 0;
  return { ...watched, notice: watched.notices.at(-1), delaySeconds: published - ended };
}

/** S3 writes the report this many seconds after the first read. */
function lateBy(seconds: number): Aws['GetObject'] {
  let first: number | undefined;
  return (input, by) => {
    first ??= by.at;
    if (by.at - first < seconds) throw refusal('NoSuchKey', 404);
    return report(input, by);
  };
}

const byCode = (errorCode: string, httpStatus: number, count: number) => ({ errorCode, httpStatus, count });

describe('a report', () => {
  test('becomes a digest in the record, and its top errors in the notice', async () => {
    const { notice, record, delaySeconds } = await summarize(report);
    const location = { bucket: 'reports', manifestKey: MANIFEST_KEY, state: 'summarized' };
    expect(notice).toMatchObject({
      outcome: 'CompletedWithFailures',
      report: location,
      topErrors: [byCode('SlowDown', 503, 2), byCode('AccessDenied', 403, 1), byCode('NoSuchKey', 404, 1)],
      retryableShare: 0.5,
    });
    expect(record.report).toMatchObject({
      ...location,
      digest: {
        failed: FAILED,
        isSample: false,
        byPrefix: [
          { prefix: 'secret-folder/a/', count: 3 },
          { prefix: 'secret-folder/b/', count: 1 },
        ],
        samples: [
          { key: 'secret-folder/a/one.txt' },
          { key: 'secret-folder/a/three.txt', message: 'not there, says S3' },
          { key: 'secret-folder/b/four%20.txt' },
        ],
      },
    });
    expect(delaySeconds).toBe(0);
  });

  test('puts no object key into a notice', async () => {
    const { published } = await summarize(report);
    expect(JSON.stringify(published)).not.toMatch(/secret-folder|one\.txt|says S3/);
  });

  test.each(['Complete', 'Failed', 'Cancelled'])(
    'of a %s job: the notice names the calls for failed tasks',
    async (status) => {
      const { notices } = await run({
        aws: { DescribeJob: () => ({ Job: jobWithReport(status, FAILED) }), GetObject: report },
      });
      const call = `/jobs/${JOB_REQUEST_ID}`;
      expect(notices.at(-1)?.next?.slice(0, 2)).toEqual([
        `GET ${call}/failures to list what failed`,
        `POST ${call}/retry-failed to retry the failed objects that can succeed now`,
      ]);
      const none = await run({ aws: { DescribeJob: () => ({ Job: jobWithReport(status) }) } });
      expect(JSON.stringify(none.notices.at(-1)?.next)).not.toContain('retry-failed');
    },
  );

  test('is read again after the connection was lost', async () => {
    let reads = 0;
    const { notice } = await summarize((input, by) => {
      if (input.Key !== failed.Key || ++reads > 1) return report(input, by);
      const torn = async function* () {
        yield Buffer.from('data,a,,fai');
        throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
      };
      return { Body: Readable.from(torn()) };
    });
    expect(reads).toBe(2);
    expect(notice).toMatchObject({ report: { state: 'summarized' }, retryableShare: 0.5 });
  });
});

describe('a late report', () => {
  test.each([30, 180, 540])('of %d s is awaited', async (seconds) => {
    const { notice, delaySeconds } = await summarize(lateBy(seconds));
    expect(notice?.report?.state).toBe('summarized');
    expect(delaySeconds).toBeGreaterThanOrEqual(seconds);
    expect(delaySeconds).toBeLessThan(seconds + 120);
  });

  test('of more than ten minutes is not awaited, and the notice says so', async () => {
    const { notice, record, delaySeconds } = await summarize(lateBy(3600));
    expect(notice).toMatchObject({ outcome: 'CompletedWithFailures', report: { state: 'not-there-yet' } });
    expect(record).toMatchObject({ outcome: 'CompletedWithFailures', report: { state: 'not-there-yet' } });
    expect(delaySeconds).toBeGreaterThan(540);
    expect(delaySeconds).toBeLessThanOrEqual(600);
  });
});

describe('a report that cannot be read', () => {
  test.each<[string, Aws['GetObject']]>([
    ['because S3 forbids it', () => Promise.reject(refusal('AccessDenied', 403))],
    ['because the bucket does not exist', () => Promise.reject(refusal('NoSuchBucket', 404))],
    ['because it is not JSON', () => objectOf('<html>')],
    [
      'because it names a file of another report',
      ({ Key }) =>
        Key === MANIFEST_KEY
          ? objectOf(
              JSON.stringify({ Results: [{ ...failed, Key: 'p/job-of-another-tenant/results/failed.csv' }] }),
            )
          : objectOf(rows.join('\n')),
    ],
    [
      'because it names a file of another bucket',
      ({ Key }) =>
        Key === MANIFEST_KEY
          ? objectOf(JSON.stringify({ Results: [{ ...failed, Bucket: 'private' }] }))
          : objectOf(rows.join('\n')),
    ],
    [
      'because a row is too long',
      ({ Key }) => objectOf(Key === MANIFEST_KEY ? manifest : `"${'x'.repeat(9 * 1024 * 1024)}`),
    ],
    [
      'because a file is missing',
      ({ Key }) => (Key === MANIFEST_KEY ? objectOf(manifest) : Promise.reject(refusal('NoSuchKey', 404))),
    ],
  ])('%s: the notice is published at once', async (_, GetObject) => {
    const { notice, record, delaySeconds } = await summarize(GetObject);
    expect(notice).toMatchObject({ outcome: 'CompletedWithFailures', report: { state: 'not-readable' } });
    expect(record.report?.state).toBe('not-readable');
    expect(delaySeconds).toBe(0);
  });

  test('because S3 is down: the notice is published after some minutes', async () => {
    const { notice, record, delaySeconds } = await summarize(() =>
      Promise.reject(refusal('InternalError', 500)),
    );
    expect(notice?.report?.state).toBe('not-readable');
    expect(record.report?.state).toBe('not-readable');
    expect(delaySeconds).toBeLessThan(180);
  });
});

describe('a large report', () => {
  const BOUND = 250_000;

  test('is read up to a limit, and marked as a sample', async () => {
    const PIECE = 1000;
    let written = 0;
    const piece = Buffer.from(`${rows[0]}\n`.repeat(PIECE));
    const { record, notice } = await summarize((input, by) => {
      if (input.Key !== failed.Key) return report(input, by);
      const endless = async function* () {
        for (; ; written += PIECE) yield piece;
      };
      return { Body: Readable.from(endless()) };
    });
    expect(record.report?.digest).toMatchObject({ failed: BOUND, isSample: true });
    expect(notice).toMatchObject({ topErrors: [byCode('SlowDown', 503, BOUND)], retryableShare: 1 });
    expect(written).toBeLessThan(BOUND + 50 * PIECE);
  });

  test('is full when its last row reaches the limit, not before', () => {
    const row = {
      bucket: 'b',
      key: 'k',
      versionId: '',
      status: 'failed',
      errorCode: 'X',
      httpStatus: 400,
      message: '',
    } as const;
    const digest = createDigest({ rows: 2, characters: 100 });
    digest.add(row);
    expect(digest.isFull()).toBe(false);
    digest.add(row);
    expect(digest.isFull()).toBe(true);
  });

  test('with long rows is limited by their length', () => {
    const digest = createDigest({ rows: 1000, characters: 100 });
    const message = 'x'.repeat(99);
    digest.add({
      bucket: 'b',
      key: 'k',
      versionId: '',
      status: 'failed',
      errorCode: 'X',
      httpStatus: 400,
      message,
    });
    expect(digest.isFull()).toBe(true);
  });
});
