import { CreateBucketCommand, GetObjectTaggingCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateJobCommand } from '@aws-sdk/client-s3-control';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { jobRequestIdOf } from '../functions/domain/request/job-request-id.ts';
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

let stack: SimulatedStack;
const put = (Key: string, Body = 'x', Bucket = 'data') =>
  stack.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const tagsOf = async (Key: string) =>
  (await stack.s3.send(new GetObjectTaggingCommand({ Bucket: 'data', Key }))).TagSet;
beforeAll(async () => {
  stack = await simulateStack();
  for (const Bucket of ['data', 'lists']) await stack.s3.send(new CreateBucketCommand({ Bucket }));
  for (const key of ['a', 'b c', 'd+é']) await put(key);
  await put('m.csv', 'data,a\ndata,b+c\ndata,d%2B%C3%A9\n', 'lists');
});

const tagging = (Value: string) => ({ S3PutObjectTagging: { TagSet: [{ Key: 'step', Value }] } });
const manifest = { Location: { ObjectArn: 'arn:aws:s3:::lists/m.csv' } };

describe('POST /jobs', () => {
  test('runs a job from three members and reports its progress', async () => {
    const { status, headers, body } = await post(stack, '/jobs', {
      Operation: tagging('one'),
      Manifest: manifest,
    });
    expect(status).toBe(202);
    expect(headers).toMatchObject({ location: `/jobs/${body.jobRequestId}`, 'retry-after': '15' });
    expect(body).toMatchObject({
      state: 'Requested',
      outcome: null,
      operation: 'S3PutObjectTagging',
      job: null,
    });

    await stack.ended(body.jobRequestId);
    const { body: ended, headers: endHeaders } = await call(stack, 'GET', `/jobs/${body.jobRequestId}`);
    expect(ended).toMatchObject({
      state: 'Ended',
      outcome: 'Succeeded',
      status: 'Complete',
      progress: { total: 3, succeeded: 3, failed: 0, percent: 100 },
      report: {
        bucket: process.env['STACK_BUCKET'],
        manifestKey: `reports/${ended.jobRequestId.slice(0, 20)}/job-${ended.jobId}/manifest.json`,
      },
      request: { Priority: 10, ConfirmationRequired: false, RoleArn: process.env['BATCH_ROLE_ARNS'] },
      links: { self: `/jobs/${body.jobRequestId}` },
    });
    expect(endHeaders['retry-after']).toBeUndefined();
    expect(await tagsOf('d+é')).toEqual([{ Key: 'step', Value: 'one' }]);
  });

  test('stores Objects as a manifest, with any keys', async () => {
    const Objects = ['a', 'b c', 'd+é', '\\ud800 😀'].map((Key) => ({ Bucket: 'data', Key }));
    await put('\\ud800 😀');
    const { body } = await post(stack, '/jobs', { Operation: tagging('inline'), Objects });
    expect(await stack.ended(body.jobRequestId)).toMatchObject({ outcome: 'Succeeded' });
    for (const { Key } of Objects) expect(await tagsOf(Key)).toEqual([{ Key: 'step', Value: 'inline' }]);
  });

  test('replaces an object that is already stored under the key of the manifest', async () => {
    const Objects = [{ Bucket: 'data', Key: 'a' }];
    const first = await post(stack, '/jobs', { Operation: tagging('whole'), Objects });
    await stack.ended(first.body.jobRequestId);
    const [, bucket, key] = /:::([^/]+)\/(.+)$/.exec(first.body.request.Manifest.Location.ObjectArn) ?? [];
    await put(key ?? '', 'data,b%20c\n', bucket);
    const second = await post(stack, '/jobs', { Operation: tagging('replaced'), Objects });
    expect(await stack.ended(second.body.jobRequestId)).toMatchObject({ outcome: 'Succeeded' });
    expect(await tagsOf('a')).toEqual([{ Key: 'step', Value: 'replaced' }]);
  });

  test('accepts a body for --cli-input-json', async () => {
    const { status, body } = await post(stack, '/jobs', {
      AccountId: '000000000000',
      ConfirmationRequired: false,
      Operation: { S3DeleteObjectTagging: {} },
      Report: {
        Bucket: 'arn:aws:s3:::lists',
        Format: 'Report_CSV_20180820',
        Enabled: true,
        Prefix: 'mine',
        ReportScope: 'FailedTasksOnly',
      },
      ClientRequestToken: 'from-the-cli',
      Manifest: {
        Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
        Location: { ...manifest.Location, ETag: (await etagOf('m.csv')) ?? '' },
      },
      Description: 'pasted',
      Priority: 42,
      RoleArn: 'BatchRole',
      Tags: [{ Key: 'team', Value: 'media' }],
    });
    expect(status).toBe(202);
    expect(await stack.ended(body.jobRequestId)).toMatchObject({ outcome: 'Succeeded' });
    const { body: ended } = await call(stack, 'GET', `/jobs/${body.jobRequestId}`);
    expect(ended).toMatchObject({ description: 'pasted', job: { Description: 'pasted', Priority: 42 } });
  });

  const etagOf = async (key: string) => (await put(key, 'data,a\ndata,b+c\ndata,d%2B%C3%A9\n', 'lists')).ETag;
});

describe('the same Idempotency-Key', () => {
  const body = { Operation: tagging('once'), Manifest: manifest };
  const send = (key: string, changed = {}) =>
    post(stack, '/jobs', { ...body, ...changed }, { 'idempotency-key': key });

  test('starts one execution and one job, for concurrent, repeated and late requests', async () => {
    const before = { jobs: (await stack.jobs()).length, executions: (await stack.executions()).length };
    const answers = await Promise.all(Array.from({ length: 100 }, () => send('same')));
    const ids = new Set(answers.map(({ body }) => body.jobRequestId));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(ids.size).toBe(1);

    const again = await send('same');
    expect(again.headers['idempotency-replayed']).toBe('true');
    const record = await stack.ended(again.body.jobRequestId);
    const afterTheEnd = await send('same');
    expect(afterTheEnd).toMatchObject({ status: 202, body: { outcome: 'Succeeded', jobId: record.jobId } });
    expect({ jobs: (await stack.jobs()).length, executions: (await stack.executions()).length }).toEqual({
      jobs: before.jobs + 1,
      executions: before.executions + 1,
    });
  });

  test('is refused with another body', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => send('contested', { Priority: i })),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'IdempotencyKeyReused')).toHaveLength(19);
  });

  test('of another tenant is a different key', async () => {
    process.env['TENANCY'] = 'principal';
    try {
      const signed = (name: string) => ({
        'idempotency-key': 'shared',
        authorization: `AWS4-HMAC-SHA256 Credential=${name}/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0`,
      });
      const ann = await post(stack, '/jobs', body, signed('ann'));
      const bob = await post(stack, '/jobs', body, signed('bob'));
      expect(ann.body.jobRequestId).not.toBe(bob.body.jobRequestId);
      const path = `/jobs/${ann.body.jobRequestId}`;
      expect((await call(stack, 'GET', path, { headers: signed('ann') })).status).toBe(200);
      expect((await call(stack, 'GET', path, { headers: signed('bob') })).status).toBe(404);
      expect((await call(stack, 'POST', `${path}/cancel`, { headers: signed('bob') })).status).toBe(404);
    } finally {
      process.env['TENANCY'] = 'deployment';
    }
  });

  test.each(['', 'x'.repeat(256), 'ключ'])('is refused if it is %j', async (key) => {
    expect((await send(key)).body).toMatchObject({ status: 400, code: 'InvalidIdempotencyKey' });
  });
});

describe('invalid input starts nothing and names what to fix', () => {
  const json = { 'content-type': 'application/json' };
  test.each<[string, unknown, Record<string, string>, number, string, string | undefined]>([
    ['malformed JSON', '{"Operation":', json, 400, 'InvalidJson', ''],
    [
      'a body that is not JSON',
      'a=b',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'UnsupportedMediaType',
      undefined,
    ],
    [
      'half a surrogate pair',
      '{"Operation":{"S3DeleteObjectTagging":{}},"Objects":[{"Bucket":"data","Key":"\\ud800"}]}',
      json,
      400,
      'InvalidJson',
      '',
    ],
    ['an empty body', undefined, json, 422, 'InvalidRequest', ''],
    [
      'an unknown member',
      { Operation: tagging('x'), Manifest: manifest, Speed: 1 },
      json,
      422,
      'InvalidRequest',
      '/Speed',
    ],
    [
      'two operations',
      { Operation: { ...tagging('x'), S3ReplicateObject: {} }, Manifest: manifest },
      json,
      422,
      'InvalidRequest',
      '/Operation',
    ],
    [
      'a token that is not printable',
      { Operation: tagging('x'), Manifest: manifest, ClientRequestToken: '\0retry' },
      json,
      422,
      'InvalidRequest',
      '/ClientRequestToken',
    ],
    ['no manifest', { Operation: tagging('x') }, json, 422, 'InvalidRequest', ''],
    [
      'an unknown value',
      { Operation: { S3PutObjectLegalHold: { LegalHold: { Status: 'MAYBE' } } }, Manifest: manifest },
      json,
      422,
      'InvalidRequest',
      '/Operation/S3PutObjectLegalHold/LegalHold/Status',
    ],
    [
      'a body of 5 MB',
      { Operation: tagging('x'), Description: 'x'.repeat(5_000_000) },
      json,
      413,
      'BodyTooLarge',
      '',
    ],
    [
      'an unlisted role',
      { Operation: tagging('x'), Manifest: manifest, RoleArn: 'arn:aws:iam::000000000000:role/admin' },
      json,
      403,
      'NotAllowed',
      '/RoleArn',
    ],
    [
      'a worker action that is off',
      { Operation: { LambdaInvoke: { UserArguments: { action: 'delete-object' } } }, Manifest: manifest },
      json,
      403,
      'NotAllowed',
      '/Operation/LambdaInvoke/UserArguments/action',
    ],
    [
      'another account',
      { Operation: tagging('x'), Manifest: manifest, AccountId: '123456789012' },
      json,
      403,
      'NotAllowed',
      '/AccountId',
    ],
    [
      'unknown arguments of a worker action',
      {
        Operation: { LambdaInvoke: { UserArguments: { action: 'merge-tags', tags: 'team=media' } } },
        Manifest: manifest,
      },
      json,
      422,
      'InvalidRequest',
      '/Operation/LambdaInvoke/UserArguments/tags',
    ],
    [
      'a worker job without an action',
      { Operation: { LambdaInvoke: {} }, Manifest: manifest },
      json,
      422,
      'InvalidRequest',
      '/Operation/LambdaInvoke/UserArguments/action',
    ],
    [
      'a missing manifest',
      { Operation: tagging('x'), Manifest: { Location: { ObjectArn: 'arn:aws:s3:::lists/none.csv' } } },
      json,
      422,
      'ManifestNotReadable',
      '/Manifest/Location/ObjectArn',
    ],
  ])('%s', async (_, body, headers, status, code, pointer) => {
    const before = await stack.executions();
    const answer = await call(stack, 'POST', '/jobs', { body, headers });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      status,
      code,
      remedy: expect.any(String),
      requestId: expect.any(String),
    });
    if (pointer !== undefined)
      expect(answer.body.errors).toContainEqual(expect.objectContaining({ pointer }));
    expect(answer.status).toBe(status);
    expect(await stack.executions()).toHaveLength(before.length);
  });

  test.each([
    ['of the schema', { Key: '' }],
    ['of the rules', { Bucket: 'data', Key: 'é'.repeat(600) }],
  ])('a body full of faults %s is answered with the first of them', async (_, object) => {
    const Objects = Array.from({ length: 700 }, () => object);
    const { status, body } = await post(stack, '/jobs', { Operation: tagging('x'), Objects });
    expect(status).toBe(422);
    expect(body.errors).toHaveLength(100);
    expect(body.detail).toBe('The job request has 100 faults or more; nothing was done.');
  });

  test.each(['unknown', `${'0'.repeat(20)}-${'0'.repeat(32)}`])('GET /jobs/%s answers 404', async (id) => {
    expect((await call(stack, 'GET', `/jobs/${id}`)).body).toMatchObject({
      status: 404,
      code: 'JobRequestNotFound',
    });
  });
});

describe('a job that needs confirmation', () => {
  const submit = async () => {
    const { body } = await post(stack, '/jobs', {
      Operation: tagging('confirmed'),
      Manifest: manifest,
      ConfirmationRequired: true,
      Watch: { Notices: ['running-again'] },
    });
    await stack.clock.advance(60_000);
    return body.jobRequestId as string;
  };
  const kindsOf = (id: string) =>
    stack.notices
      .map(({ Message }) => JSON.parse(Message))
      .filter((n) => n.jobRequestId === id)
      .map((n) => n.kind);

  test('sends one notice, changes no object, and runs after the confirmation', async () => {
    await call(stack, 'POST', '/jobs', {
      body: { Operation: { S3DeleteObjectTagging: {} }, Manifest: manifest },
    }).then(({ body }) => stack.ended(body.jobRequestId));
    const id = await submit();
    await stack.clock.advance(6 * 3_600_000);
    expect(kindsOf(id)).toEqual(['needs-confirmation']);
    expect(await tagsOf('a')).toEqual([]);
    expect((await call(stack, 'GET', `/jobs/${id}`)).body).toMatchObject({
      status: 'Suspended',
      links: { confirm: `/jobs/${id}/confirm`, cancel: `/jobs/${id}/cancel` },
    });

    expect((await post(stack, `/jobs/${id}/confirm`)).status).toBe(202);
    expect(await stack.ended(id)).toMatchObject({ outcome: 'Succeeded' });
    expect(await tagsOf('a')).toEqual([{ Key: 'step', Value: 'confirmed' }]);
    expect(kindsOf(id).at(-1)).toBe('final');
    expect((await post(stack, `/jobs/${id}/confirm`)).status).toBe(200);
    expect((await post(stack, `/jobs/${id}/cancel`)).body).toMatchObject({ code: 'NotPossibleNow' });
  });

  test('can be cancelled with a reason, which the job resource shows', async () => {
    const id = await submit();
    expect((await post(stack, `/jobs/${id}/cancel`, { reason: 'wrong bucket' })).status).toBe(202);
    const record = await stack.ended(id);
    expect(record).toMatchObject({ outcome: 'Cancelled', job: { StatusUpdateReason: 'wrong bucket' } });
    expect((await post(stack, `/jobs/${id}/cancel`)).status).toBe(200);
    expect((await post(stack, `/jobs/${id}/confirm`)).body).toMatchObject({
      status: 409,
      code: 'NotPossibleNow',
    });
    const last = JSON.parse(stack.notices.at(-1)?.Message ?? '');
    expect(last.summary).toBe(
      'The job was cancelled (wrong bucket); 0 of 3 objects were completed before that.',
    );
  });

  test.each([{ reason: '' }, { reason: 1 }, { why: 'x' }, [], null])(
    '%j is no cancel request',
    async (body) => {
      const id = await submit();
      expect((await post(stack, `/jobs/${id}/cancel`, body)).body).toMatchObject({
        status: 422,
        code: 'InvalidRequest',
      });
      await post(stack, `/jobs/${id}/cancel`);
    },
  );
});

describe('the outcome of a request', () => {
  test('is CompletedWithFailures if tasks fail, although the status is Complete', async () => {
    const { body } = await post(stack, '/jobs', {
      Operation: tagging('some'),
      Objects: [
        { Bucket: 'data', Key: 'a' },
        { Bucket: 'data', Key: 'missing' },
      ],
    });
    const record = await stack.ended(body.jobRequestId);
    expect(record).toMatchObject({ outcome: 'CompletedWithFailures', job: { Status: 'Complete' } });
    expect(stack.notices.at(-1)?.Subject).toBe('S3PutObjectTagging: 1 of 2 objects failed');
    expect(JSON.parse(stack.notices.at(-1)?.Message ?? '')).toMatchObject({
      report: { state: 'summarized' },
      topErrors: [{ errorCode: 'NoSuchKey', httpStatus: 404, count: 1 }],
    });
    expect(record.report?.digest).toMatchObject({ failed: 1, samples: [{ key: 'missing' }] });
  });

  test('is published even for the largest accepted request', async () => {
    const copyWith = (values: number) => {
      const names = Array.from({ length: values }, (_, i) => [`name-${i}`, 'x'.repeat(1000)]);
      const NewObjectMetadata = { UserMetadata: Object.fromEntries(names) };
      const Operation = { S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::data', NewObjectMetadata } };
      return post(stack, '/jobs', { Operation, Manifest: manifest });
    };
    expect((await copyWith(101)).body).toMatchObject({ status: 413, code: 'BodyTooLarge' });
    const { body } = await copyWith(99);
    const record = await stack.ended(body.jobRequestId);
    expect(record.report?.state).toBe('summarized');
    expect(JSON.parse(stack.notices.at(-1)?.Message ?? '')).toMatchObject({
      jobRequestId: body.jobRequestId,
      outcome: record.outcome,
    });
  });

  test.each([
    ['an empty list', tagging('x'), 'Widen the `Filter`'],
    ['a replication of nothing', { S3ReplicateObject: {} }, 'enabled replication rule'],
  ])('is Failed for %s, with the reason of S3 and a remedy', async (_, Operation, remedy) => {
    const { body } = await post(stack, '/jobs', {
      Operation,
      ManifestGenerator: {
        S3JobManifestGenerator: {
          SourceBucket: 'arn:aws:s3:::data',
          EnableManifestOutput: false,
          // The checks before the job cannot evaluate this filter.
          Filter: { ObjectReplicationStatuses: ['FAILED'] },
        },
      },
    });
    const record = await stack.ended(body.jobRequestId);
    expect(record.outcome).toBe('Failed');
    expect(record.failureReasons).toEqual([
      expect.objectContaining({
        reason: expect.stringContaining('no keys matching'),
        remedy: expect.stringContaining(remedy),
      }),
    ]);
  });

  test('is NotCreated if S3 refuses the job, with the reason and a notice', async () => {
    // Another job has used the client token.
    const token = jobRequestIdOf('deployment', { key: 'taken' });
    const Manifest = {
      Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
      Location: { ObjectArn: 'arn:aws:s3:::lists/m.csv', ETag: '0' },
    } as const;
    await stack.s3Control.send(
      new CreateJobCommand({
        AccountId: '000000000000',
        ClientRequestToken: token,
        ConfirmationRequired: true,
        Operation: { S3DeleteObjectTagging: {} },
        Manifest: { ...Manifest, Spec: { ...Manifest.Spec, Fields: [...Manifest.Spec.Fields] } },
        Report: { Enabled: false },
        Priority: 1,
        RoleArn: process.env['BATCH_ROLE_ARNS'],
      }),
    );
    const headers = { 'idempotency-key': 'taken' };
    const { body } = await post(stack, '/jobs', { Operation: tagging('x'), Manifest: manifest }, headers);
    expect(body.jobRequestId).toBe(token);

    const record = await stack.ended(token);
    expect(record).toMatchObject({
      outcome: 'NotCreated',
      failureReasons: [{ code: 'IdempotencyException' }],
    });
    expect(JSON.parse(stack.notices.at(-1)?.Message ?? '')).toMatchObject({
      jobRequestId: token,
      kind: 'final',
      outcome: 'NotCreated',
      status: 'NotCreated',
    });
    expect((await post(stack, `/jobs/${token}/cancel`)).body).toMatchObject({ code: 'NotPossibleNow' });
  });
});

test('the worker merges tags through S3 Batch Operations, for any keys', async () => {
  const keys = ['a+b', 'a%2Bb', 'two words ', 'ä/€/😀', 'line\nfeed', '?versionId=x&y', 'k'.repeat(1024)];
  for (const Key of keys)
    await stack.s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body: 'x', Tagging: 'owner=me' }));
  const { body } = await post(stack, '/jobs', {
    Operation: { LambdaInvoke: { UserArguments: { action: 'merge-tags', tags: '{"team":"media"}' } } },
    Objects: keys.map((Key) => ({ Bucket: 'data', Key })),
  });
  expect(await stack.ended(body.jobRequestId)).toMatchObject({ outcome: 'Succeeded' });
  for (const key of keys)
    expect(await tagsOf(key)).toEqual([
      { Key: 'owner', Value: 'me' },
      { Key: 'team', Value: 'media' },
    ]);
});

test('a function of the caller receives the user arguments', async () => {
  const FunctionArn = 'arn:aws:lambda:us-east-1:000000000000:function:resize';
  const { status } = await post(stack, '/jobs', {
    Operation: { LambdaInvoke: { FunctionArn, UserArguments: { width: '640' } } },
    Manifest: manifest,
  });
  expect(status).toBe(202);
});

test('the worker verifies checksums through S3 Batch Operations, and its result strings reach the report', async () => {
  await stack.s3.send(
    new PutObjectCommand({
      Bucket: 'data',
      Key: 'right',
      Body: 'x',
      Metadata: { sha256: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881' },
    }),
  );
  await stack.s3.send(
    new PutObjectCommand({ Bucket: 'data', Key: 'wrong', Body: 'y', Metadata: { sha256: '0'.repeat(64) } }),
  );
  const { body } = await post(stack, '/jobs', {
    Operation: { LambdaInvoke: { UserArguments: { action: 'verify-checksum' } } },
    Objects: [
      { Bucket: 'data', Key: 'right' },
      { Bucket: 'data', Key: 'wrong' },
    ],
  });
  const record = await stack.ended(body.jobRequestId);
  expect(record).toMatchObject({
    outcome: 'CompletedWithFailures',
    job: { ProgressSummary: { NumberOfTasksSucceeded: 1, NumberOfTasksFailed: 1 } },
  });
});
