import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { reportPrefixOf } from '../functions/domain/allowed/stack-bucket.ts';
import { tenantHashOf, tenantMarkOf } from '../functions/domain/request/job-request-id.ts';
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

let stack: SimulatedStack;
const ranges: (string | undefined)[] = [];
beforeAll(async () => {
  stack = await simulateStack({ keys: ['a'] });
  stack.s3.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'GetObjectCommand') ranges.push((args.input as { Range?: string }).Range);
        return next(args);
      },
    { step: 'initialize' },
  );
});
afterEach(() => stack.faults.clear());

const Operation = { S3DeleteObjectTagging: {} };
const object = (Key: string) => ({ Bucket: 'data', Key });
const AWKWARD = ['a b', 'a+b', 'a%2Bb', 'x,"y"', 'two\nlines', 'é/ü', '=1+1', '@home', '-', 'tab\t', "it's"];

/** A job that has ended. All its objects but `a` are missing. */
async function ended(
  keys: string[],
  more: object = {},
): Promise<{ id: string; path: string; jobId: string }> {
  const { body } = await post(stack, '/jobs', { Operation, Objects: keys.map(object), ...more });
  const { jobId = '' } = await stack.ended(body.jobRequestId);
  return { id: body.jobRequestId, path: `/jobs/${body.jobRequestId}`, jobId };
}

const get = (path: string, headers: Record<string, string> = {}) => call(stack, 'GET', path, { headers });

interface Row {
  key: string;
  code: string;
  message: string;
}

const quoted = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
const lineOf = ({ key, code, message }: Row) =>
  ['data', encodeURIComponent(key), '', 'failed', '404', code, message].map(quoted).join(',');

const REPORTS = reportPrefixOf(tenantMarkOf(tenantHashOf('deployment')));

/** Replaces the rows in the report of a job, with one file for each list. */
async function rewrite(jobId: string, files: Row[][], lineEnd = '\n'): Promise<void> {
  const Bucket = process.env['STACK_BUCKET'] ?? '';
  const folder = `${REPORTS}/job-${jobId}`;
  const put = (Key: string, Body: string) =>
    stack.s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(Body) }));
  const Results = files.map((_, index) => ({
    TaskExecutionStatus: 'failed',
    Bucket,
    Key: `${folder}/results/${index}.csv`,
  }));
  await put(`${folder}/manifest.json`, JSON.stringify({ Results }));
  for (const [index, rows] of files.entries())
    await put(`${folder}/results/${index}.csv`, rows.map(lineOf).join(lineEnd));
}

/** All failures, and the number of pages. */
async function allPages(path: string, query = '') {
  // biome-ignore lint/suspicious/noExplicitAny: answers have any form
  const failures: any[] = [];
  let pages = 0;
  for (let token: string | null = ''; token !== null; pages++) {
    const { body } = await get(`${path}/failures?${query}${token && `&pageToken=${token}`}`);
    failures.push(...body.failures);
    token = body.nextPageToken;
  }
  return { failures, pages };
}

describe('GET /jobs/{id}/report', () => {
  test('lists what failed, with decoded keys', async () => {
    const { path, jobId } = await ended(['a', 'b c/d+e', 'b c/é']);
    const { status, body } = await get(`${path}/report`);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        jobId,
        scope: 'AllTasks',
        tasks: { total: 3, succeeded: 1, failed: 2 },
        digest: {
          failed: 2,
          isSample: false,
          byCode: [{ errorCode: 'NoSuchKey', httpStatus: 404, count: 2, isRetryable: false }],
          byPrefix: [{ prefix: 'b c/', count: 2 }],
          retryableShare: 0,
        },
        links: { failures: `${path}/failures` },
      },
    });
    expect(['b c/d+e', 'b c/é']).toContain(body.digest.samples[0].key);
  });

  test('is empty for a job without failures', async () => {
    const { path } = await ended(['a']);
    const { body } = await get(`${path}/report`);
    expect(body.digest).toMatchObject({ failed: 0, byCode: [], samples: [], retryableShare: 0 });
    expect((await get(`${path}/failures`)).body).toMatchObject({ failures: [], nextPageToken: null });
  });

  test('is read on request if S3 wrote it after the watch had ended', async () => {
    stack.faults.set([
      { service: 's3', action: 'GetObject', effect: { type: 'error', code: 'NoSuchKey', status: 404 } },
    ]);
    const { path, id } = await ended(['a', 'missing']);
    expect(JSON.parse(stack.notices.at(-1)?.Message ?? '')).toMatchObject({
      jobRequestId: id,
      report: { state: 'not-there-yet' },
    });
    const early = await get(`${path}/report`);
    expect(early).toMatchObject({ status: 409, body: { code: 'ReportNotReady' } });
    expect(early.headers['retry-after']).toBe('15');
    stack.faults.clear();
    expect((await get(`${path}/report`)).body.digest).toMatchObject({ failed: 1 });
  });

  test('answers ReportNotReadable if access is denied', async () => {
    stack.faults.set([
      { service: 's3', action: 'GetObject', effect: { type: 'error', code: 'AccessDenied', status: 403 } },
    ]);
    const { path } = await ended(['missing']);
    expect((await get(`${path}/report`)).body).toMatchObject({ status: 409, code: 'ReportNotReadable' });
    expect((await get(`${path}/failures`)).body).toMatchObject({ status: 409, code: 'ReportNotReadable' });
  });
});

describe('a job without a report', () => {
  test.each(['report', 'failures'])(
    'answers ReportNotReady with Retry-After on /%s while it is running',
    async (call) => {
      const { body } = await post(stack, '/jobs', {
        Operation,
        Objects: [object('a')],
        ConfirmationRequired: true,
      });
      const at = `/jobs/${body.jobRequestId}/${call}`;
      const requested = await get(at);
      expect(requested).toMatchObject({ status: 409, body: { code: 'ReportNotReady' } });
      await stack.clock.advance(30_000);
      const suspended = await get(at);
      expect(suspended.body).toMatchObject({
        code: 'ReportNotReady',
        detail: expect.stringContaining('Suspended'),
      });
      expect(Number(suspended.headers['retry-after'])).toBeGreaterThanOrEqual(15);
      await post(stack, `/jobs/${body.jobRequestId}/cancel`);
      await stack.ended(body.jobRequestId);
      expect((await get(at)).body).toMatchObject({
        code: 'NoReport',
        detail: expect.stringContaining('before a task ran'),
      });
    },
  );

  test('answers NoReport if its Report is disabled', async () => {
    const { path } = await ended(['a'], { Report: { Enabled: false } });
    expect((await get(`${path}/report`)).body).toMatchObject({ status: 409, code: 'NoReport' });
  });

  test.each(['report', 'failures'])('answers 404 on /%s to another tenant', async (call) => {
    expect((await get(`/jobs/${'0'.repeat(20)}-${'0'.repeat(32)}/${call}`)).body).toMatchObject({
      status: 404,
      code: 'JobRequestNotFound',
    });
  });
});

describe('GET /jobs/{id}/failures', () => {
  test('lists each failed object once, with any key', async () => {
    const { path, id } = await ended([...AWKWARD, 'a']);
    const { status, body } = await get(`${path}/failures`);
    expect({ status, body }).toMatchObject({ status: 200, body: { jobRequestId: id, nextPageToken: null } });
    const keys = body.failures.map(({ key }: { key: string }) => key);
    expect(keys.toSorted()).toEqual(AWKWARD.toSorted());
    expect(body.failures[0]).toMatchObject({
      bucket: 'data',
      versionId: null,
      errorCode: 'NoSuchKey',
      httpStatus: 404,
    });
  });

  const anyText = fc.string({
    unit: fc.constantFrom('a', ' ', '+', '%', ',', '"', '\n', '\r', 'é', '😀', '='),
    maxLength: 12,
  });
  const anyRow = fc.record({
    key: anyText.map((text) => `k${text}`),
    code: fc.constantFrom('NoSuchKey', 'SlowDown', ''),
    message: anyText,
  });

  test('returns every row of every file once, in pages of any size', async () => {
    const { path, jobId } = await ended(['missing']);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyRow, { maxLength: 12 }), { maxLength: 3 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('\n', '\r\n'),
        async (files, pageSize, lineEnd) => {
          await rewrite(jobId, files, lineEnd);
          const { failures, pages } = await allPages(path, `pageSize=${pageSize}`);
          const rows = files.flat();
          expect(failures.map(({ key, errorCode, message }) => ({ key, code: errorCode, message }))).toEqual(
            rows,
          );
          expect(pages).toBe(Math.max(1, Math.ceil(rows.length / pageSize)));
        },
      ),
      { numRuns: 40 },
    );
  });

  const rowsOf = (count: number): Row[] =>
    Array.from({ length: count }, (_, i) => ({
      key: `k${i}`,
      code: `Code${i % 10}`,
      message: 'é'.repeat(i % 50),
    }));

  test('reads a page directly, also far into the report', async () => {
    const { path, jobId } = await ended(['missing']);
    await rewrite(jobId, [rowsOf(300), rowsOf(5000)]);
    const { body } = await get(`${path}/failures?pageSize=1000`);
    const far = await get(`${path}/failures?pageSize=1000&pageToken=${body.nextPageToken}`);
    expect(far.body.failures[0]).toMatchObject({ key: 'k700' });
    const { offset } = JSON.parse(Buffer.from(body.nextPageToken, 'base64url').toString());
    expect(ranges.slice(-2)).toEqual([undefined, `bytes=${offset - 1}-`]);
  });

  test('filters by codes, and returns a token when it has read its limit of rows', async () => {
    const { path, jobId } = await ended(['missing']);
    await rewrite(jobId, [[...rowsOf(50_000), { key: 'last', code: 'Rare', message: '' }]]);
    const first = await get(`${path}/failures?code=Rare`);
    expect(first.body).toMatchObject({ failures: [], nextPageToken: expect.any(String) });
    const { failures, pages } = await allPages(path, 'code=Rare');
    expect([failures.map(({ key }) => key), pages]).toEqual([['last'], 2]);
    const two = await get(`${path}/failures?code=Code1&code=Code2&pageSize=4`);
    expect(two.body.failures.map(({ key }: Row) => key)).toEqual(['k1', 'k2', 'k11', 'k12']);
  });

  test('keeps a page within the size of a Lambda answer, with messages of any length', async () => {
    const { path, jobId } = await ended(['missing']);
    const message = '\u0001'.repeat(70_000);
    await rewrite(jobId, [Array.from({ length: 20 }, (_, i) => ({ key: `k${i}`, code: 'X', message }))]);
    const { body, text } = await get(`${path}/failures?pageSize=1000`);
    expect(JSON.stringify(text).length).toBeLessThan(6_000_000);
    expect(body.failures.length).toBeGreaterThan(5);
    expect((await allPages(path, 'pageSize=1000')).failures).toHaveLength(20);
  });

  const token = (cursor: unknown) => `pageToken=${Buffer.from(JSON.stringify(cursor)).toString('base64url')}`;
  test.each([
    'pageSize=0',
    'pageSize=1001',
    'pageSize=1e2',
    'offset=1',
    'pageToken=',
    'pageToken=x',
    token(null),
    token({}),
    token([0, 0]),
    token({ file: 0 }),
    token({ file: -1, offset: 0 }),
    token({ file: 1, offset: 0 }),
    token({ file: 0, offset: 0.5 }),
    token({ file: 0, offset: 2 }),
    token({ file: 0, offset: 1e6 }),
    token({ file: 0, offset: 1e300 }),
    token({ file: '0', offset: '0' }),
    token({ file: 0, offset: 0, bucket: 'private', key: 'other' }),
    token({ file: '../../job-of-somebody-else/results/0.csv', offset: 0 }),
  ])('?%s is refused', async (query) => {
    const { path } = await hostile;
    expect((await get(`${path}/failures?${query}`)).body).toMatchObject({
      status: 400,
      code: 'InvalidQuery',
    });
  });
  let hostile: ReturnType<typeof ended>;
  beforeAll(() => {
    hostile = ended(['missing', 'missing too']);
    return hostile;
  });

  test('returns CSV for Accept: text/csv, safe for spreadsheets', async () => {
    const { path, jobId } = await ended(['missing']);
    const rows = AWKWARD.map((key) => ({ key, code: '+Code', message: '@SUM(1), "x"\r\n' }));
    await rewrite(jobId, [rows]);
    const { status, headers, text } = await get(`${path}/failures?pageSize=8`, { accept: 'text/csv, */*' });
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 200,
      type: 'text/csv; charset=utf-8; header=present',
    });
    const cells: Record<string, string>[] = parse(text, { columns: true, record_delimiter: '\r\n' });
    const defused = (cell: string) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);
    expect(cells).toEqual(
      rows.slice(0, 8).map(({ key }) => ({
        bucket: 'data',
        key: defused(key),
        versionId: '',
        errorCode: "'+Code",
        httpStatus: '404',
        message: '\'@SUM(1), "x"\r\n',
      })),
    );
    const [, next = ''] = /^<(.*)>; rel="next"$/.exec(headers['link'] ?? '') ?? [];
    const second = await get(next, { accept: 'text/csv' });
    expect(parse(second.text, { record_delimiter: '\r\n' })).toHaveLength(1 + 3);
    expect(second.headers['link']).toBeUndefined();
  });

  test.each(['application/json, text/csv', '*/*', 'image/png', ''])(
    'returns JSON for Accept: %s',
    async (accept) => {
      const { path } = await hostile;
      const { headers, body } = await get(`${path}/failures`, { accept });
      expect([headers['content-type'], body.failures.length]).toEqual(['application/json', 2]);
    },
  );
});

test('a forged report reveals nothing of another report', async () => {
  const Bucket = process.env['STACK_BUCKET'] ?? '';
  const theirs = await ended(['secret']);
  const mine = await ended(['missing']);
  const theirManifest = await stack.s3.send(
    new GetObjectCommand({ Bucket, Key: `${REPORTS}/job-${theirs.jobId}/manifest.json` }),
  );
  const forged = (await theirManifest.Body?.transformToString()) ?? '';
  expect(forged).toContain('results/');
  await stack.s3.send(
    new PutObjectCommand({ Bucket, Key: `${REPORTS}/job-${mine.jobId}/manifest.json`, Body: forged }),
  );
  const { body, text } = await get(`${mine.path}/failures`);
  expect(body).toMatchObject({ status: 409, code: 'ReportNotReadable' });
  expect(text).not.toContain('secret');
});
