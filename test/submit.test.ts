import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
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

/** Runs with the environment that a deployment with other parameters has. */
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
      'a place for the generated manifest',
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

  test('is told all at once', async () => {
    const environment = { OPERATIONS: 'LambdaInvoke', MANIFEST_BUCKETS: 'x', MAX_PRIORITY: '1' };
    const { body } = await deployedWith(environment, () =>
      post(stack, '/jobs', { Operation: tagging, Manifest, Priority: 2 }),
    );
    expect(body.errors).toHaveLength(3);
  });

  test('is taken once it is listed or switched on', async () => {
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

  test('nor may a priority be raised over the ceiling later', async () => {
    const { body } = await post(stack, '/jobs', { Operation: tagging, Manifest, ConfirmationRequired: true });
    await stack.clock.advance(60_000);
    const { body: problem } = await deployedWith({ MAX_PRIORITY: '20' }, () =>
      call(stack, 'PATCH', `/jobs/${body.jobRequestId}`, { body: { Priority: 21 } }),
    );
    expect(problem).toMatchObject({ code: 'NotAllowed', errors: [{ pointer: '/Priority' }] });
    await post(stack, `/jobs/${body.jobRequestId}/cancel`);
  });

  test('never gets to CreateJob, whatever the request', async () => {
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
          const executionArn = `${process.env['STATE_MACHINE_ARN']?.replace(':stateMachine:', ':execution:')}:${answer.body.jobRequestId}`;
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
