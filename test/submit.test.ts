import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  RestoreObjectCommand,
} from '@aws-sdk/client-s3';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { estimateOf } from '../functions/domain/checks/estimate.ts';
import { OWNER_ID } from '../local/aws/s3/core.ts';
import type { Fault } from '../local/faults/fault.ts';
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

let stack: SimulatedStack;
const put = (Key: string, Body: string | Buffer = 'x', Bucket = 'lists') =>
  stack.s3.send(new PutObjectCommand({ Bucket, Key, Body }));

beforeAll(async () => {
  stack = await simulateStack();
  for (const Bucket of ['data', 'lists', 'archive']) await stack.s3.send(new CreateBucketCommand({ Bucket }));
  for (const key of ['a', 'b c', 'd+é']) await put(key, 'x', 'data');
  await put('m.csv', 'data,a\ndata,b+c\ndata,d%2B%C3%A9\n');
});

const tagging = { S3PutObjectTagging: { TagSet: [{ Key: 'step', Value: 'one' }] } };
const manifestAt = (path: string) => ({ Location: { ObjectArn: `arn:aws:s3:::${path}` } });
const Manifest = manifestAt('lists/m.csv');

/** Runs with the environment of a deployment with other parameters. */
async function deployedWith<T>(environment: Record<string, string>, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    return await work();
  } finally {
    Object.assign(process.env, before);
  }
}

describe('what a deployment does not list', () => {
  const acl = (policy: object) => ({ S3PutObjectAcl: { AccessControlPolicy: policy } });
  const copy = (more: object) => ({ S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::data', ...more } });
  const copyLarge = (more: object) => ({
    LambdaInvoke: { UserArguments: { action: 'copy-large', ...more } },
  });
  const generate = (more: object) => ({
    S3JobManifestGenerator: { SourceBucket: 'arn:aws:s3:::data', EnableManifestOutput: false, ...more },
  });
  const output = { Bucket: 'arn:aws:s3:::data', ManifestFormat: 'S3InventoryReport_CSV_20211130' };
  const key = 'arn:aws:kms:us-east-1:000000000000:key/one';
  const group = (name: string) => ({
    Grantee: { TypeIdentifier: 'uri', Identifier: `http://acs.amazonaws.com/groups/${name}` },
    Permission: 'READ',
  });

  test.each<[string, Record<string, string>, object, string]>([
    ['an operation', { OPERATIONS: 'LambdaInvoke' }, {}, '/Operation/S3PutObjectTagging'],
    ['a priority', { MAX_PRIORITY: '10' }, { Priority: 11 }, '/Priority'],
    ['a role', {}, { RoleArn: 'arn:aws:iam::000000000000:role/admin' }, '/RoleArn'],
    ['an account', {}, { AccountId: '123456789012' }, '/AccountId'],
    ['a manifest bucket', { MANIFEST_BUCKETS: 'list' }, {}, '/Manifest/Location/ObjectArn'],
    ['a manifest key', { MANIFEST_BUCKETS: 'lists/x*' }, {}, '/Manifest/Location/ObjectArn'],
    [
      'a report bucket',
      { REPORT_BUCKETS: 'lists' },
      { Report: { Bucket: 'arn:aws:s3:::data' } },
      '/Report/Bucket',
    ],
    [
      'a report prefix',
      { REPORT_BUCKETS: 'data/reports/*' },
      { Report: { Bucket: 'arn:aws:s3:::data', Prefix: 'reports2' } },
      '/Report/Bucket',
    ],
    [
      'a report bucket without the prefix',
      { REPORT_BUCKETS: 'data/reports/*' },
      { Report: { Bucket: 'arn:aws:s3:::data' } },
      '/Report/Bucket',
    ],
    [
      'a copy target',
      { TARGET_BUCKETS: 'lists' },
      { Operation: copy({}) },
      '/Operation/S3PutObjectCopy/TargetResource',
    ],
    [
      'a target of copy-large',
      { TARGET_BUCKETS: 'data/only/*' },
      { Operation: copyLarge({ targetBucket: 'data', targetPrefix: 'onl' }) },
      '/Operation/LambdaInvoke/UserArguments/targetBucket',
    ],
    [
      'a KMS key of copy-large',
      { KMS_KEYS: 'alias/other' },
      { Operation: copyLarge({ encryption: 'aws:kms', kmsKey: key }) },
      '/Operation/LambdaInvoke/UserArguments/kmsKey',
    ],
    [
      'an address of webhook',
      { WEBHOOKS: 'hooks.example/jobs/*', WORKER_ACTIONS: 'webhook' },
      {
        Operation: {
          LambdaInvoke: { UserArguments: { action: 'webhook', url: 'https://hooks.example/other' } },
        },
      },
      '/Operation/LambdaInvoke/UserArguments/url',
    ],
    [
      'an access point as copy target',
      {},
      { Operation: copy({ TargetResource: 'arn:aws:s3:us-east-1:000000000000:accesspoint/data' }) },
      '/Operation/S3PutObjectCopy/TargetResource',
    ],
    [
      'a function',
      { FUNCTION_NAMES: 'other' },
      { Operation: { LambdaInvoke: { FunctionArn: 'tagger:7' } } },
      '/Operation/LambdaInvoke/FunctionArn',
    ],
    [
      'a function of another account',
      {},
      {
        Operation: { LambdaInvoke: { FunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:tagger' } },
      },
      '/Operation/LambdaInvoke/FunctionArn',
    ],
    [
      'a bucket of objects',
      { DATA_BUCKETS: 'data-*' },
      { Manifest: undefined, Objects: [{ Bucket: 'data', Key: 'a' }] },
      '/Objects/0/Bucket',
    ],
    [
      'a source bucket',
      { DATA_BUCKETS: 'data-*' },
      { Manifest: undefined, ManifestGenerator: generate({}) },
      '/ManifestGenerator/S3JobManifestGenerator/SourceBucket',
    ],
    [
      'a location of the generated manifest',
      { REPORT_BUCKETS: 'lists' },
      { Manifest: undefined, ManifestGenerator: generate({ ManifestOutputLocation: output }) },
      '/ManifestGenerator/S3JobManifestGenerator/ManifestOutputLocation/Bucket',
    ],
    [
      'a KMS key of copies',
      { KMS_KEYS: '' },
      { Operation: copy({ SSEAwsKmsKeyId: key }) },
      '/Operation/S3PutObjectCopy/SSEAwsKmsKeyId',
    ],
    [
      'a KMS key of updates',
      { KMS_KEYS: `${key}2` },
      { Operation: { S3UpdateObjectEncryption: { ObjectEncryption: { SSEKMS: { KMSKeyArn: key } } } } },
      '/Operation/S3UpdateObjectEncryption/ObjectEncryption/SSEKMS/KMSKeyArn',
    ],
    [
      'COMPLIANCE retention',
      {},
      {
        Operation: {
          S3PutObjectRetention: { Retention: { Mode: 'COMPLIANCE', RetainUntilDate: '2030-01-01' } },
        },
      },
      '/Operation/S3PutObjectRetention/Retention/Mode',
    ],
    [
      'COMPLIANCE copies',
      {},
      { Operation: copy({ ObjectLockMode: 'COMPLIANCE' }) },
      '/Operation/S3PutObjectCopy/ObjectLockMode',
    ],
    [
      'a bypass of GOVERNANCE retention',
      {},
      { Operation: { S3PutObjectRetention: { BypassGovernanceRetention: true, Retention: {} } } },
      '/Operation/S3PutObjectRetention/BypassGovernanceRetention',
    ],
    [
      'a public ACL',
      {},
      { Operation: acl({ CannedAccessControlList: 'public-read' }) },
      '/Operation/S3PutObjectAcl/AccessControlPolicy/CannedAccessControlList',
    ],
    [
      'a grant to everybody',
      {},
      {
        Operation: acl({
          AccessControlList: { Owner: {}, Grants: [group('s3/LogDelivery'), group('global/AllUsers')] },
        }),
      },
      '/Operation/S3PutObjectAcl/AccessControlPolicy/AccessControlList/Grants/1/Grantee',
    ],
    [
      'public copies',
      {},
      { Operation: copy({ CannedAccessControlList: 'authenticated-read' }) },
      '/Operation/S3PutObjectCopy/CannedAccessControlList',
    ],
    [
      'copies with a grant to all accounts',
      {},
      { Operation: copy({ AccessControlGrants: [group('global/AuthenticatedUsers')] }) },
      '/Operation/S3PutObjectCopy/AccessControlGrants/0/Grantee',
    ],
  ])('%s is refused where it is named, and starts nothing', async (_, environment, changed, pointer) => {
    const before = await stack.executions();
    const { body } = await deployedWith(environment, () =>
      post(stack, '/jobs', { Operation: tagging, Manifest, ...changed }),
    );
    expect(body).toMatchObject({ status: 403, code: 'NotAllowed' });
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
    expect(await stack.executions()).toHaveLength(before.length);
  });

  test('is not used by default', async () => {
    const { body } = await deployedWith({ MAX_PRIORITY: '5' }, () =>
      post(stack, '/jobs', { Operation: tagging, Manifest }),
    );
    expect(body.request.Priority).toBe(5);
  });

  test('is named completely in one answer', async () => {
    const environment = { OPERATIONS: 'LambdaInvoke', MANIFEST_BUCKETS: 'x', MAX_PRIORITY: '1' };
    const { body } = await deployedWith(environment, () =>
      post(stack, '/jobs', { Operation: tagging, Manifest, Priority: 2 }),
    );
    expect(body.errors).toHaveLength(3);
  });

  test('is accepted once it is listed or turned on', async () => {
    const environment = {
      COMPLIANCE_RETENTION: 'true',
      PUBLIC_GRANTS: 'true',
      TARGET_BUCKETS: 'archive/2026/*',
      MANIFEST_BUCKETS: 'lists/m*',
      REPORT_BUCKETS: 'lists/reports/*',
    };
    const Operation = copy({
      TargetResource: 'arn:aws:s3:::archive',
      TargetKeyPrefix: '2026',
      CannedAccessControlList: 'public-read',
    });
    const Report = { Bucket: 'arn:aws:s3:::lists', Prefix: 'reports/' };
    const { status } = await deployedWith(environment, () =>
      post(stack, '/jobs', { Operation, Manifest, Report }),
    );
    expect(status).toBe(202);
  });

  test('includes a bypass of GOVERNANCE retention only while it is turned off', async () => {
    const { body } = await deployedWith({ GOVERNANCE_BYPASS: 'true' }, () =>
      post(stack, '/jobs', {
        Operation: { S3PutObjectRetention: { BypassGovernanceRetention: true, Retention: {} } },
        Manifest,
      }),
    );
    // The bucket has no Object Lock. The checks say so after the allow-lists.
    expect(body).toMatchObject({ status: 422, code: 'ChecksFailed' });
  });

  test('includes a priority above the limit in a later change', async () => {
    const { body } = await post(stack, '/jobs', { Operation: tagging, Manifest, ConfirmationRequired: true });
    await stack.clock.advance(60_000);
    const { body: problem } = await deployedWith({ MAX_PRIORITY: '20' }, () =>
      call(stack, 'PATCH', `/jobs/${body.jobRequestId}`, { body: { Priority: 21 } }),
    );
    expect(problem).toMatchObject({ code: 'NotAllowed', errors: [{ pointer: '/Priority' }] });
    await post(stack, `/jobs/${body.jobRequestId}/cancel`);
  });

  test('never reaches CreateJob, in any request', async () => {
    const listed = {
      DATA_BUCKETS: 'data',
      MANIFEST_BUCKETS: 'lists',
      REPORT_BUCKETS: 'lists',
      FUNCTION_NAMES: 'tagger',
    };
    const bucket = fc.constantFrom('data', 'lists', 'archive', 'data2', 'dat', 'DATA');
    const bucketArn = bucket.map((name) => `arn:aws:s3:::${name}`);
    const account = fc.constantFrom('000000000000', '123456789012');
    const functionArn = fc.oneof(
      fc.constantFrom('tagger', 'tagger:1', 'tagger2', '000000000000:tagger', 'function:admin'),
      fc
        .tuple(account, fc.constantFrom('tagger', 'admin', 'tagger:live'))
        .map(([id, name]) => `arn:aws:lambda:us-east-1:${id}:function:${name}`),
    );
    const role = fc.constantFrom(
      'BatchRole',
      'role/BatchRole',
      'Role',
      '',
      'arn:aws:iam::000000000000:role/admin',
    );
    const request = fc.record(
      {
        Operation: fc.oneof(
          fc.constant(tagging),
          functionArn.map((FunctionArn) => ({ LambdaInvoke: { FunctionArn } })),
          bucketArn.map((TargetResource) => ({ S3PutObjectCopy: { TargetResource } })),
        ),
        Manifest: bucket.map((name) => manifestAt(`${name}/m.csv`)),
        Report: fc.record({ Bucket: bucketArn }),
        RoleArn: role,
      },
      { requiredKeys: ['Operation', 'Manifest'] },
    );
    await deployedWith({ ...listed, TARGET_BUCKETS: 'data' }, () =>
      fc.assert(
        fc.asyncProperty(request, async (body) => {
          const answer = await post(stack, '/jobs', body);
          expect([202, 403, 422]).toContain(answer.status);
          if (answer.status !== 202) return;
          const executionArn = stack.executionArnOf(answer.body.jobRequestId);
          const { input } = await stack.sfn.send(new DescribeExecutionCommand({ executionArn }));
          const { createJob } = JSON.parse(input ?? '');
          expect(createJob.RoleArn).toBe('arn:aws:iam::000000000000:role/BatchRole');
          expect(createJob.Manifest.Location.ObjectArn).toBe('arn:aws:s3:::lists/m.csv');
          expect(['lists', process.env['STACK_BUCKET']]).toContain(createJob.Report.Bucket.split(':::')[1]);
          const { LambdaInvoke, S3PutObjectCopy } = createJob.Operation;
          if (S3PutObjectCopy) expect(S3PutObjectCopy.TargetResource).toBe('arn:aws:s3:::data');
          if (LambdaInvoke) {
            expect(LambdaInvoke.FunctionArn).toMatch(/(^|:)tagger(:\w+)?$/);
            expect(LambdaInvoke.FunctionArn).not.toContain('123456789012');
          }
        }),
        { numRuns: 200 },
      ),
    );
  });
});

const dryRun = (body: object) => post(stack, '/jobs?dryRun=true', { Operation: tagging, Manifest, ...body });
const codesOf = ({ body }: { body: { findings: { code: string }[] } }) =>
  body.findings.map(({ code }) => code);
const faultCodesOf = ({ body }: { body: { errors?: { code: string }[] } }) =>
  body.errors?.map(({ code }) => code);
const countsOf = async () => ({
  executions: (await stack.executions()).length,
  objects: (await stack.s3.send(new ListObjectsV2Command({ Bucket: process.env['STACK_BUCKET'] }))).KeyCount,
});

describe('POST /jobs?dryRun=true', () => {
  test('describes what would run, and creates nothing', async () => {
    const before = await countsOf();
    const { status, body } = await dryRun({});
    expect(status).toBe(200);
    expect(body).toEqual({
      dryRunId: expect.stringMatching(/^[0-9a-f]{64}$/),
      wouldStart: true,
      objects: { count: 3, isExact: true, likely: 3 },
      firstRows: [
        { Bucket: 'data', Key: 'a' },
        { Bucket: 'data', Key: 'b c' },
        { Bucket: 'data', Key: 'd+é' },
      ],
      findings: [expect.objectContaining({ code: 'plus-in-key', severity: 'warning', lines: [2], count: 1 })],
      estimate: expect.objectContaining({
        usd: 0.250018,
        items: [
          { item: 'job', quantity: 1, usd: 0.25 },
          { item: 'objects', quantity: 3, usd: 0.000003 },
          { item: 'write requests', quantity: 3, usd: 0.000015 },
        ],
      }),
    });
    const inline = await dryRun({ Manifest: undefined, Objects: [{ Bucket: 'data', Key: 'd+é' }] });
    expect(inline.body).toMatchObject({ objects: { count: 1 }, firstRows: [{ Key: 'd+é' }], findings: [] });
    const odd = ['key', 'key'].map((Key) => ({ Bucket: 'bucket', Key }));
    const { body: faulty } = await dryRun({ Manifest: undefined, Objects: odd });
    expect(faulty.findings).toContainEqual(
      expect.objectContaining({ code: 'duplicate-rows', pointer: '/Objects', lines: [2] }),
    );
    expect(codesOf({ body: faulty })).not.toContain('header-row');
    expect(await countsOf()).toEqual(before);
  });

  test('has no count and no id for a ManifestGenerator', async () => {
    const ManifestGenerator = {
      S3JobManifestGenerator: { SourceBucket: 'arn:aws:s3:::data', EnableManifestOutput: false },
    };
    const { body } = await dryRun({ Manifest: undefined, ManifestGenerator });
    expect(body).toMatchObject({ dryRunId: null, wouldStart: true, objects: null });
    expect(body.firstRows[0]).toEqual({ Bucket: 'data', Key: 'a' });
  });

  test('returns errors as findings, without an id', async () => {
    await put('bad.csv', 'Bucket,Key\ndata,a\n\ndata,%\n');
    const { status, body } = await dryRun({ Manifest: manifestAt('lists/bad.csv') });
    expect(status).toBe(200);
    expect(body).toMatchObject({ dryRunId: null, wouldStart: false, objects: { count: 4 } });
    expect(body.findings.map(({ code, lines }: { code: string; lines: number[] }) => [code, lines])).toEqual([
      ['header-row', [1]],
      ['blank-line', [3]],
      ['key-encoding', [4]],
      ['objects-missing', undefined],
    ]);
  });

  test('stops reading when its time is over, with a finding', async () => {
    const size = 5_000_000;
    const row = `data,${'k'.repeat(994)}\n`;
    await put('long.csv', row.repeat(size / row.length));
    expect((await dryRun({ Manifest: manifestAt('lists/long.csv') })).body.objects).toMatchObject({
      count: 5000,
      isExact: true,
    });
    const submitJob = (await import('../functions/submit-job.ts')).handler;
    let remaining = 29_000;
    const event = {
      body: JSON.stringify({ Operation: tagging, Manifest: manifestAt('lists/long.csv') }),
      headers: { 'content-type': 'application/json' },
      queryStringParameters: { dryRun: 'true' },
      requestContext: { http: { method: 'POST' }, requestId: 'r', timeEpoch: 0 },
    };
    const context = {
      getRemainingTimeInMillis: () => {
        remaining -= 1000;
        return remaining;
      },
    };
    const answer = (await submitJob(event as never, context as never)) as { body: string };
    const { objects, findings } = JSON.parse(answer.body);
    expect(objects.isExact).toBe(false);
    expect(objects.count).toBeLessThan(5000);
    expect(objects.count).toBeGreaterThan(100);
    expect(Math.abs(objects.likely - 5000)).toBeLessThan(500);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'read-in-part' }));
  });

  test.each([
    ['dryRun=yes', 'dryRun'],
    ['dryrun=true', 'dryrun'],
    ['dryRunId=1', 'dryRunId'],
    [`dryRun=true&dryRunId=${'0'.repeat(64)}`, 'dryRunId'],
  ])('%s is refused', async (query, name) => {
    const { body } = await post(stack, `/jobs?${query}`, { Operation: tagging, Manifest });
    expect(body).toMatchObject({ status: 400, code: 'InvalidQuery', errors: [{ pointer: `?${name}` }] });
  });
});

describe('the estimate of a dry run', () => {
  const GIB = 1024 ** 3;
  const sizes = {
    'big-ia': ['STANDARD_IA', 5000],
    'cold-1': ['GLACIER', 3000],
    'cold-2': ['DEEP_ARCHIVE', 1000],
  } as const;
  const costsOf = async (Operation: object, ...keys: string[]) => {
    const Objects = keys.map((Key) => ({ Bucket: 'data', Key }));
    const { body } = await dryRun({ Operation, Manifest: undefined, Objects });
    const { items, notIncluded, usd } = body.estimate;
    const sum = items.reduce((total: number, item: { usd: number }) => total + item.usd, 0);
    expect(usd).toBeCloseTo(sum, 6);
    return {
      notIncluded: notIncluded.join('; '),
      items: Object.fromEntries(
        items.map(({ item, quantity, usd: cost }: Cost) => [item, { quantity, usd: cost }]),
      ),
    };
  };
  interface Cost {
    item: string;
    quantity: number;
    usd: number;
  }
  const copy = (more: object) => ({ S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::archive', ...more } });

  beforeAll(async () => {
    for (const [Key, [StorageClass, bytes]] of Object.entries(sizes))
      await stack.s3.send(
        new PutObjectCommand({ Bucket: 'data', Key, Body: Buffer.alloc(bytes), StorageClass }),
      );
  });

  test.each([
    ['STANDARD', 0.005],
    ['INTELLIGENT_TIERING', 0.005],
    ['STANDARD_IA', 0.01],
    ['ONEZONE_IA', 0.01],
    ['GLACIER_IR', 0.02],
    ['GLACIER', 0.03],
    ['DEEP_ARCHIVE', 0.05],
  ])('takes the request price of %s for copies into it', async (StorageClass, perThousand) => {
    const keys = Array.from({ length: 200 }, (_, index) => `none/${index}`);
    const { items, notIncluded } = await costsOf(copy({ StorageClass }), ...keys);
    expect(items['write requests']).toEqual({
      quantity: 200,
      usd: expect.closeTo((200 / 1000) * perThousand, 9),
    });
    expect(notIncluded).toContain('no object could be sampled');
  });

  test('has the retrieval of infrequently accessed sources, and the minimum duration at the target', async () => {
    const { items } = await costsOf(copy({ StorageClass: 'DEEP_ARCHIVE' }), 'big-ia');
    expect(items['GB retrieved']?.quantity).toBeCloseTo(5000 / GIB, 6);
    expect(items['GB-months of minimum storage']?.quantity).toBeCloseTo((5000 / GIB) * 6, 6);
    const small = await costsOf(copy({ StorageClass: 'STANDARD_IA' }), 'a');
    expect(small.items['GB-months of minimum storage']?.quantity).toBeCloseTo((128 * 1024) / GIB, 6);
  });

  test('counts restores by storage class and tier', async () => {
    const restore = (GlacierJobTier?: string) => ({
      S3InitiateRestoreObject: { ExpirationInDays: 1, ...(GlacierJobTier && { GlacierJobTier }) },
    });
    const both = ['cold-1', 'cold-2'];
    expect((await costsOf(restore('STANDARD'), ...both)).items['restore requests']).toEqual({
      quantity: 2,
      usd: 0.00015,
    });
    expect((await costsOf(restore(), ...both)).items['restore requests']?.usd).toBe(0.00015);
    expect((await costsOf(restore('BULK'), ...both)).items['restore requests']?.usd).toBe(0.000025);
    expect((await costsOf(restore('BULK'), 'a')).items['restore requests']).toEqual({ quantity: 0, usd: 0 });
  });

  test('never goes down for more objects, larger objects or a colder target', () => {
    const classes = ['STANDARD', 'STANDARD_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'] as const;
    const facts = fc.array(
      fc.record({
        row: fc.constant({ Bucket: 'data', Key: 'a' }),
        state: fc.constant('there' as const),
        size: fc.nat(10 * GIB),
        storageClass: fc.constantFrom(...classes),
        isArchived: fc.constant(false),
      }),
      { minLength: 1, maxLength: 5 },
    );
    const requests = fc.constantFrom(
      ...classes.map((StorageClass) => copy({ StorageClass })),
      { S3InitiateRestoreObject: { GlacierJobTier: 'BULK' } },
      { S3ComputeObjectChecksum: {} },
      tagging,
    );
    fc.assert(
      fc.property(requests, facts, fc.nat(1_000_000), fc.nat(1000), (Operation, samples, count, more) => {
        const request = { Operation } as never;
        const { usd } = estimateOf(request, count, samples);
        expect(Number.isFinite(usd) && usd >= 0.25).toBe(true);
        expect(estimateOf(request, count + more, samples).usd).toBeGreaterThanOrEqual(usd);
        const larger = samples.map((one) => ({ ...one, size: one.size * 2 }));
        expect(estimateOf(request, count, larger).usd).toBeGreaterThanOrEqual(usd);
        const requestsAt = (StorageClass: string) =>
          estimateOf({ Operation: copy({ StorageClass }) } as never, count, []).usd;
        const costs = classes.map(requestsAt);
        expect(costs).toEqual(costs.toSorted((one, other) => one - other));
      }),
    );
  });
});

describe('POST /jobs?dryRunId=…', () => {
  const described = async (body = {}) => (await dryRun(body)).body.dryRunId as string;
  const submit = (id: string, body: object = {}) =>
    post(stack, `/jobs?dryRunId=${id}`, { Operation: tagging, Manifest, ...body });

  test('starts what the dry run described', async () => {
    const { status, body } = await submit(await described());
    expect(status).toBe(202);
    expect(await stack.ended(body.jobRequestId)).toMatchObject({ outcome: 'Succeeded' });
    const Objects = [{ Bucket: 'data', Key: 'a' }];
    const inline = { Manifest: undefined, Objects };
    expect((await submit(await described(inline), inline)).status).toBe(202);
  });

  test('refuses a changed manifest, a changed request and a changed deployment', async () => {
    const id = await described({ Manifest: manifestAt('lists/soon.csv') }).catch(() => '');
    expect(id).toBeUndefined();
    await put('soon.csv', 'data,a\n');
    const before = await described({ Manifest: manifestAt('lists/soon.csv') });
    await put('soon.csv', 'data,b%20c\n');
    const changed = await submit(before, { Manifest: manifestAt('lists/soon.csv') });
    expect(changed.body).toMatchObject({ status: 409, code: 'DryRunOutdated' });
    expect((await submit(await described(), { Priority: 11 })).body).toMatchObject({
      code: 'DryRunOutdated',
    });
    const own = await described();
    const elsewhere = await deployedWith({ BATCH_ROLE_ARNS: 'arn:aws:iam::000000000000:role/other' }, () =>
      submit(own),
    );
    expect(elsewhere.body).toMatchObject({ code: 'DryRunOutdated' });
  });

  test('refuses a ManifestGenerator, and replays before it checks', async () => {
    const ManifestGenerator = {
      S3JobManifestGenerator: { SourceBucket: 'arn:aws:s3:::data', EnableManifestOutput: false },
    };
    const { body } = await submit('0'.repeat(64), { Manifest: undefined, ManifestGenerator });
    expect(body).toMatchObject({ code: 'DryRunOutdated' });
    const send = async (id: string) =>
      post(stack, `/jobs?dryRunId=${id}`, { Operation: tagging, Manifest }, { 'idempotency-key': 'dry' });
    expect((await send(await described())).status).toBe(202);
    const replay = await send('0'.repeat(64));
    expect(replay.headers['idempotency-replayed']).toBe('true');
  });
});

describe('the manifest', () => {
  test('is pinned to the checked version', async () => {
    await stack.s3.send(new CreateBucketCommand({ Bucket: 'versioned' }));
    await stack.s3.send(
      new PutBucketVersioningCommand({ Bucket: 'versioned', VersioningConfiguration: { Status: 'Enabled' } }),
    );
    const { VersionId, ETag } = await put('m.csv', 'data,a\n', 'versioned');
    const { body } = await post(stack, '/jobs', {
      Operation: tagging,
      Manifest: manifestAt('versioned/m.csv'),
    });
    expect(body.request.Manifest.Location).toEqual({
      ObjectArn: 'arn:aws:s3:::versioned/m.csv',
      ObjectVersionId: VersionId,
      ETag: ETag?.replaceAll('"', ''),
    });
    await put('m.csv', 'data,missing\n', 'versioned');
    expect(await stack.ended(body.jobRequestId)).toMatchObject({ outcome: 'Succeeded' });
  });

  test.each<[string, string]>([
    ['empty.csv', 'empty-manifest'],
    ['header.csv', 'header-row'],
    ['ragged.csv', 'columns'],
  ])('%s is refused with its lines, and starts nothing', async (key, code) => {
    const contents = {
      'empty.csv': Buffer.of(),
      'header.csv': 'Bucket,Key\n',
      'ragged.csv': 'data,a\ndata,b,c\n',
    };
    await put(key, contents[key as 'empty.csv']);
    const before = await countsOf();
    const answer = await post(stack, '/jobs', { Operation: tagging, Manifest: manifestAt(`lists/${key}`) });
    expect(answer.body).toMatchObject({ status: 422, code: 'ChecksFailed' });
    expect(answer.body.errors).toEqual([
      { pointer: '/Manifest/Location/ObjectArn', detail: expect.any(String), code },
    ]);
    if (code === 'columns') expect(answer.body.errors[0].detail).toMatch(/^line 2: /);
    expect(await countsOf()).toEqual(before);
  });

  test('is refused if it names unlisted buckets, which are not inspected', async () => {
    stack.faults.set([{ service: 's3', match: { bucket: 'data' }, effect: { type: 'throttle' } }]);
    const answer = await deployedWith({ DATA_BUCKETS: 'other', MANIFEST_BUCKETS: 'lists' }, () =>
      post(stack, '/jobs', { Operation: tagging, Manifest }),
    );
    const [toOthers] = stack.faults.list().faults;
    stack.faults.clear();
    expect(faultCodesOf(answer)).toEqual(['bucket-not-allowed']);
    expect(toOthers?.matched).toBe(0);
  });

  test('is refused if its ETag differs from the ETag of the request', async () => {
    const Location = { ...Manifest.Location, ETag: '0'.repeat(32) };
    const answer = await post(stack, '/jobs', { Operation: tagging, Manifest: { Location } });
    expect(answer.body.errors).toEqual([
      expect.objectContaining({ pointer: '/Manifest/Location/ETag', code: 'manifest-changed' }),
    ]);
  });

  test('is refused if it is CSV and encrypted with a KMS key', async () => {
    await stack.s3.send(
      new PutObjectCommand({
        Bucket: 'lists',
        Key: 'kms.csv',
        Body: 'data,a\n',
        ServerSideEncryption: 'aws:kms',
      }),
    );
    const answer = await post(stack, '/jobs', { Operation: tagging, Manifest: manifestAt('lists/kms.csv') });
    expect(faultCodesOf(answer)).toEqual(['manifest-encryption']);
  });
});

test('no content of a manifest makes the checks throw', async () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      'data',
      'a b',
      'arn:aws:s3:::data',
      'DATA',
      '..',
      '.',
      'x--x-s3',
      '/',
      '%00',
      '%2e%2e/',
      '%0A',
      '%F0%9F%98%80',
    ),
  );
  const content = fc.oneof(
    fc
      .array(fc.tuple(cell, cell), { minLength: 1, maxLength: 4 })
      .map((rows) => rows.map((row) => row.join()).join('\n')),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(content, async (bytes) => {
      await put('any.csv', Buffer.from(bytes));
      const { status, body } = await dryRun({ Manifest: manifestAt('lists/any.csv') });
      expect(status).toBe(200);
      expect(body.findings.length > 0 || body.wouldStart).toBe(true);
    }),
    { numRuns: 150 },
  );
});

describe('an inventory report', () => {
  const rows = '"data","a"\n"data","b%20c"\n';
  const Spec = { Format: 'S3InventoryReport_CSV_20161130' };
  const write = async (name: string, changed: object = {}, content: Buffer = gzipSync(rows)) => {
    await put(`${name}/1.csv.gz`, content);
    const MD5checksum = createHash('md5').update(content).digest('hex');
    const json = {
      destinationBucket: 'arn:aws:s3:::lists',
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key',
      files: [{ key: `${name}/1.csv.gz`, size: content.length, MD5checksum }],
      ...changed,
    };
    await put(`${name}/manifest.json`, JSON.stringify(json));
    return { Manifest: { Spec, ...manifestAt(`lists/${name}/manifest.json`) } };
  };

  test('is read including its data files', async () => {
    const { body } = await dryRun(await write('good'));
    expect(body).toMatchObject({
      wouldStart: true,
      objects: { count: 2, isExact: true },
      firstRows: [{ Key: 'a' }, { Key: 'b c' }],
    });
    const raw = await dryRun(await write('ragged', {}, gzipSync('"data","a","x"\n')));
    expect(raw.body.findings).toEqual([
      expect.objectContaining({ code: 'columns', file: 'ragged/1.csv.gz', lines: [1] }),
    ]);
  });

  test.each<[string, object, Buffer | undefined, string]>([
    ['in Parquet', { fileFormat: 'Parquet' }, undefined, 'inventory-form'],
    ['without keys', { fileSchema: 'Bucket, Size' }, undefined, 'inventory-form'],
    ['without files', { files: 1 }, undefined, 'inventory-form'],
    [
      'with a missing file',
      { files: [{ key: 'none', size: 1, MD5checksum: '0' }] },
      undefined,
      'inventory-file',
    ],
    ['with a file that is not gzip', {}, Buffer.from(rows), 'inventory-file'],
    [
      'with another file',
      { files: [{ key: 'good/1.csv.gz', size: 1, MD5checksum: '0' }] },
      undefined,
      'inventory-file',
    ],
  ])('%s is refused', async (name, changed, content, code) => {
    await write('good');
    const request = await write(name.replaceAll(' ', '-'), changed, content);
    const answer = await post(stack, '/jobs', { Operation: tagging, ...request });
    expect(faultCodesOf(answer)).toEqual([code]);
  });

  test('is refused if its data files are in an unlisted bucket', async () => {
    const request = await write('elsewhere', { destinationBucket: 'arn:aws:s3:::archive' });
    const answer = await deployedWith({ MANIFEST_BUCKETS: 'lists' }, () =>
      post(stack, '/jobs', { Operation: tagging, ...request }),
    );
    expect(faultCodesOf(answer)).toEqual(['inventory-location']);
  });

  test('is refused if it is named as a CSV manifest', async () => {
    const answer = await dryRun({ Manifest: { Spec, ...manifestAt('lists/m.csv') } });
    expect(codesOf(answer)).toEqual(['inventory-form']);
  });
});

describe('before a job starts', () => {
  const copyTo = (bucket: string, more: object = {}) => ({
    S3PutObjectCopy: { TargetResource: `arn:aws:s3:::${bucket}`, ...more },
  });
  const workerCopy = (more: object) => ({
    LambdaInvoke: { UserArguments: { action: 'copy-large', ...more } },
  });
  const aclOf = (AccessControlPolicy: object) => ({ S3PutObjectAcl: { AccessControlPolicy } });
  const grant = { Grantee: { TypeIdentifier: 'id', Identifier: 'f'.repeat(64) }, Permission: 'READ' };
  const hold = { S3PutObjectLegalHold: { LegalHold: { Status: 'ON' } } };
  const sourceOf = (bucket: string, Filter?: object) => ({
    Manifest: undefined,
    ManifestGenerator: {
      S3JobManifestGenerator: {
        SourceBucket: `arn:aws:s3:::${bucket}`,
        EnableManifestOutput: false,
        ...(Filter && { Filter }),
      },
    },
  });

  beforeAll(async () => {
    await stack.s3.send(
      new CreateBucketCommand({
        Bucket: 'abroad',
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      }),
    );
    await stack.s3.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true }));
    await stack.s3.send(
      new PutObjectLockConfigurationCommand({
        Bucket: 'locked',
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
        },
      }),
    );
    await put('locked.csv', 'locked,a\n');
    await put('a', 'x', 'locked');
    await put('abroad.csv', 'abroad,a\n');
    await put('a', 'x', 'abroad');
    await put('m.csv', 'data,a\n', 'abroad');
    await put('none.csv', 'no-such-bucket,a\n');
    await put('kept', 'x', 'archive');
    await stack.s3.send(new CreateBucketCommand({ Bucket: 'acls', ObjectOwnership: 'ObjectWriter' }));
    await put('a', 'x', 'acls');
    for (const Bucket of ['replicas', 'disabled-rule', 'enabled-rule']) {
      await stack.s3.send(new CreateBucketCommand({ Bucket }));
      await stack.s3.send(
        new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
      );
      await put('a', 'x', Bucket);
    }
    for (const [Bucket, Status] of [
      ['disabled-rule', 'Disabled'],
      ['enabled-rule', 'Enabled'],
    ] as const)
      await stack.s3.send(
        new PutBucketReplicationCommand({
          Bucket,
          ReplicationConfiguration: {
            Role: 'arn:aws:iam::000000000000:role/replication',
            Rules: [
              {
                ID: 'all',
                Status,
                Priority: 1,
                Filter: { Prefix: '' },
                DeleteMarkerReplication: { Status: 'Disabled' },
                Destination: { Bucket: 'arn:aws:s3:::replicas' },
              },
            ],
          },
        }),
      );
  });

  test.each<[string, object, string[], string]>([
    [
      'a missing target',
      { Operation: copyTo('nowhere') },
      ['bucket-missing'],
      '/Operation/S3PutObjectCopy/TargetResource',
    ],
    [
      'a target in another Region',
      { Operation: copyTo('abroad') },
      ['wrong-region'],
      '/Operation/S3PutObjectCopy/TargetResource',
    ],
    [
      'a missing report bucket',
      { Report: { Bucket: 'arn:aws:s3:::nowhere' } },
      ['bucket-missing'],
      '/Report/Bucket',
    ],
    [
      'a report bucket with a default retention',
      { Report: { Bucket: 'arn:aws:s3:::locked' } },
      ['report-bucket-lock'],
      '/Report/Bucket',
    ],
    [
      'a missing source bucket',
      sourceOf('nowhere'),
      ['bucket-missing'],
      '/ManifestGenerator/S3JobManifestGenerator/SourceBucket',
    ],
    [
      'a source bucket without Object Lock',
      { ...sourceOf('data'), Operation: hold },
      ['no-object-lock'],
      '/ManifestGenerator/S3JobManifestGenerator/SourceBucket',
    ],
    ['objects without Object Lock', { Operation: hold }, ['no-object-lock'], '/Manifest/Location/ObjectArn'],
    [
      'objects in another Region',
      { Manifest: manifestAt('lists/abroad.csv') },
      ['wrong-region'],
      '/Manifest/Location/ObjectArn',
    ],
    [
      'a legal hold in a missing bucket',
      { Operation: hold, Manifest: manifestAt('lists/none.csv') },
      ['bucket-missing'],
      '/Manifest/Location/ObjectArn',
    ],
  ])('%s: refused', async (_, changed, codes, pointer) => {
    const answer = await post(stack, '/jobs', { Operation: tagging, Manifest, ...changed });
    expect(answer.body).toMatchObject({ status: 422, code: 'ChecksFailed' });
    expect(faultCodesOf(answer)).toEqual(codes);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });

  const restore = (days?: number) => ({
    S3InitiateRestoreObject: { GlacierJobTier: 'BULK', ...(days && { ExpirationInDays: days }) },
  });
  const objectsOf = (...keys: string[]) => ({
    Manifest: undefined,
    Objects: keys.map((Key) => ({ Bucket: 'data', Key })),
  });
  test.each<[string, object, string[]]>([
    ['a manifest in another Region', { Manifest: manifestAt('abroad/m.csv') }, ['other-region']],
    [
      'a missing bucket',
      { Manifest: manifestAt('lists/none.csv') },
      ['data-bucket-missing', 'objects-missing'],
    ],
    ['objects that are not there', objectsOf('a', 'gone'), ['objects-missing']],
    [
      'copies of archived objects',
      { ...objectsOf('cold'), Operation: copyTo('archive') },
      ['objects-archived'],
    ],
    [
      'restores of objects that are not archived',
      { ...objectsOf('a'), Operation: restore(1) },
      ['objects-not-archived'],
    ],
    ['restores without days', { ...objectsOf('cold'), Operation: restore() }, ['restore-days']],
    [
      'restores with days of a tiered object',
      { ...objectsOf('tiered'), Operation: restore(1) },
      ['restore-days'],
    ],
    [
      'restores of a tiered object that is not archived',
      { ...objectsOf('tiered'), Operation: restore() },
      ['objects-not-archived'],
    ],
    [
      'restores of an object that is being restored',
      { ...objectsOf('thawing'), Operation: restore(1) },
      ['objects-restoring'],
    ],
    [
      'replication by a disabled rule',
      { Operation: { S3ReplicateObject: {} }, ...sourceOf('disabled-rule') },
      ['no-replication-rule'],
    ],
    [
      'an ACL where ACLs are disabled',
      { ...objectsOf('a'), Operation: aclOf({ CannedAccessControlList: 'private' }) },
      ['acls-disabled'],
    ],
    [
      'grants where ACLs are disabled',
      {
        ...objectsOf('a'),
        Operation: aclOf({ AccessControlList: { Owner: { ID: OWNER_ID }, Grants: [grant] } }),
      },
      ['acls-disabled'],
    ],
    [
      'copies with an ACL into a bucket where ACLs are disabled',
      { ...objectsOf('a'), Operation: copyTo('archive', { CannedAccessControlList: 'bucket-owner-read' }) },
      ['acls-disabled'],
    ],
    [
      'copies with grants into a bucket where ACLs are disabled',
      { ...objectsOf('a'), Operation: copyTo('archive', { AccessControlGrants: [grant] }) },
      ['acls-disabled'],
    ],
    [
      'copies of the worker with an ACL into a bucket where ACLs are disabled',
      { ...objectsOf('a'), Operation: workerCopy({ acl: 'private', targetBucket: 'archive' }) },
      ['acls-disabled'],
    ],
    [
      'copies of the worker onto themselves with an ACL where ACLs are disabled',
      { ...objectsOf('a'), Operation: workerCopy({ acl: 'bucket-owner-read' }) },
      ['acls-disabled'],
    ],
    ['copies onto themselves', { ...objectsOf('a'), Operation: copyTo('data') }, ['copy-onto-itself']],
    [
      'copies of a manifest onto themselves',
      { Operation: copyTo('data') },
      ['copy-onto-itself', 'plus-in-key'],
    ],
    [
      'copies of a manifest generator onto themselves',
      { ...sourceOf('archive'), Operation: copyTo('archive') },
      ['copy-onto-itself'],
    ],
    [
      'an empty set of tags',
      { ...objectsOf('a'), Operation: { S3PutObjectTagging: { TagSet: [] } } },
      ['removes-all-tags'],
    ],
    ['no set of tags', { ...objectsOf('a'), Operation: { S3PutObjectTagging: {} } }, ['removes-all-tags']],
    [
      'copies with an empty set of tags',
      { ...objectsOf('a'), Operation: copyTo('archive', { NewObjectTagging: [] }) },
      ['removes-all-tags'],
    ],
    [
      'a filter that chooses nothing',
      sourceOf('archive', { KeyNameConstraint: { MatchAnySuffix: ['.none'] } }),
      ['nothing-chosen'],
    ],
    [
      'a filter that the listing does not show',
      {
        ...sourceOf('archive', {
          MatchAnyObjectEncryption: [{ SSES3: {} }],
        }),
      },
      ['filter-in-part'],
    ],
    [
      'a function without a version',
      { Operation: { LambdaInvoke: { FunctionArn: 'tagger' } } },
      ['function-not-pinned', 'plus-in-key'],
    ],
    [
      'replication without version ids, in a bucket without a rule',
      { Operation: { S3ReplicateObject: {} }, ...objectsOf('a') },
      ['versions-needed', 'no-replication-rule'],
    ],
  ])('%s: a warning that stays with the job', async (_, changed, codes) => {
    await stack.s3.send(
      new PutObjectCommand({ Bucket: 'data', Key: 'cold', Body: 'x', StorageClass: 'GLACIER' }),
    );
    await stack.s3.send(
      new PutObjectCommand({ Bucket: 'data', Key: 'tiered', Body: 'x', StorageClass: 'INTELLIGENT_TIERING' }),
    );
    await stack.s3.send(
      new PutObjectCommand({ Bucket: 'data', Key: 'thawing', Body: 'x', StorageClass: 'GLACIER' }),
    );
    await stack.s3.send(
      new RestoreObjectCommand({ Bucket: 'data', Key: 'thawing', RestoreRequest: { Days: 1 } }),
    );
    const { status, body } = await post(stack, '/jobs', { Operation: tagging, Manifest, ...changed });
    expect(status).toBe(202);
    expect(codesOf({ body: { findings: body.warnings } })).toEqual(codes);
    const later = await call(stack, 'GET', `/jobs/${body.jobRequestId}`);
    expect(later.body.warnings).toEqual(body.warnings);
  });

  test.each<[string, object]>([
    ['replication by an enabled rule', { Operation: { S3ReplicateObject: {} }, ...sourceOf('enabled-rule') }],
    [
      'an ACL where ACLs are enabled',
      { ...sourceOf('acls'), Operation: aclOf({ CannedAccessControlList: 'private' }) },
    ],
    [
      'an ACL that grants only what the owner has',
      { ...objectsOf('a'), Operation: aclOf({ CannedAccessControlList: 'bucket-owner-full-control' }) },
    ],
    [
      'copies with such an ACL',
      {
        ...objectsOf('a'),
        Operation: copyTo('archive', { CannedAccessControlList: 'bucket-owner-full-control' }),
      },
    ],
    [
      'copies of the worker with an ACL where ACLs are enabled',
      { ...objectsOf('a'), Operation: workerCopy({ acl: 'private', targetBucket: 'acls' }) },
    ],
    [
      'copies of the worker that keep the ACL',
      { ...objectsOf('a'), Operation: workerCopy({ acl: 'keep', targetBucket: 'archive' }) },
    ],
    ['copies to another prefix', { ...objectsOf('a'), Operation: copyTo('data', { TargetKeyPrefix: 'to' }) }],
    [
      'copies onto themselves that change the storage class',
      { ...objectsOf('a'), Operation: copyTo('data', { StorageClass: 'STANDARD_IA' }) },
    ],
    [
      'copies onto themselves that change the tags',
      { ...objectsOf('a'), Operation: copyTo('data', { NewObjectTagging: [{ Key: 'a', Value: 'b' }] }) },
    ],
  ])('%s: no finding', async (_, changed) => {
    const { body } = await dryRun(changed);
    expect(body.findings).toEqual([]);
  });

  test('does not advise to restore archived objects before a replication', async () => {
    const { body } = await dryRun({ ...objectsOf('cold'), Operation: { S3ReplicateObject: {} } });
    const archived = body.findings.find(({ code }: { code: string }) => code === 'objects-archived');
    expect(archived.remedy).toContain('Leave them out');
  });

  test('names the first ten sampled keys of a finding', async () => {
    const gone = Array.from({ length: 12 }, (_, index) => `gone/${index}`);
    const { body } = await dryRun(objectsOf('a', ...gone));
    expect(body.findings).toEqual([
      expect.objectContaining({ code: 'objects-missing', count: 12, keys: gone.slice(0, 10) }),
    ]);
  });

  test('keeps a warning with a job even if its keys are too long to be kept', async () => {
    const gone = Array.from({ length: 10 }, (_, index) => `${index}`.padEnd(1000, 'k'));
    const { status, body } = await post(stack, '/jobs', { Operation: tagging, ...objectsOf(...gone) });
    expect(status).toBe(202);
    expect(body.warnings).toEqual([expect.objectContaining({ code: 'objects-missing', count: 10 })]);
    expect(body.warnings[0]).not.toHaveProperty('keys');
  });

  describe('with a manifest generator', () => {
    test('shows the first keys that the filter of the local S3 Batch Operations chooses', async () => {
      const { createFilter } = await import('../local/batch/generator/filter.ts');
      const Bucket = 'filtered';
      await stack.s3.send(new CreateBucketCommand({ Bucket }));
      const classes = ['STANDARD', 'STANDARD_IA', 'GLACIER'] as const;
      const text = fc.stringMatching(/^[ab/.]{1,3}$/);
      const object = fc.record({ key: text, size: fc.nat(20), storageClass: fc.constantFrom(...classes) });
      const size = fc.nat(20);
      const filter = fc.record(
        {
          KeyNameConstraint: fc.record(
            {
              MatchAnyPrefix: text.map((one) => [one]),
              MatchAnySuffix: text.map((one) => [one]),
              MatchAnySubstring: text.map((one) => [one]),
            },
            { requiredKeys: [] },
          ),
          ObjectSizeGreaterThanBytes: size,
          ObjectSizeLessThanBytes: size,
          MatchAnyStorageClass: fc.subarray([...classes], { minLength: 1 }),
          CreatedAfter: fc.constantFrom('2020-01-01', '2999-01-01'),
          CreatedBefore: fc.constantFrom('2020-01-01', '2999-01-01'),
        },
        { requiredKeys: [] },
      );
      const objects = fc.uniqueArray(object, { selector: ({ key }) => key, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(objects, filter, async (present, Filter) => {
          const { Contents = [] } = await stack.s3.send(new ListObjectsV2Command({ Bucket }));
          for (const { Key } of Contents) await stack.s3.send(new DeleteObjectCommand({ Bucket, Key }));
          for (const { key: Key, size: bytes, storageClass: StorageClass } of present)
            await stack.s3.send(
              new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(bytes), StorageClass }),
            );
          const { CreatedAfter, CreatedBefore, ...others } = Filter;
          const matches = createFilter({
            ...others,
            ...(CreatedAfter && { CreatedAfter: new Date(CreatedAfter) }),
            ...(CreatedBefore && { CreatedBefore: new Date(CreatedBefore) }),
          });
          const chosen = present
            .filter((one) => matches({ ...one, lastModifiedMs: Date.UTC(2026, 0) } as never))
            .map(({ key }) => key)
            .sort();
          const { body } = await dryRun(sourceOf(Bucket, Filter));
          expect(body.firstRows.map(({ Key }: { Key: string }) => Key)).toEqual(chosen);
          expect(codesOf({ body })).toEqual(chosen.length === 0 ? ['nothing-chosen'] : []);
          expect(body.objects).toBeNull();
        }),
        { numRuns: 30 },
      );
    });

    test('says when no such object was found in the time allowed', async () => {
      const body = { Operation: tagging, ...sourceOf('archive', { MatchAnyStorageClass: ['GLACIER'] }) };
      // All of the time is over at the second reading of the clock.
      let remaining = 58_000;
      const getRemainingTimeInMillis = () => {
        remaining -= 29_000;
        return remaining;
      };
      const submitJob = (await import('../functions/submit-job.ts')).handler;
      const event = {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
        queryStringParameters: { dryRun: 'true' },
        requestContext: { http: { method: 'POST' }, requestId: 'r', timeEpoch: 0 },
      };
      const answer = (await submitJob(event as never, { getRemainingTimeInMillis } as never)) as {
        body: string;
      };
      expect(codesOf({ body: JSON.parse(answer.body) })).toEqual(['none-chosen-yet']);
      expect(codesOf(await dryRun(body))).toEqual(['nothing-chosen']);
    });
  });

  test('accepts a function with a version, and the worker, without a finding', async () => {
    for (const invoke of [{ FunctionArn: 'tagger:7' }, { UserArguments: { action: 'verify-checksum' } }]) {
      const { body } = await dryRun({ ...objectsOf('a'), Operation: { LambdaInvoke: invoke } });
      expect(body.findings).toEqual([]);
    }
  });
});

describe('POST /jobs for the worker', () => {
  test('takes arguments as JSON values, and sends S3 their text', async () => {
    const UserArguments = { action: 'merge-tags', tags: { team: 'media' } };
    const body = { Operation: { LambdaInvoke: { UserArguments } }, Manifest };
    const { status, body: started } = await post(stack, '/jobs', body);
    expect(status).toBe(202);
    const executionArn = stack.executionArnOf(started.jobRequestId);
    const { input } = await stack.sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(JSON.parse(input ?? '').createJob.Operation.LambdaInvoke.UserArguments).toEqual({
      action: 'merge-tags',
      tags: '{"team":"media"}',
    });
    const wrong = { LambdaInvoke: { UserArguments: { action: 'gzip', level: 90 } } };
    const refused = await post(stack, '/jobs', { Operation: wrong, Manifest });
    expect(refused.body.errors).toEqual([
      expect.objectContaining({
        pointer: '/Operation/LambdaInvoke/UserArguments/level',
        detail: 'must be 9 or less, not 90',
      }),
    ]);
  });
});

describe('a manifest that does not exist', () => {
  test.each([
    ['its object', 'arn:aws:s3:::lists/no/such.csv', 'There is no object no/such.csv in the bucket lists.'],
    [
      'its bucket',
      'arn:aws:s3:::archive-of-nobody/m.csv',
      'There is no bucket archive-of-nobody, so the manifest m.csv cannot be read.',
    ],
  ])('is refused with the name of %s', async (_, ObjectArn, detail) => {
    process.env['MANIFEST_BUCKETS'] = 'lists,archive-of-nobody';
    const { status, body } = await post(stack, '/jobs', {
      Operation: tagging,
      Manifest: { Location: { ObjectArn } },
    });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'ManifestNotReadable',
      detail,
      errors: [{ pointer: '/Manifest/Location/ObjectArn', detail: 'does not exist' }],
    });
  });
});

describe('when S3 fails', () => {
  const request = { Operation: tagging, Manifest, Report: { Bucket: 'arn:aws:s3:::archive' } };
  async function broken<T>(faults: Omit<Fault, 'service'>[], work: () => Promise<T>): Promise<T> {
    stack.faults.set(faults.map((fault) => ({ service: 's3', ...fault })));
    try {
      return await work();
    } finally {
      stack.faults.clear();
    }
  }
  const effects: Fault['effect'][] = [
    { type: 'throttle' },
    { type: 'error', status: 500 },
    { type: 'error', code: 'AccessDenied', status: 403 },
    { type: 'disconnect' },
  ];

  test.each(['GetObject', 'HeadBucket', 'GetObjectLockConfiguration'])(
    'a job starts although %s fails, with a finding for the missing check',
    async (action) => {
      for (const effect of effects) {
        const { status, body } = await broken([{ action, effect }], () => post(stack, '/jobs', request));
        expect(status).toBe(202);
        expect(codesOf({ body: { findings: body.warnings } })).toContain('unchecked');
      }
    },
  );

  test('only a failed lookup of the ETag refuses the request', async () => {
    for (const effect of effects) {
      const lookUp = { action: 'HeadObject', match: { key: 'm.csv' }, effect };
      const { status } = await broken([lookUp], () => post(stack, '/jobs', request));
      expect(status).toBe('code' in effect ? 422 : 503);
      const samples = { action: 'HeadObject', match: { bucket: 'data' }, effect };
      const sampled = await broken([samples], () => post(stack, '/jobs', request));
      expect(codesOf({ body: { findings: sampled.body.warnings } })).toContain('unchecked');
    }
    const { ETag = '' } = await put('m.csv', 'data,a\n');
    const known = { ...request, Manifest: { Location: { ...Manifest.Location, ETag } } };
    const given = await broken([{ effect: { type: 'throttle' } }], () => post(stack, '/jobs', known));
    expect(given.status).toBe(202);
  });

  test('a replay makes no call to S3', async () => {
    const send = () => post(stack, '/jobs', request, { 'idempotency-key': 'replayed' });
    const first = await send();
    const replay = await broken([{ effect: { type: 'throttle' } }], send);
    expect(replay).toMatchObject({ status: 202, body: { jobRequestId: first.body.jobRequestId } });
    expect(replay.headers['idempotency-replayed']).toBe('true');
  });
});
