import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';
import { AWKWARD, failing } from './support/tasks.ts';

let stack: SimulatedStack;
const put = (Key: string, Body: string | Uint8Array = 'x', Bucket = 'data') =>
  stack.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
beforeAll(async () => {
  stack = await simulateStack({ tasksPerSecond: 10, params: { workerActions: 'delete-object' } });
  for (const Bucket of ['data', 'versions']) await stack.s3.send(new CreateBucketCommand({ Bucket }));
  await stack.s3.send(
    new PutBucketVersioningCommand({ Bucket: 'versions', VersioningConfiguration: { Status: 'Enabled' } }),
  );
  for (const key of KEYS) await put(key);
});
afterEach(() => stack.faults.clear());

const KEYS = AWKWARD.map((key) => `k/${key}`);
const Tags = { S3PutObjectTagging: { TagSet: [{ Key: 'team', Value: 'media' }] } };
const Untag = { S3DeleteObjectTagging: {} };
const objects = (keys: readonly string[]) => keys.map((Key) => ({ Bucket: 'data', Key }));
const get = async (path: string) => (await call(stack, 'GET', path)).body;
const idOf = ({ status, body }: Awaited<ReturnType<typeof post>>): string => {
  expect({ status, body }).toMatchObject({ status: 202 });
  return body.jobRequestId;
};

/** The job request after it has ended. */
async function endOf(id: string) {
  await stack.ended(id);
  return get(`/jobs/${id}`);
}
const run = async (body: object, path = '/jobs') => endOf(idOf(await post(stack, path, body)));
const rowsOf = (JobRequestId: string, Rows: string, more: object = {}) => ({
  RowsOf: { JobRequestId, Rows, ...more },
});

// biome-ignore lint/suspicious/noExplicitAny: a task has the members of its call
async function tasksOf(id: string, query = ''): Promise<any[]> {
  const tasks = [];
  for (let token: string | null = ''; token !== null; ) {
    const page = await get(`/jobs/${id}/results?${query}${token && `&pageToken=${token}`}`);
    tasks.push(...page.results);
    token = page.nextPageToken;
  }
  return tasks;
}
const keysOf = async (id: string, query = '') =>
  (await tasksOf(id, query)).map(({ key }) => key as string).toSorted();

/** A job that was cancelled when at least so many tasks had run. */
async function cancelled(body: object, tasks: number) {
  const id = idOf(await post(stack, '/jobs', { ConfirmationRequired: true, ...body }));
  await stack.clock.advance(20_000);
  if (tasks > 0) await post(stack, `/jobs/${id}/confirm`);
  for (let ran = 0; ran < tasks; ) {
    await stack.clock.advance(100);
    const { succeeded, failed } = (await get(`/jobs/${id}`)).progress;
    ran = succeeded + failed;
  }
  expect((await post(stack, `/jobs/${id}/cancel`)).status).toBe(202);
  const job = await endOf(id);
  expect(job.outcome).toBe('Cancelled');
  return job;
}

describe('GET /jobs/{id}/results', () => {
  test('lists the tasks with their results, by status and code, as JSON and CSV', async () => {
    stack.faults.set([failing('k/a*')]);
    const Operation = {
      S3ComputeObjectChecksum: { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' },
    };
    const { jobRequestId: id, links } = await run({ Operation, Objects: objects(KEYS) });
    expect(links.results).toBe(`/jobs/${id}/results`);
    const denied = KEYS.filter((key) => key.startsWith('k/a')).toSorted();
    expect(await keysOf(id)).toEqual(KEYS.toSorted());
    expect(await keysOf(id, 'status=failed')).toEqual(denied);
    expect(await keysOf(id, 'code=AccessDenied&pageSize=1')).toEqual(denied);
    const succeeded = await tasksOf(id, 'status=succeeded&pageSize=2');
    expect(succeeded.map(({ key }) => key).toSorted()).toEqual(
      KEYS.filter((k) => !denied.includes(k)).toSorted(),
    );
    expect(succeeded[0]).toMatchObject({ status: 'succeeded', errorCode: '', versionId: null });
    expect(JSON.parse(succeeded[0].result)).toMatchObject({ checksum_hex: expect.any(String) });
    const csv = await call(stack, 'GET', `/jobs/${id}/results?pageSize=3&status=succeeded`, {
      headers: { accept: 'text/csv' },
    });
    expect(csv.text.split('\r\n')[0]).toBe('bucket,key,versionId,status,errorCode,httpStatus,result');
    const [, next = ''] = /<(.*)>/.exec(csv.headers['link'] ?? '') ?? [];
    expect((await get(next)).results[0].key).toBe(succeeded[3].key);
  });

  test.each([
    ['status=gone', '?status'],
    ['status=succeeded&code=NoSuchKey', '?code'],
    ['size=1', '?size'],
  ])('refuses %s', async (query, pointer) => {
    const { jobRequestId: id } = await run({ Operation: Untag, Objects: objects(['k/%']) });
    expect(await get(`/jobs/${id}/results?${query}`)).toMatchObject({
      code: 'InvalidQuery',
      errors: [{ pointer }],
    });
  });
});

describe('RowsOf', () => {
  test('runs another operation over what succeeded, and links the two', async () => {
    stack.faults.set([failing('k/a*')]);
    const { jobRequestId: id } = await run({ Operation: Tags, Objects: objects(KEYS) });
    stack.faults.clear();
    const child = await run({ Operation: Untag, ...rowsOf(id, 'Succeeded') });
    const parent = { jobRequestId: id, rows: 'Succeeded', codes: null, results: null };
    expect(child).toMatchObject({ outcome: 'Succeeded', parent, links: { parent: `/jobs/${id}` } });
    expect(await keysOf(child.jobRequestId)).toEqual(await keysOf(id, 'status=succeeded'));
    expect((await get(`/jobs/${id}`)).children).toEqual([
      { ...parent, jobRequestId: child.jobRequestId, outcome: 'Succeeded', isUnderWay: false },
    ]);
  });

  test('chooses succeeded tasks by results of the worker, with wildcards', async () => {
    await put('gone/1');
    await put('gone/2');
    const action = (more: object) => ({
      LambdaInvoke: { UserArguments: { action: 'delete-object', ...more } },
    });
    const Objects = objects(['gone/1', 'gone/2', 'gone/never']);
    const dry = await run({ Operation: action({ mode: 'report-only' }), Objects });
    const Results = ['{"would":"deleted"*'];
    const child = await run({ Operation: action({}), ...rowsOf(dry.jobRequestId, 'Succeeded', { Results }) });
    expect(child).toMatchObject({ outcome: 'Succeeded', parent: { results: Results } });
    expect(await keysOf(child.jobRequestId)).toEqual(['gone/1', 'gone/2']);
    const { Contents } = await stack.s3.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: 'gone/' }));
    expect(Contents).toBeUndefined();
    const none = await post(stack, '/jobs', {
      Operation: Untag,
      ...rowsOf(dry.jobRequestId, 'Succeeded', { Results: ['{}'] }),
    });
    expect(none.body).toMatchObject({ code: 'NothingToRetry', detail: expect.stringContaining('results') });
  });

  test('keeps versions', async () => {
    const versions = [];
    for (const body of ['one', 'two']) versions.push((await put('v', body, 'versions')).VersionId);
    const Objects = versions.map((VersionId) => ({ Bucket: 'versions', Key: 'v', VersionId }));
    const { jobRequestId: id } = await run({ Operation: Tags, Objects });
    const child = await run({ Operation: Untag, ...rowsOf(id, 'Succeeded') });
    expect(child.request.Manifest.Spec.Fields).toEqual(['Bucket', 'Key', 'VersionId']);
    expect((await tasksOf(child.jobRequestId)).map(({ versionId }) => versionId).toSorted()).toEqual(
      versions.toSorted(),
    );
  });

  test('is counted and priced by a dry run that stores nothing, and starts under its dryRunId', async () => {
    const { jobRequestId: id } = await run({ Operation: Tags, Objects: objects(KEYS) });
    const body = { Operation: Tags, ...rowsOf(id, 'Succeeded') };
    const { body: dry } = await post(stack, '/jobs?dryRun=true', body);
    expect(dry).toMatchObject({
      wouldStart: true,
      objects: { count: KEYS.length, isExact: true },
      estimate: {
        items: expect.arrayContaining([{ item: 'objects', quantity: KEYS.length, usd: expect.anything() }]),
      },
    });
    expect(dry.firstRows.map(({ Key }: { Key: string }) => Key).toSorted()).toEqual(
      KEYS.toSorted().filter((key) => dry.firstRows.some((row: { Key: string }) => row.Key === key)),
    );
    const Prefix = `retries/${id}/`;
    const list = async () =>
      (await stack.s3.send(new ListObjectsV2Command({ Bucket: process.env['STACK_BUCKET'], Prefix })))
        .KeyCount;
    expect(await list()).toBe(0);
    const other = { ...body, Operation: Untag };
    expect((await post(stack, `/jobs?dryRunId=${dry.dryRunId}`, other)).body.code).toBe('DryRunOutdated');
    expect(await list()).toBe(0);
    expect((await run(body, `/jobs?dryRunId=${dry.dryRunId}`)).outcome).toBe('Succeeded');
    expect(await list()).toBe(1);
  });

  test('restores, waits and copies: the results of check-restored choose the next objects', async () => {
    await stack.s3.send(new CreateBucketCommand({ Bucket: 'archive' }));
    const keys = AWKWARD.map((key) => `old/${key}`);
    for (const Key of keys)
      await stack.s3.send(
        new PutObjectCommand({ Bucket: 'archive', Key, Body: 'x', StorageClass: 'GLACIER' }),
      );
    const Objects = [...keys, 'old/missing'].map((Key) => ({ Bucket: 'archive', Key }));
    const check = { LambdaInvoke: { UserArguments: { action: 'check-restored', wait: true } } };
    const first = await run({ Operation: check, Objects });
    expect(first.progress).toMatchObject({ total: 12, succeeded: 11, failed: 1 });
    const waiting = { Results: ['waiting'] };
    const Operation = { S3InitiateRestoreObject: { ExpirationInDays: 7, GlacierJobTier: 'STANDARD' } };
    await run({ Operation, ...rowsOf(first.jobRequestId, 'Succeeded', waiting) });
    const second = await run({ Operation: check, ...rowsOf(first.jobRequestId, 'Succeeded', waiting) });
    expect(await keysOf(second.jobRequestId, 'status=succeeded')).toEqual(keys.toSorted());
    await stack.clock.advance(6 * 3_600_000);
    const third = await run({ Operation: check, ...rowsOf(second.jobRequestId, 'Succeeded', waiting) });
    const again = { Operation: check, ...rowsOf(third.jobRequestId, 'Succeeded', waiting) };
    expect((await post(stack, '/jobs', again)).body.code).toBe('NothingToRetry');
    const copy = { S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::data', TargetKeyPrefix: 'copied' } };
    const copied = await run({
      Operation: copy,
      ...rowsOf(third.jobRequestId, 'Succeeded', { Results: ['{*'] }),
    });
    expect(copied).toMatchObject({ outcome: 'Succeeded', progress: { total: 11 } });
  });

  const refusals = (id: string, report = {}): [object, number, string, string?][] => [
    [rowsOf(id, 'Succeeded', { Codes: ['A'] }), 422, 'InvalidRequest', '/RowsOf/Codes'],
    [rowsOf(id, 'NotRun', { Results: ['A'] }), 422, 'InvalidRequest', '/RowsOf/Results'],
    [rowsOf('x', 'Failed'), 422, 'InvalidRequest', '/RowsOf/JobRequestId'],
    [rowsOf(`${'0'.repeat(20)}-${'0'.repeat(32)}`, 'Failed'), 404, 'JobRequestNotFound'],
    [rowsOf(`${id.slice(0, 20)}-${'0'.repeat(32)}`, 'Failed'), 404, 'JobRequestNotFound'],
    [{ ...rowsOf(id, 'Failed'), ...report, Priority: 2_000_000_000 }, 409, 'NothingToRetry'],
  ];
  test('is refused with the reason', async () => {
    const { jobRequestId: id } = await run({ Operation: Tags, Objects: objects(['k/%']) });
    for (const [body, status, code, pointer] of refusals(id)) {
      const { body: problem } = await post(stack, '/jobs', { Operation: Tags, ...body });
      expect(problem).toMatchObject({ status, code, ...(pointer && { errors: [{ pointer }] }) });
    }
    expect((await post(stack, `/jobs/${id}/run-rest`)).body).toMatchObject({
      code: 'NothingToRetry',
      detail: 'Every task has run.',
    });
  });

  test('needs a report of all tasks for rows that succeeded or never ran', async () => {
    const Report = { Enabled: true, ReportScope: 'FailedTasksOnly' };
    const { jobRequestId: id, links } = await run({ Operation: Tags, Objects: objects(['k/%']), Report });
    const only = { status: 409, code: 'ReportHasFailuresOnly' };
    for (const Rows of ['Succeeded', 'NotRun'])
      expect((await post(stack, '/jobs', { Operation: Tags, ...rowsOf(id, Rows) })).body).toMatchObject(only);
    expect((await post(stack, `/jobs/${id}/run-rest`)).body).toMatchObject(only);
    expect(links).not.toHaveProperty('runRest');
  });

  test('checks rows against the lists of today', async () => {
    const { jobRequestId: id } = await run({ Operation: Tags, Objects: objects(['k/%']) });
    const before = process.env['DATA_BUCKETS'];
    process.env['DATA_BUCKETS'] = 'versions';
    const { body } = await post(stack, '/jobs', { Operation: Untag, ...rowsOf(id, 'Succeeded') }).finally(
      () => {
        process.env['DATA_BUCKETS'] = before;
      },
    );
    expect(body).toMatchObject({
      status: 403,
      code: 'NotAllowed',
      detail: expect.stringContaining('bucket data'),
    });
  });
});

describe('run-rest', () => {
  test('after a cancel at 30 % leaves every object done', async () => {
    const keys = Array.from({ length: 300 }, (_, i) => `rest/${AWKWARD[i % AWKWARD.length]}/${i}`);
    for (const key of keys) await put(key);
    const parent = await cancelled({ Operation: Tags, Objects: objects(keys), Description: 'tag all' }, 90);
    const { succeeded } = parent.progress;
    expect(succeeded).toBeGreaterThan(60);
    expect(succeeded).toBeLessThan(150);
    expect(parent.links.runRest).toBe(`/jobs/${parent.jobRequestId}/run-rest`);
    const child = await run({ Priority: 20, ConfirmationRequired: false }, parent.links.runRest);
    expect(child).toMatchObject({
      outcome: 'Succeeded',
      description: 'tag all',
      progress: { total: 300 - succeeded },
      request: { Operation: Tags, Priority: 20 },
      parent: { jobRequestId: parent.jobRequestId, rows: 'NotRun' },
    });
    expect(
      [...(await keysOf(parent.jobRequestId)), ...(await keysOf(child.jobRequestId))].toSorted(),
    ).toEqual(keys.toSorted());
    for (const Key of keys) {
      const { TagSet } = await stack.s3.send(new GetObjectTaggingCommand({ Bucket: 'data', Key }));
      expect(TagSet).toEqual(Tags.S3PutObjectTagging.TagSet);
    }
    const again = await post(stack, parent.links.runRest, { Priority: 20, ConfirmationRequired: false });
    expect(again.body).toMatchObject({
      code: 'NotPossibleNow',
      detail: expect.stringContaining(child.jobRequestId),
    });
  });

  test('runs the whole manifest if no task ran', async () => {
    const id = idOf(
      await post(stack, '/jobs', { Operation: Tags, Objects: objects(KEYS), ConfirmationRequired: true }),
    );
    await stack.clock.advance(20_000);
    expect((await post(stack, `/jobs/${id}/run-rest`)).body).toMatchObject({ code: 'ReportNotReady' });
    await post(stack, `/jobs/${id}/cancel`);
    await endOf(id);
    const child = await run({ ConfirmationRequired: false }, `/jobs/${id}/run-rest`);
    expect(await keysOf(child.jobRequestId)).toEqual(KEYS.toSorted());
  });

  test('counts rows that the manifest repeats', async () => {
    const repeated = [...KEYS, ...KEYS, ...KEYS].slice(0, 30);
    const parent = await cancelled({ Operation: Tags, Objects: objects(repeated) }, 1);
    const child = await run({ ConfirmationRequired: false }, parent.links.runRest);
    expect(
      [...(await keysOf(parent.jobRequestId)), ...(await keysOf(child.jobRequestId))].toSorted(),
    ).toEqual(repeated.toSorted());
    expect(child.progress.total).toBeLessThan(30);
  });

  const inventory = async (folder: string, rows: string) => {
    const data = gzipSync(rows);
    await put(`${folder}/0.csv.gz`, data);
    const md5 = createHash('md5').update(data).digest('hex');
    await put(
      `${folder}/manifest.json`,
      JSON.stringify({
        sourceBucket: 'data',
        destinationBucket: 'arn:aws:s3:::data',
        version: '2016-11-30',
        fileFormat: 'CSV',
        fileSchema: 'Bucket, Key, Size',
        files: [{ key: `${folder}/0.csv.gz`, size: data.length, MD5checksum: md5 }],
      }),
    );
    return {
      Spec: { Format: 'S3InventoryReport_CSV_20161130' },
      Location: { ObjectArn: `arn:aws:s3:::data/${folder}/manifest.json` },
    };
  };
  const generator = (more: object) => ({
    S3JobManifestGenerator: {
      SourceBucket: 'arn:aws:s3:::data',
      EnableManifestOutput: false,
      Filter: { KeyNameConstraint: { MatchAnyPrefix: ['k/'] } },
      ...more,
    },
  });

  test('reads an inventory, and the list that a generator wrote', async () => {
    const rows = KEYS.map((key) => `"data","${encodeURIComponent(key).replaceAll('%20', '+')}","1"\n`).join(
      '',
    );
    const output = {
      EnableManifestOutput: true,
      ManifestOutputLocation: {
        Bucket: 'arn:aws:s3:::data',
        ManifestPrefix: 'lists',
        ManifestFormat: 'S3InventoryReport_CSV_20211130',
      },
    };
    for (const source of [
      { Manifest: await inventory('inv', rows) },
      { ManifestGenerator: generator(output) },
    ]) {
      const parent = await cancelled({ Operation: Tags, ...source }, 1);
      const ran = await keysOf(parent.jobRequestId);
      expect(ran.length).toBeGreaterThan(0);
      const child = await run({ ConfirmationRequired: false }, parent.links.runRest);
      expect([...ran, ...(await keysOf(child.jobRequestId))].toSorted()).toEqual(KEYS.toSorted());
    }
  });

  test('needs the list of a generator, and an unchanged manifest', async () => {
    const listed = await cancelled({ Operation: Tags, ManifestGenerator: generator({}) }, 1);
    expect(listed.links).not.toHaveProperty('runRest');
    expect((await post(stack, `/jobs/${listed.jobRequestId}/run-rest`)).body).toMatchObject({
      status: 422,
      code: 'ManifestNotReadable',
      errors: [{ pointer: '/RowsOf/JobRequestId', detail: expect.stringContaining('EnableManifestOutput') }],
    });
    const Manifest = { Location: { ObjectArn: 'arn:aws:s3:::data/list.csv' } };
    await put('list.csv', 'data,k/%25\ndata,k/a%20b\n');
    const changed = await cancelled({ Operation: Tags, Manifest }, 0);
    await put('list.csv', 'data,k/%25\n');
    expect((await post(stack, `/jobs/${changed.jobRequestId}/run-rest`)).body).toMatchObject({
      status: 422,
      code: 'ManifestNotReadable',
      detail: expect.stringContaining('PreconditionFailed'),
    });
  });

  test('refuses more rows than maxRetryObjects', async () => {
    const parent = await cancelled({ Operation: Tags, Objects: objects(KEYS) }, 1);
    const before = process.env['MAX_RETRY_OBJECTS'];
    process.env['MAX_RETRY_OBJECTS'] = '1';
    const { body } = await post(stack, parent.links.runRest).finally(() => {
      process.env['MAX_RETRY_OBJECTS'] = before;
    });
    expect(body).toMatchObject({ status: 409, code: 'TooManyFailures' });
  });
});

describe('MaxObjects', () => {
  const listed = (keys: readonly string[]) =>
    keys.map((key) => `x,data,"${encodeURIComponent(key).replaceAll('%20', ' ')}"\r\n`).join('');
  const csv = (name: string) => ({
    Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Ignore', 'Bucket', 'Key'] },
    Location: { ObjectArn: `arn:aws:s3:::data/${name}` },
  });

  /** Runs the rest of a canary with the call that its notice names. */
  async function restOf(id: string, body: object = {}) {
    const notice = stack.notices
      .map(({ Message }) => JSON.parse(Message))
      .find((m) => m.jobRequestId === id && m.kind === 'final');
    const [, path = ''] =
      /POST (\S+) to run the objects that follow in the manifest/.exec(notice.next.join('\n')) ?? [];
    expect((await get(`/jobs/${id}`)).links.runRest).toBe(path);
    return run(body, path);
  }

  const sources: [string, () => Promise<object>][] = [
    ['Objects', async () => ({ Objects: objects(KEYS) })],
    [
      'a CSV manifest',
      async () => {
        await put('lists/canary.csv', listed(KEYS));
        return { Manifest: csv('lists/canary.csv') };
      },
    ],
    [
      'RowsOf',
      async () => rowsOf((await run({ Operation: Tags, Objects: objects(KEYS) })).jobRequestId, 'Succeeded'),
    ],
  ];
  test.each(sources)(
    'runs the first objects of %s, and run-rest the others, in stages',
    async (_, source) => {
      const body = { Operation: Untag, MaxObjects: 3, ...(await source()) };
      const { body: dry } = await post(stack, '/jobs?dryRun=true', body);
      expect(dry).toMatchObject({ wouldStart: true, objects: { count: 3, isExact: true } });
      const canary = await run(body, `/jobs?dryRunId=${dry.dryRunId}`);
      expect(canary).toMatchObject({ outcome: 'Succeeded', progress: { total: 3 } });
      const second = await restOf(canary.jobRequestId, { MaxObjects: 5 });
      expect(second).toMatchObject({
        outcome: 'Succeeded',
        progress: { total: 5 },
        parent: { rows: 'NotRun' },
      });
      const last = await restOf(second.jobRequestId);
      expect(last.links).not.toHaveProperty('runRest');
      const ran = [];
      for (const { jobRequestId } of [canary, second, last]) ran.push(...(await keysOf(jobRequestId)));
      expect(ran.toSorted()).toEqual(KEYS.toSorted());
    },
  );

  test('reads only the beginning of a large manifest, and finds its faults', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `data,k/${i}/${'x'.repeat(40)}\n`);
    await put('lists/large.csv', rows.join(''));
    const Manifest = { Location: { ObjectArn: 'arn:aws:s3:::data/lists/large.csv' } };
    const sent = await post(stack, '/jobs', {
      Operation: Untag,
      Manifest,
      MaxObjects: 1000,
      ConfirmationRequired: true,
    });
    expect(sent.status).toBe(202);
    await put('lists/header.csv', 'Bucket,Key\ndata,k/%25\ndata,k/a\n');
    const Location = { ObjectArn: 'arn:aws:s3:::data/lists/header.csv' };
    const { body } = await post(stack, '/jobs', { Operation: Untag, Manifest: { Location }, MaxObjects: 2 });
    expect(body).toMatchObject({
      code: 'ChecksFailed',
      errors: [{ pointer: '/Manifest/Location/ObjectArn', code: 'header-row' }],
    });
  });

  test('of at least all objects is an ordinary job', async () => {
    const job = await run({ Operation: Untag, Objects: objects(KEYS), MaxObjects: KEYS.length });
    expect(job.progress.total).toBe(KEYS.length);
    expect(job.links).not.toHaveProperty('runRest');
  });

  test('leaves the objects that failed in the canary to retry-failed', async () => {
    stack.faults.set([failing('k/*', 'SlowDown', 503)]);
    const canary = await run({ Operation: Untag, Objects: objects(KEYS), MaxObjects: 2 });
    stack.faults.clear();
    const again = await run({}, `/jobs/${canary.jobRequestId}/retry-failed`);
    const rest = await restOf(canary.jobRequestId);
    expect([...(await keysOf(again.jobRequestId)), ...(await keysOf(rest.jobRequestId))].toSorted()).toEqual(
      KEYS.toSorted(),
    );
  });

  test.each([
    [
      'an inventory',
      {
        Manifest: {
          Spec: { Format: 'S3InventoryReport_CSV_20161130' },
          Location: { ObjectArn: 'arn:aws:s3:::data/i' },
        },
      },
    ],
    [
      'a generator',
      {
        ManifestGenerator: {
          S3JobManifestGenerator: { SourceBucket: 'arn:aws:s3:::data', EnableManifestOutput: false },
        },
      },
    ],
  ])('is refused for %s', async (_, source) => {
    const { body } = await post(stack, '/jobs', { Operation: Untag, MaxObjects: 1, ...source });
    expect(body).toMatchObject({ code: 'InvalidRequest', errors: [{ pointer: '/MaxObjects' }] });
  });
});

test('any keys are run once each, by the first job or by the rest', async () => {
  const unit = fc.constantFrom('a', ' ', '+', '%', ',', '"', '\n', '\r', 'é', '😀', '=', '%20', '%2B');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit, minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 }),
      async (keys) => {
        const parent = await cancelled({ Operation: Untag, Objects: objects(keys) }, keys.length > 1 ? 1 : 0);
        const child =
          parent.links.runRest && (await run({ ConfirmationRequired: false }, parent.links.runRest));
        const ran =
          parent.progress.succeeded + parent.progress.failed > 0 ? await keysOf(parent.jobRequestId) : [];
        const rest = child ? await keysOf(child.jobRequestId) : [];
        expect([...ran, ...rest].toSorted()).toEqual(keys.toSorted());
      },
    ),
    { numRuns: 12 },
  );
});
