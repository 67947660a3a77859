/** What the roles of a deployment allow, by its parameters. The evaluator stands for IAM. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { operationNames } from '../tools/parameters.ts';
import { type Call, roleOf } from './support/iam-policy.ts';
import { type Resources, rolesOf } from './support/packaged-template.ts';

const KEY = 'arn:aws:kms:us-east-1:000000000000:key/one';
const names = { refs: { StackBucket: 'stack-bucket' } };
const may = (resources: Resources, role: string, action: string, resource: string, context = {}) =>
  roleOf(resources, role, names)({ action, resource, context } satisfies Call) === 'allowed';
const bucket = (name: string) => `arn:aws:s3:::${name}`;
const workerArn = 'arn:aws:lambda:us-east-1:000000000000:workerlambdafunction';

describe('key prefixes', () => {
  let roles: Resources;
  beforeAll(() => {
    roles = rolesOf({
      dataBuckets: 'data',
      manifestBuckets: 'lists/in/*,more',
      reportBuckets: 'logs/jobs*,plain',
      targetBuckets: 'copies/to/*',
    });
  });
  const readersOfReports = ['SummarizeReportRole', 'GetReportRole', 'ListResultsRole', 'SubmitJobRole'];

  test.each(readersOfReports)('%s learns that a report does not exist, below its prefix only', (role) => {
    // S3 answers 404 instead of 403 if the caller may list the key that it asks for.
    const lists = (name: string, key?: string) =>
      may(roles, role, 's3:ListBucket', bucket(name), key && { 's3:prefix': key });
    expect(lists('logs', 'jobs/2026/job-1/manifest.json')).toBe(true);
    expect(lists('logs', 'secret/a')).toBe(false);
    // HeadBucket, for the checks.
    expect(lists('logs')).toBe(role === 'SubmitJobRole');
    expect(lists('plain', 'anything')).toBe(true);
    expect(lists('stack-bucket', 'reports/a')).toBe(true);
    expect(may(roles, role, 's3:GetObject', `${bucket('logs')}/jobs/2026/job-1/manifest.json`)).toBe(true);
    expect(may(roles, role, 's3:GetObject', `${bucket('logs')}/secret/a`)).toBe(false);
  });

  test('submit-job learns that a manifest does not exist, and inspects output buckets without listing', () => {
    const lists = (name: string, key?: string) =>
      may(roles, 'SubmitJobRole', 's3:ListBucket', bucket(name), key && { 's3:prefix': key });
    expect(lists('lists', 'in/a.csv')).toBe(true);
    expect(lists('lists', 'out/a.csv')).toBe(false);
    expect(lists('more', 'a.csv')).toBe(true);
    for (const output of ['logs', 'copies']) {
      expect(lists(output)).toBe(true); // HeadBucket
      expect(lists(output, 'secret/')).toBe(false);
    }
    const lock = 's3:GetBucketObjectLockConfiguration';
    expect(may(roles, 'SubmitJobRole', lock, bucket('logs'))).toBe(true);
  });

  test('jobs and the worker write below the prefixes only', () => {
    for (const [role, target] of [
      ['BatchRole', 'copies/to/'],
      ['WorkerRole', 'copies/to/'],
      ['BatchRole', 'logs/jobs/'],
    ] as const) {
      expect(may(roles, role, 's3:PutObject', bucket(`${target}a`))).toBe(true);
      expect(may(roles, role, 's3:PutObject', bucket(`${target.split('/')[0]}/else`))).toBe(false);
    }
    expect(may(roles, 'BatchRole', 's3:GetObject', bucket('lists/in/a.csv'))).toBe(true);
    expect(may(roles, 'BatchRole', 's3:GetObject', bucket('lists/out/a.csv'))).toBe(false);
    for (const name of ['lists', 'logs', 'copies'])
      expect(may(roles, 'BatchRole', 's3:GetBucketLocation', bucket(name))).toBe(true);
  });
});

/** A right that AWS's page on the role names, with the resource that it is for. */
type Right = [action: string, resource: string];
const onData = (...actions: string[]): Right[] => actions.map((action) => [`s3:${action}`, bucket('data/a')]);
const onBucket = (...actions: string[]): Right[] => actions.map((action) => [`s3:${action}`, bucket('data')]);
const onTarget = (...actions: string[]): Right[] =>
  actions.map((action) => [`s3:${action}`, bucket('copies/a')]);
const onKey = (...actions: string[]): Right[] => actions.map((action) => [`kms:${action}`, KEY]);

/** Rights of the job role by operation: the table "Job role permissions" of AWS's documentation. */
const RIGHTS: Record<string, Right[]> = {
  LambdaInvoke: [
    ['lambda:InvokeFunction', workerArn],
    ['lambda:InvokeFunction', `${workerArn}:7`],
    ['lambda:InvokeFunction', 'arn:aws:lambda:us-east-1:000000000000:function:tagger'],
    ['lambda:InvokeFunction', 'arn:aws:lambda:us-east-1:000000000000:function:tagger:live'],
  ],
  S3PutObjectCopy: [
    ...onTarget('PutObject', 'PutObjectAcl', 'PutObjectTagging', 'PutObjectVersionAcl'),
    ...onTarget('PutObjectVersionTagging', 'PutObjectLegalHold', 'PutObjectRetention'),
    ...onData('GetObject', 'GetObjectAcl', 'GetObjectTagging'),
    ...onData('GetObjectVersion', 'GetObjectVersionAcl', 'GetObjectVersionTagging'),
    ...onBucket('ListBucket'),
  ],
  S3PutObjectTagging: onData('PutObjectTagging', 'PutObjectVersionTagging'),
  S3DeleteObjectTagging: onData('DeleteObjectTagging', 'DeleteObjectVersionTagging'),
  S3PutObjectAcl: onData('PutObjectAcl', 'PutObjectVersionAcl'),
  S3InitiateRestoreObject: onData('RestoreObject'),
  S3PutObjectRetention: [
    ...onBucket('GetBucketObjectLockConfiguration'),
    ...onData('PutObjectRetention', 'BypassGovernanceRetention'),
  ],
  S3PutObjectLegalHold: [...onBucket('GetBucketObjectLockConfiguration'), ...onData('PutObjectLegalHold')],
  S3ReplicateObject: [...onData('InitiateReplication'), ...onBucket('GetReplicationConfiguration')],
  S3ComputeObjectChecksum: onData('GetObject', 'GetObjectVersion', 'RestoreObject'),
  S3UpdateObjectEncryption: [
    ...onData('GetObject', 'GetObjectVersion', 'UpdateObjectEncryption'),
    ...onKey('Decrypt', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'),
  ],
};
/** Of every job: its manifest, its report, a generated manifest. */
const COMMON: Right[] = [
  ...['GetObject', 'GetObjectVersion'].map((action): Right => [`s3:${action}`, bucket('lists/a.csv')]),
  ['s3:PutObject', bucket('logs/a')],
  ['s3:GetObject', bucket('logs/a')],
  ['s3:ListBucket', bucket('logs')],
  ...onBucket('PutInventoryConfiguration'),
  ...['lists', 'logs', 'data'].map((name): Right => ['s3:GetBucketLocation', bucket(name)]),
];

describe('the job role', () => {
  const lists = {
    dataBuckets: 'data',
    manifestBuckets: 'lists',
    reportBuckets: 'logs',
    targetBuckets: 'copies',
    functions: 'tagger',
    kmsKeys: KEY,
    governanceBypass: 'true',
  };
  const grants = (roles: Resources, [action, resource]: Right) => may(roles, 'BatchRole', action, resource);

  test('has every right that AWS names for an operation, when all are allowed', () => {
    expect(Object.keys(RIGHTS).sort()).toEqual([...operationNames].sort());
    const roles = rolesOf(lists);
    const missing = [...COMMON, ...Object.values(RIGHTS).flat()].filter((right) => !grants(roles, right));
    expect(missing).toEqual([]);
  });

  test.each(operationNames)(
    'has the rights of %s and of no other operation, when only it is allowed',
    (operation) => {
      const roles = rolesOf({ ...lists, operations: operation });
      const own = [...COMMON, ...(RIGHTS[operation] ?? [])];
      expect(own.filter((right) => !grants(roles, right))).toEqual([]);
      const isOwn = ([action, resource]: Right) => own.some(([a, r]) => a === action && r === resource);
      const foreign = Object.values(RIGHTS)
        .flat()
        // Listing the data buckets, and using the listed keys, belong to no operation alone.
        .filter(([action]) => action !== 's3:ListBucket' && !action.startsWith('kms:'))
        .filter((right) => !isOwn(right));
      expect(foreign.filter((right) => grants(roles, right))).toEqual([]);
    },
  );

  test('may bypass governance retention only when governanceBypass is on', () => {
    const right: Right = ['s3:BypassGovernanceRetention', bucket('data/a')];
    expect(grants(rolesOf({ ...lists, governanceBypass: 'false' }), right)).toBe(false);
  });
});

test('operations and maxPriority limit what create-job and change-job may ask of S3', () => {
  const asks = (roles: Resources, role: string, action: string, context: object) =>
    may(
      roles,
      role,
      action,
      action === 's3:CreateJob' ? '*' : 'arn:aws:s3:us-east-1:000000000000:job/1',
      context,
    );
  const open = rolesOf();
  const narrow = rolesOf({ operations: 'S3PutObjectTagging,LambdaInvoke', maxPriority: '20' });
  const request = (operation: string, priority: string) => ({
    's3:RequestJobOperation': operation,
    's3:RequestJobPriority': priority,
  });
  expect(asks(open, 'CreateJobRole', 's3:CreateJob', request('S3PutObjectCopy', '99'))).toBe(true);
  expect(asks(narrow, 'CreateJobRole', 's3:CreateJob', request('LambdaInvoke', '20'))).toBe(true);
  expect(asks(narrow, 'CreateJobRole', 's3:CreateJob', request('S3PutObjectCopy', '20'))).toBe(false);
  expect(asks(narrow, 'CreateJobRole', 's3:CreateJob', request('LambdaInvoke', '21'))).toBe(false);
  expect(asks(narrow, 'ChangeJobRole', 's3:UpdateJobPriority', { 's3:RequestJobPriority': '21' })).toBe(
    false,
  );
  expect(asks(narrow, 'ChangeJobRole', 's3:UpdateJobPriority', { 's3:RequestJobPriority': '20' })).toBe(true);
});
