import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Fault } from '../local/faults/fault.ts';
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';
import { AWKWARD, failing } from './support/tasks.ts';
import { callWire, wireRequest } from './support/wire.ts';

let stack: SimulatedStack;
const put = (Key: string, Body = 'x', Bucket = 'data') =>
  stack.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
beforeAll(async () => {
  stack = await simulateStack();
  for (const Bucket of ['data', 'versions']) await stack.s3.send(new CreateBucketCommand({ Bucket }));
  await stack.s3.send(
    new PutBucketVersioningCommand({ Bucket: 'versions', VersioningConfiguration: { Status: 'Enabled' } }),
  );
  for (const key of KEYS) await put(key);
});
afterEach(() => stack.faults.clear());

const KEYS = [...AWKWARD.map((key) => `busy/${key}`), ...AWKWARD.map((key) => `locked/${key}`), 'well'];
const Operation = { S3PutObjectTagging: { TagSet: [{ Key: 'team', Value: 'media' }] } };
const object = (Key: string) => ({ Bucket: 'data', Key });

const BUSY = failing('busy/*', 'SlowDown', 503);
const LOCKED = failing('locked/*', 'AccessDenied', 403);

/** The job request after it has ended. */
async function endOf(id: string) {
  await stack.ended(id);
  return (await call(stack, 'GET', `/jobs/${id}`)).body;
}

/** A job that ended under these faults. */
async function ended(faults: Fault[], more: object = {}) {
  stack.faults.set(faults);
  const { body } = await post(stack, '/jobs', { Operation, Objects: KEYS.map(object), ...more });
  expect(body).toHaveProperty('jobRequestId');
  return endOf(body.jobRequestId);
}

const retry = (id: string, body?: object | null, headers?: Record<string, string>) =>
  post(stack, `/jobs/${id}/retry-failed`, body, headers);

/** Every row of the report of an ended job: key, version and status. */
async function rowsOf({ report }: { report: { bucket: string; manifestKey: string } }) {
  const read = async (Key: string) => {
    const { Body } = await stack.s3.send(new GetObjectCommand({ Bucket: report.bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  };
  const { Results } = JSON.parse(await read(report.manifestKey));
  const rows: string[][] = [];
  for (const { Key } of Results) rows.push(...(parse(await read(Key)) as string[][]));
  return rows.map(([, key = '', version, status]) => ({
    key: decodeURIComponent(key.replaceAll('+', ' ')),
    version,
    status,
  }));
}
const keysOf = async (job: Parameters<typeof rowsOf>[0]) =>
  (await rowsOf(job)).map(({ key }) => key).toSorted();
const under = (folder: string) => KEYS.filter((key) => key.startsWith(folder)).toSorted();

describe('POST /jobs/{id}/retry-failed', () => {
  test('runs exactly the retryable tasks again, with the settings of the first job', async () => {
    const parent = await ended([BUSY, LOCKED], {
      Priority: 7,
      Description: 'tidy-up',
      Tags: [{ Key: 'cost', Value: 'low' }],
      Watch: { TagAttributes: ['cost'] },
    });
    expect(parent).toMatchObject({
      outcome: 'CompletedWithFailures',
      digest: { failed: 22, retryableShare: 0.5 },
      children: [],
      links: { retryFailed: `/jobs/${parent.jobRequestId}/retry-failed` },
    });
    stack.faults.set([LOCKED]);
    const { status, headers, body } = await retry(parent.jobRequestId);
    expect({ status, location: headers['location'] }).toEqual({
      status: 202,
      location: `/jobs/${body.jobRequestId}`,
    });
    const { Operation: op, RoleArn, Report } = parent.request;
    expect(body).toMatchObject({
      description: 'tidy-up',
      parent: { jobRequestId: parent.jobRequestId, codes: null },
      links: { parent: `/jobs/${parent.jobRequestId}` },
      request: { Operation: op, RoleArn, Report, Priority: 7, Tags: [{ Key: 'cost', Value: 'low' }, {}] },
    });
    const child = await endOf(body.jobRequestId);
    expect(child).toMatchObject({ outcome: 'Succeeded', progress: { total: 11, failed: 0 } });
    expect(await keysOf(child)).toEqual(under('busy/'));
    expect(stack.notices.at(-1)?.MessageAttributes).toMatchObject({ cost: { Value: 'low' } });
    expect((await call(stack, 'GET', `/jobs/${parent.jobRequestId}`)).body.children).toEqual([
      {
        ...{ jobRequestId: child.jobRequestId, rows: 'Failed', codes: null, results: null },
        ...{ outcome: 'Succeeded', isUnderWay: false },
      },
    ]);
  });

  test('retries a retry until all tasks succeed, with the given codes', async () => {
    const first = await ended([BUSY, LOCKED]);
    const second = await endOf((await retry(first.jobRequestId, { Codes: ['*'] })).body.jobRequestId);
    expect(second).toMatchObject({ outcome: 'CompletedWithFailures', progress: { total: 22, failed: 22 } });
    stack.faults.clear();
    const body = { Codes: ['AccessDenied', 'NoSuchKey'], Priority: 3, Description: 'the rest' };
    const third = await endOf((await retry(second.jobRequestId, body)).body.jobRequestId);
    expect(third).toMatchObject({
      outcome: 'Succeeded',
      description: 'the rest',
      request: { Priority: 3 },
      parent: { jobRequestId: second.jobRequestId, codes: ['AccessDenied', 'NoSuchKey'] },
    });
    expect(await keysOf(third)).toEqual(under('locked/'));
    const other = await endOf((await retry(second.jobRequestId)).body.jobRequestId);
    expect(await keysOf(other)).toEqual(under('busy/'));
    const { body: parent } = await call(stack, 'GET', `/jobs/${second.jobRequestId}`);
    expect(new Set(parent.children.map(({ jobRequestId }: typeof third) => jobRequestId))).toEqual(
      new Set([third.jobRequestId, other.jobRequestId]),
    );
    const { body: none } = await retry(third.jobRequestId);
    expect(none).toMatchObject({ status: 409, code: 'NothingToRetry', detail: 'No task has failed.' });
  });

  test('keeps version ids', async () => {
    const versions: string[] = [];
    for (const Body of ['one', 'two', 'three']) {
      const sent = await put('busy/v', Body, 'versions');
      versions.push(sent.VersionId ?? '');
    }
    const Objects = versions
      .slice(0, 2)
      .map((VersionId) => ({ Bucket: 'versions', Key: 'busy/v', VersionId }));
    const parent = await ended([BUSY], { Objects });
    stack.faults.clear();
    const { body } = await retry(parent.jobRequestId);
    expect(body.request.Manifest.Spec.Fields).toEqual(['Bucket', 'Key', 'VersionId']);
    const child = await endOf(body.jobRequestId);
    expect(child.outcome).toBe('Succeeded');
    expect((await rowsOf(child)).map(({ version }) => version).toSorted()).toEqual(
      versions.slice(0, 2).toSorted(),
    );
  });

  const retried = async (source: object) => {
    const parent = await ended([BUSY], { Objects: undefined, ...source });
    stack.faults.clear();
    const child = await endOf((await retry(parent.jobRequestId)).body.jobRequestId);
    expect([child.outcome, child.request.ManifestGenerator]).toEqual(['Succeeded', undefined]);
    return child;
  };

  test('retries objects of a CSV manifest with quotes and ignored columns', async () => {
    await put(
      'lists/quoted.csv',
      `x,data,"busy/a b"\nx,data,busy/x%2C%22y%22\ny,data,"busy/x,""y"""\nx,data,well\n`,
    );
    const child = await retried({
      Manifest: {
        Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Ignore', 'Bucket', 'Key'] },
        Location: { ObjectArn: 'arn:aws:s3:::data/lists/quoted.csv' },
      },
    });
    expect(await keysOf(child)).toEqual(['busy/a b', 'busy/x,"y"', 'busy/x,"y"']);
  });

  test('retries objects that a generator has listed', async () => {
    const S3JobManifestGenerator = {
      SourceBucket: 'arn:aws:s3:::data',
      EnableManifestOutput: false,
      Filter: { KeyNameConstraint: { MatchAnyPrefix: ['busy/'] } },
    };
    expect(await keysOf(await retried({ ManifestGenerator: { S3JobManifestGenerator } }))).toEqual(
      under('busy/'),
    );
  });

  test('retries objects of an inventory with their versions', async () => {
    const { VersionId = '' } = await put('busy/é i', 'x', 'versions');
    await put('busy/é i', 'newer', 'versions');
    const data = gzipSync(`"versions","busy%2F%C3%A9+i","${VersionId}"\n`);
    await stack.s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'inv/0.csv.gz', Body: data }));
    const manifest = {
      sourceBucket: 'versions',
      destinationBucket: 'arn:aws:s3:::data',
      version: '2016-11-30',
      creationTimestamp: '1763769600000',
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key, VersionId',
      files: [
        { key: 'inv/0.csv.gz', size: data.length, MD5checksum: createHash('md5').update(data).digest('hex') },
      ],
    };
    await put('inv/manifest.json', JSON.stringify(manifest));
    const child = await retried({
      Manifest: {
        Spec: { Format: 'S3InventoryReport_CSV_20161130' },
        Location: { ObjectArn: 'arn:aws:s3:::data/inv/manifest.json' },
      },
    });
    expect(await rowsOf(child)).toEqual([{ key: 'busy/é i', version: VersionId, status: 'succeeded' }]);
  });

  test('calls the worker with the arguments of the first job', async () => {
    stack.faults.set([
      {
        service: 'lambda',
        action: 'Invoke',
        match: { functionName: '*worker' },
        effect: { type: 'throttle' },
      },
    ]);
    const parent = await ended(
      stack.faults.list().faults.map(({ id: _, matched: __, struck: ___, ...f }) => f),
      {
        Objects: [object('well')],
        Operation: { LambdaInvoke: { UserArguments: { action: 'verify-checksum', sha256: '0'.repeat(64) } } },
      },
    );
    expect(parent.digest).toMatchObject({ failed: 1, retryableShare: 1 });
    stack.faults.clear();
    const { body } = await retry(parent.jobRequestId);
    expect(body.request.Operation).toEqual(parent.request.Operation);
    const child = await endOf(body.jobRequestId);
    expect(child.digest.byCode).toMatchObject([{ errorCode: 'PermanentFailure', isRetryable: false }]);
  });
});

describe('the same retry', () => {
  test('is one job, for concurrent and repeated requests', async () => {
    const { jobRequestId: id } = await ended([BUSY, LOCKED]);
    stack.faults.clear();
    const before = (await stack.executions()).length;
    const bodies = [
      { Codes: ['SlowDown', 'AccessDenied'] },
      { Codes: ['AccessDenied', 'SlowDown', 'SlowDown'] },
    ];
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => retry(id, bodies[i % 2])));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const ids = new Set(answers.map(({ body }) => body.jobRequestId));
    expect(ids.size).toBe(1);
    const again = await retry(id, bodies[0]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await retry(id, { ...bodies[0], Priority: 1 })).body).toMatchObject({
      code: 'IdempotencyKeyReused',
    });
    const [child = ''] = ids;
    expect(await endOf(child)).toMatchObject({ outcome: 'Succeeded', progress: { total: 22 } });
    expect((await stack.executions()).length).toBe(before + 1);
  });

  test('twenty at once without a key are one job and twenty equal answers', async () => {
    const { jobRequestId: id } = await ended([BUSY, LOCKED]);
    const before = (await stack.executions()).length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => retry(id)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    expect((await stack.executions()).length).toBe(before + 1);
    await endOf(answers[0]?.body.jobRequestId);
  });

  test('is refused after it has ended, naming the retry, until a new key asks for it again', async () => {
    const { jobRequestId: id } = await ended([BUSY]);
    const { body: child } = await retry(id);
    expect(await endOf(child.jobRequestId)).toMatchObject({ outcome: 'CompletedWithFailures' });
    const late = await retry(id);
    expect(late.body).toMatchObject({ status: 409, code: 'NotPossibleNow' });
    expect(late.body.detail).toContain(`Retry ${child.jobRequestId}, or send a new Idempotency-Key`);
    const { body: grandchild } = await retry(child.jobRequestId);
    expect(grandchild).toMatchObject({ parent: { jobRequestId: child.jobRequestId } });
    const fresh = await retry(id, undefined, { 'idempotency-key': 'once again' });
    expect(fresh.status).toBe(202);
    await endOf(fresh.body.jobRequestId);
    const replayed = await retry(id, undefined, { 'idempotency-key': 'once again' });
    expect([replayed.status, replayed.body.jobRequestId]).toEqual([202, fresh.body.jobRequestId]);
    await endOf(grandchild.jobRequestId);
  });

  test('is a new job under a new Idempotency-Key, after the first has ended', async () => {
    const { jobRequestId: id } = await ended([BUSY]);
    const first = await retry(id);
    const key = { 'idempotency-key': 'once more' };
    const refused = await retry(id, undefined, key);
    expect(refused.body).toMatchObject({ status: 409, code: 'NotPossibleNow' });
    expect(refused.body.detail).toContain(first.body.jobRequestId);
    await endOf(first.body.jobRequestId);
    stack.faults.clear();
    const second = await retry(id, undefined, key);
    expect(second.body.jobRequestId).not.toBe(first.body.jobRequestId);
    expect((await retry(id, undefined, key)).headers['idempotency-replayed']).toBe('true');
    expect(await endOf(second.body.jobRequestId)).toMatchObject({ outcome: 'Succeeded' });
    const other = await ended([BUSY]);
    expect((await retry(other.jobRequestId, undefined, key)).body).toMatchObject({
      code: 'IdempotencyKeyReused',
    });
  });

  test('starts only one of concurrent requests with one key and different codes', async () => {
    const { jobRequestId: id } = await ended([BUSY, LOCKED]);
    stack.faults.clear();
    const headers = { 'idempotency-key': 'contested retry' };
    const codes = ['SlowDown', 'AccessDenied'];
    const answers = await Promise.all(codes.map((code) => retry(id, { Codes: [code] }, headers)));
    const [won, ...others] = answers.filter(({ status }) => status === 202);
    expect(others).toEqual([]);
    const [lost] = answers.filter((answer) => answer !== won);
    expect(lost?.body).toMatchObject({ code: 'IdempotencyKeyReused' });
    const child = await endOf(won?.body.jobRequestId);
    expect(child.outcome).toBe('Succeeded');
    expect(await keysOf(child)).toEqual(under(child.parent.codes[0] === 'SlowDown' ? 'busy/' : 'locked/'));
  });

  test('starts if an earlier attempt stored its manifest and started no execution', async () => {
    const { jobRequestId: id } = await ended([BUSY]);
    stack.faults.set([
      { service: 'states', action: 'StartExecution', times: 3, effect: { type: 'disconnect' } },
    ]);
    expect((await retry(id)).body).toMatchObject({ code: 'AwsUnavailable' });
    expect((await call(stack, 'GET', `/jobs/${id}`)).body.children).toEqual([]);
    stack.faults.clear();
    const child = await endOf((await retry(id)).body.jobRequestId);
    expect(child.outcome).toBe('Succeeded');
  });
});

describe('a retry is refused and nothing starts', () => {
  test('if no failed task is retryable, with the codes', async () => {
    const { jobRequestId: id, links } = await ended([LOCKED]);
    expect(links.retryFailed).toBe(`/jobs/${id}/retry-failed`);
    expect((await retry(id)).body).toMatchObject({
      status: 409,
      code: 'NothingToRetry',
      detail: expect.stringContaining('AccessDenied (11)'),
    });
    expect((await retry(id, { Codes: ['NoSuchKey'] })).body).toMatchObject({ code: 'NothingToRetry' });
  });

  test('while the job is running, and if it has no report', async () => {
    const { body } = await post(stack, '/jobs', {
      Operation,
      Objects: [object('well')],
      ConfirmationRequired: true,
    });
    await stack.clock.advance(30_000);
    expect((await retry(body.jobRequestId)).body).toMatchObject({ status: 409, code: 'ReportNotReady' });
    const disabled = await ended([BUSY], { Report: { Enabled: false } });
    expect(disabled.links).not.toHaveProperty('retryFailed');
    expect((await retry(disabled.jobRequestId)).body).toMatchObject({ status: 409, code: 'NoReport' });
  });

  test('for the job of another tenant, with the answer for an unknown job', async () => {
    const id = `${'0'.repeat(20)}-${'0'.repeat(32)}`;
    expect((await retry(id)).body).toMatchObject({ status: 404, code: 'JobRequestNotFound' });
  });

  test.each([{ Codes: [] }, { Codes: 'AccessDenied' }, { Codes: [''] }, { Speed: 1 }, [], null])(
    'for the body %j',
    async (body) => {
      const { jobRequestId: id } = await afterAll;
      expect((await retry(id, body)).body).toMatchObject({ status: 422, code: 'InvalidRequest' });
    },
  );
  let afterAll: ReturnType<typeof ended>;
  beforeAll(() => {
    afterAll = ended([LOCKED]);
    return afterAll;
  });

  test('if a worker action has been turned off since', async () => {
    process.env['WORKER_ACTIONS'] = 'delete-object';
    const UserArguments = { action: 'delete-object' };
    const { jobRequestId: id } = await ended([BUSY], { Operation: { LambdaInvoke: { UserArguments } } });
    process.env['WORKER_ACTIONS'] = '';
    expect((await retry(id)).body).toMatchObject({ status: 403, code: 'NotAllowed' });
  });

  test('if the deployment no longer allows the first job', async () => {
    const { jobRequestId: id } = await ended([BUSY], { Priority: 90 });
    const before = process.env['MAX_PRIORITY'];
    process.env['MAX_PRIORITY'] = '50';
    const { body } = await retry(id).finally(() => {
      process.env['MAX_PRIORITY'] = before;
    });
    expect(body).toMatchObject({ status: 403, code: 'NotAllowed', errors: [{ pointer: '/Priority' }] });
  });

  test('beyond the limits of one call', async () => {
    const { jobRequestId: id } = await ended([BUSY]);
    const before = process.env['MAX_RETRY_OBJECTS'];
    process.env['MAX_RETRY_OBJECTS'] = '10';
    const { body } = await retry(id).finally(() => {
      process.env['MAX_RETRY_OBJECTS'] = before;
    });
    expect(body).toMatchObject({ status: 409, code: 'TooManyFailures' });
    expect((await call(stack, 'GET', `/jobs/${id}`)).body.children).toEqual([]);
  });
});

test('callers cannot name the manifest of a retry', async () => {
  const { jobRequestId: id } = await ended([BUSY]);
  const { body: child } = await retry(id, { ConfirmationRequired: true });
  const { ObjectArn } = child.request.Manifest.Location;
  const named = await post(stack, '/jobs?dryRun=true', { Operation, Manifest: { Location: { ObjectArn } } });
  expect(named.body).toMatchObject({
    code: 'NotAllowed',
    errors: [{ pointer: '/Manifest/Location/ObjectArn' }],
  });
  const Report = { Enabled: true, Bucket: ObjectArn.split('/')[0], Prefix: `retries/${id}` };
  const written = await post(stack, '/jobs', { Operation, Objects: [object('well')], Report });
  expect(written.body).toMatchObject({ code: 'NotAllowed', errors: [{ pointer: '/Report/Prefix' }] });
});

test('an object of another tenant below a retry prefix is ignored', async () => {
  const { jobRequestId: id } = await ended([BUSY]);
  const mine = await ended([BUSY]);
  const bucket = process.env['STACK_BUCKET'];
  const mark = '0'.repeat(20);
  const names = [`${mark}-${'0'.repeat(32)}-${mark}.csv`, `${mine.jobRequestId}-${mark}.csv`, 'x.csv', 'x'];
  for (const name of names) await put(`retries/${id}/${name}`, 'x', bucket);
  expect((await call(stack, 'GET', `/jobs/${id}`)).body.children).toEqual([]);
});

test('a manifest of many parts is complete', async () => {
  // 11 MB; a part has 8 MiB.
  const { jobRequestId: id, report } = await ended([BUSY]);
  const file = report.manifestKey.replace('manifest.json', 'results/many.csv');
  const rows = Array.from(
    { length: 12_000 },
    (_, i) => `data,busy/${'x'.repeat(900)}/${i},,failed,503,SlowDown,Please reduce your request rate\n`,
  );
  await put(file, rows.join(''), report.bucket);
  const Results = [{ TaskExecutionStatus: 'failed', Bucket: report.bucket, Key: file }];
  await put(report.manifestKey, JSON.stringify({ Results }), report.bucket);
  const { body } = await retry(id, { ConfirmationRequired: true });
  const { ObjectArn, ETag } = body.request.Manifest.Location;
  expect(ETag).toMatch(/^[0-9a-f]{32}-2$/);
  const [, Bucket = '', Key = ''] = /:::([^/]+)\/(.+)$/.exec(ObjectArn) ?? [];
  const head = await stack.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  expect(head).toMatchObject({ ChecksumCRC32: expect.stringMatching(/-2$/), ChecksumType: 'COMPOSITE' });
  await stack.clock.advance(60_000);
  const { body: child } = await call(stack, 'GET', `/jobs/${body.jobRequestId}`);
  expect(child).toMatchObject({ status: 'Suspended', progress: { total: 12_000 } });
});

test('1,000 objects of which 7 % fail succeed at the end of a chain of retries', async () => {
  const busy = Array.from({ length: 40 }, (_, i) => `busy/${AWKWARD[i % AWKWARD.length]}/${i}`);
  const locked = Array.from({ length: 30 }, (_, i) => `locked/${AWKWARD[i % AWKWARD.length]}/${i}`);
  const well = Array.from({ length: 930 }, (_, i) => `well/${AWKWARD[i % AWKWARD.length]}/${i}`);
  const keys = [...busy, ...locked, ...well];
  // Uses the wire protocol without an SDK, which would take most of the time.
  for (const key of keys) {
    const path = `/data/${encodeURIComponent(key).replaceAll('%2F', '/')}`;
    const request = wireRequest('PUT', path, {
      headers: { host: 'localhost', 'content-length': '1' },
      body: 'x',
    });
    expect((await callWire(stack.aws, request)).status).toBe(200);
  }
  const first = await ended([BUSY, LOCKED], { Objects: keys.map(object) });
  expect(first).toMatchObject({
    outcome: 'CompletedWithFailures',
    progress: { total: 1000, succeeded: 930, failed: 70 },
    digest: {
      failed: 70,
      isSample: false,
      byCode: [
        { errorCode: 'SlowDown', httpStatus: 503, count: 40, isRetryable: true },
        { errorCode: 'AccessDenied', httpStatus: 403, count: 30, isRetryable: false },
      ],
      retryableShare: 40 / 70,
    },
  });

  stack.faults.set([LOCKED]);
  const second = await endOf((await retry(first.jobRequestId)).body.jobRequestId);
  expect([second.outcome, await keysOf(second)]).toEqual(['Succeeded', busy.toSorted()]);

  const third = await endOf((await retry(first.jobRequestId, { Codes: ['AccessDenied'] })).body.jobRequestId);
  expect([third.outcome, await keysOf(third)]).toEqual(['CompletedWithFailures', locked.toSorted()]);

  stack.faults.clear();
  const fourth = await endOf((await retry(third.jobRequestId, { Codes: ['*'] })).body.jobRequestId);
  expect([fourth.outcome, await keysOf(fourth)]).toEqual(['Succeeded', locked.toSorted()]);
  expect((await retry(fourth.jobRequestId)).body).toMatchObject({ code: 'NothingToRetry' });
});
