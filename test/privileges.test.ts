/**
 * Privilege ratio: the actions that a role grants, divided by those that its function uses. All calls of the API and the
 * actions of the worker run on the local stack, with every option of a job that takes another right.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, expect, test } from '@jest/globals';
import type { Fault } from '../local/faults/fault.ts';
import { LOCAL_PARAMS } from '../local/params.ts';
import { roleIdOf } from '../tools/roles.ts';
import type { PolicyStatement } from './support/iam-policy.ts';
import { type Resource, rolesOf, root } from './support/packaged-template.ts';
import {
  call,
  type FunctionCall,
  post,
  type SimulatedStack,
  simulateStack,
} from './support/simulated-stack.ts';

type Actions = (input: Record<string, unknown>) => string[];
const versioned =
  (action: string, plain = action.replace('Version', '')): Actions =>
  ({ VersionId }) => [`s3:${VersionId === undefined ? plain : action}`];
/** Members of a write that take rights of their own. */
const write: Actions = (input) => {
  const has = (name: RegExp) => Object.keys(input).some((one) => name.test(one) && input[one] !== undefined);
  return [
    's3:PutObject',
    ...(has(/^Tagging$/) ? ['s3:PutObjectTagging'] : []),
    ...(has(/^ACL$|^Grant/) ? ['s3:PutObjectAcl'] : []),
    ...(has(/^ObjectLockMode$/) ? ['s3:PutObjectRetention'] : []),
  ];
};
const copy: Actions = (input) => [
  String(input['CopySource']).includes('versionId=') ? 's3:GetObjectVersion' : 's3:GetObject',
  ...write(input),
];
const only =
  (...actions: string[]): Actions =>
  () =>
    actions;

/** What a command needs, by the Service Authorization Reference of AWS. */
const ACTIONS: Record<string, Actions> = {
  AbortMultipartUpload: only('s3:AbortMultipartUpload'),
  CompleteMultipartUpload: only('s3:PutObject'),
  CopyObject: copy,
  CreateJob: ({ Tags }) => ['s3:CreateJob', 'iam:PassRole', ...(Tags ? ['s3:PutJobTagging'] : [])],
  CreateMultipartUpload: write,
  DeleteObject: versioned('DeleteObjectVersion'),
  GetBucketReplication: only('s3:GetReplicationConfiguration'),
  GetObject: versioned('GetObjectVersion'),
  GetObjectAcl: versioned('GetObjectVersionAcl'),
  GetObjectLockConfiguration: only('s3:GetBucketObjectLockConfiguration'),
  GetObjectTagging: versioned('GetObjectVersionTagging'),
  HeadBucket: only('s3:ListBucket'),
  HeadObject: versioned('GetObjectVersion'),
  ListMultipartUploads: only('s3:ListBucketMultipartUploads'),
  ListObjectsV2: only('s3:ListBucket'),
  ListParts: only('s3:ListMultipartUploadParts'),
  PutObject: write,
  PutObjectTagging: versioned('PutObjectVersionTagging'),
  UploadPart: only('s3:PutObject'),
  UploadPartCopy: copy,
};
const SERVICES: [RegExp, string][] = [
  [/Execution/, 'states'],
  [/^Publish$/, 'sns'],
  [/^GetSecretValue$/, 'secretsmanager'],
];
function actionsOf({ command, input, status }: FunctionCall): string[] {
  const name = command.replace(/Command$/, '');
  const service = SERVICES.find(([pattern]) => pattern.test(name))?.[1] ?? 's3';
  const actions = (ACTIONS[name] ?? only(`${service}:${name}`))(input);
  // S3 answers 404 for a missing object only to those who may list its bucket; to others 403.
  return status === 404 && /Object/.test(name) ? [...actions, 's3:ListBucket'] : actions;
}

const used = new Map<string, Set<string>>();
let stack: SimulatedStack;

const tagging = { S3PutObjectTagging: { TagSet: [{ Key: 'team', Value: 'x' }] } };
const object = (Bucket: string, Key: string, VersionId?: string) => ({
  Bucket,
  Key,
  ...(VersionId !== undefined && { VersionId }),
});
const put = async (Bucket: string, Key: string, Body: string | Uint8Array = 'text', more = {}) =>
  (await stack.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))).VersionId ?? '';

async function submit(body: object, query = ''): Promise<string> {
  const answer = await post(stack, `/jobs${query}`, body);
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer.body.jobRequestId;
}

async function finish(body: object): Promise<string> {
  const id = await submit(body);
  await stack.ended(id);
  return id;
}

/** A job that waits for its confirmation. */
async function suspended(): Promise<string> {
  const id = await submit({ Operation: tagging, Objects: [object('data', 'a')], ConfirmationRequired: true });
  await stack.clock.advance(20_000);
  return id;
}

async function makeBuckets(): Promise<void> {
  await stack.s3.send(new CreateBucketCommand({ Bucket: 'data', ObjectOwnership: 'ObjectWriter' }));
  await stack.s3.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true }));
  await put('data', 'a');
}

/** Each call of the API, and each way of a job through the state machine. */
async function callEverything(): Promise<void> {
  const body = { Operation: tagging, Objects: [object('data', 'a'), object('data', 'missing')] };
  const key = { 'idempotency-key': 'one' };
  const first = (await post(stack, '/jobs', body, key)).body.jobRequestId;
  await stack.clock.advance(1000);
  await post(stack, '/jobs', body, key);
  await stack.ended(first);
  for (const path of ['', '/report', '/failures']) await call(stack, 'GET', `/jobs/${first}${path}`);
  await post(stack, `/jobs/${first}/retry-failed`, { Codes: ['*'] });
  await call(stack, 'GET', `/jobs/${first}`);

  const waiting = await suspended();
  for (const path of ['', '/report', '/failures', '/tags'])
    await call(stack, 'GET', `/jobs/${waiting}${path}`);
  await post(stack, `/jobs/${waiting}/retry-failed`);
  for (const query of ['', '?scope=account']) await call(stack, 'GET', `/jobs${query}`);
  await call(stack, 'PATCH', `/jobs/${waiting}`, { body: { Priority: 7 } });
  await call(stack, 'PUT', `/jobs/${waiting}/tags`, { body: { Tags: [] } });
  await post(stack, `/jobs/${waiting}/confirm`);
  await stack.ended(waiting);

  const open = [await suspended(), await suspended(), await suspended()];
  await call(stack, 'GET', '/jobs'); // reads three open jobs or more with one call
  for (const id of open) await post(stack, `/jobs/${id}/cancel`);

  const stopped = await suspended();
  await stack.clock.runUntil(
    stack.sfn.send(new StopExecutionCommand({ executionArn: stack.executionArnOf(stopped) })),
  );
  await stack.clock.advance(60_000);
}

/** Jobs whose creation or report needs another attempt. */
async function runUnusualJobs(): Promise<void> {
  const Objects = [object('data', 'a')];
  const lost: Fault[] = [
    { service: 's3control', action: 'CreateJob', times: 1, effect: { type: 'disconnect', afterWork: true } },
  ];
  const late: Fault[] = [
    {
      service: 's3',
      action: 'GetObject',
      match: { key: 'reports/*' },
      effect: { type: 'error', code: 'NoSuchKey', status: 404 },
    },
  ];
  stack.faults.set([...lost, ...late]);
  const id = await finish({ Operation: tagging, Objects });
  for (const faults of [late, []]) {
    stack.faults.set(faults);
    await call(stack, 'GET', `/jobs/${id}/report`);
    await call(stack, 'GET', `/jobs/${id}/failures`);
    await post(stack, `/jobs/${id}/retry-failed`);
  }

  stack.faults.clear();
}

/** Jobs that start later. The second is cancelled while its creation is not known yet. */
async function startLater(): Promise<void> {
  const HOUR_MS = 3_600_000;
  const later = () =>
    submit({
      Operation: tagging,
      Objects: [object('data', 'a')],
      ConfirmationRequired: true,
      StartAt: new Date(stack.clock.now() + HOUR_MS).toISOString(),
    });
  await post(stack, `/jobs/${await later()}/cancel`);
  await later();
  await stack.clock.advance(2 * HOUR_MS);

  const id = await later();
  await stack.clock.advance(HOUR_MS - 30_000);
  const effect = { type: 'functionError', errorType: 'Lambda.Unknown', afterWork: true } as const;
  stack.faults.set([{ service: 'lambda', match: { functionName: '*-create-job' }, effect }]);
  await stack.clock.advance(31_000);
  await post(stack, `/jobs/${id}/cancel`);
  stack.faults.clear();
  await stack.ended(id);
}

/** Failed jobs that are retried by themselves, also when the execution was stopped; one report is late. */
async function runRetries(): Promise<void> {
  await put('locked', 'retried.csv', 'data,a\ndata,missing\n');
  const Manifest = { Location: { ObjectArn: 'arn:aws:s3:::locked/retried.csv' } };
  const body = { Operation: tagging, Manifest, Retry: { Times: 1, AfterSeconds: 60, Codes: ['*'] } };
  const late: Fault = {
    service: 's3',
    action: 'GetObject',
    match: { key: 'reports/*' },
    effect: { type: 'error', code: 'NoSuchKey', status: 404 },
  };
  const broken: Fault = { service: 'batch', times: 1, effect: { type: 'failJob', afterTasks: 1 } };
  stack.faults.set([broken, { ...late, times: 2 }]);
  await finish(body);
  const effect = { type: 'delay', seconds: 50 } as const;
  stack.faults.set([broken, { service: 'lambda', match: { functionName: '*-describe-job' }, effect }]);
  const stopped = await submit(body);
  await stack.clock.advance(30_000);
  await stack.sfn.send(new StopExecutionCommand({ executionArn: stack.executionArnOf(stopped) }));
  await stack.clock.advance(60_000);
  stack.faults.clear();
}

/** What submit-job looks up for an operation, a version, and a manifest of the caller. */
async function submitWithChecks(): Promise<void> {
  const VersionId = await put('locked', 'v');
  const Objects = [object('locked', 'v', VersionId)];
  const operations = [
    { S3PutObjectRetention: { Retention: { Mode: 'GOVERNANCE', RetainUntilDate: '2027-01-01' } } },
    { S3PutObjectAcl: { AccessControlPolicy: { CannedAccessControlList: 'private' } } },
    { S3ReplicateObject: {} },
  ];
  for (const Operation of operations) await post(stack, '/jobs?dryRun=true', { Operation, Objects });
  await put('locked', 'list.csv', `data,a\n`);
  const Manifest = { Location: { ObjectArn: 'arn:aws:s3:::locked/list.csv' } };
  await post(stack, '/jobs?dryRun=true', { Operation: tagging, Manifest });
}

/** Each action of the worker, on objects that have all that an action keeps. */
async function runWorker(): Promise<void> {
  const sha256 = createHash('sha256').update('text').digest('hex');
  const more = { Metadata: { sha256 }, Tagging: 'team=x' };
  const Objects = [object('data', 'full'), object('data', 'missing')];
  const versions = [object('locked', 'full', await put('locked', 'full', 'text', more))];
  const actions = [
    { action: 'check-restored' },
    { action: 'verify-checksum' },
    { action: 'merge-tags', tags: { a: 'b' } },
    { action: 'remove-tags', keys: ['a'] },
    { action: 'set-metadata', contentType: 'text/x' },
    { action: 'copy-large', targetPrefix: 'copy/' },
    { action: 'copy-large', targetPrefix: 'kept/', acl: 'keep' },
    { action: 'gzip', suffix: '.gz' },
    { action: 'gzip' },
    { action: 'gunzip' },
  ];
  for (const UserArguments of actions) {
    await put('data', 'full', 'text', { ...more, GrantRead: `id=${'a'.repeat(64)}` });
    for (const of of [Objects, versions])
      await finish({ Operation: { LambdaInvoke: { UserArguments } }, Objects: of });
  }
}

const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** The actions that a role allows. */
function grantedBy({ Properties }: Resource): Set<string> {
  const policies = Properties.Policies as { PolicyDocument: { Statement: PolicyStatement[] } }[];
  const allowing = policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Effect }) => Effect === 'Allow');
  return new Set(allowing.flatMap(({ Action = [] }) => listOf(Action as string | string[])));
}

/** What the state machine does, by the resources of its tasks. */
function usedByStateMachine(): Set<string> {
  const { States } = JSON.parse(readFileSync(join(root, 'statemachines/job.asl.json'), 'utf8'));
  const resources = Object.values(States as Record<string, { Resource?: string }>).flatMap(
    ({ Resource: resource }) => resource ?? [],
  );
  return new Set(resources.map((name) => (/Function/.test(name) ? 'lambda:InvokeFunction' : 'sns:Publish')));
}

const LOGS = 'Lambda writes the log of the function';
const KMS = 'S3, SNS and SQS use the key with the rights of the caller; no stand-in has keys';
const LARGE = 'only for objects or manifests in parts; the tests of the action cover it';
const LOCKS = 'HeadObject returns locks only to callers with the right';
const DELIVERY = 'Step Functions writes its error log; AWS names these rights';
const EVERY_FUNCTION = { 'logs:CreateLogStream': LOGS, 'logs:PutLogEvents': LOGS };

/** Rights that no call shows, with the reason. */
const ACCEPTED: Record<string, Record<string, string>> = {
  AnnounceStoppedWatchRole: {
    'kms:Decrypt': KMS,
    'kms:GenerateDataKey': KMS,
    's3:AbortMultipartUpload': LARGE,
    'sqs:SendMessage': 'Lambda sends an event that the function could not process to the queue',
  },
  JobStateMachineRole: {
    'kms:Decrypt': KMS,
    'kms:GenerateDataKey': KMS,
    'logs:CreateLogDelivery': DELIVERY,
    'logs:DeleteLogDelivery': DELIVERY,
    'logs:DescribeLogGroups': DELIVERY,
    'logs:DescribeResourcePolicies': DELIVERY,
    'logs:GetLogDelivery': DELIVERY,
    'logs:ListLogDeliveries': DELIVERY,
    'logs:PutResourcePolicy': DELIVERY,
    'logs:UpdateLogDelivery': DELIVERY,
  },
  StartRetryRole: { 's3:AbortMultipartUpload': LARGE },
  SubmitJobRole: { 's3:AbortMultipartUpload': LARGE },
  WorkerRole: {
    'kms:Decrypt': KMS,
    'kms:GenerateDataKey': KMS,
    's3:AbortMultipartUpload': LARGE,
    's3:GetObjectLegalHold': LOCKS,
    's3:GetObjectRetention': LOCKS,
    's3:ListBucketMultipartUploads': LARGE,
    's3:ListMultipartUploadParts': LARGE,
  },
};

let rows: { role: string; granted: string[]; used: string[]; accepted: string[] }[];
beforeAll(async () => {
  stack = await simulateStack({
    onCall: (made) => {
      const role = roleIdOf(made.function);
      const actions = used.get(role) ?? new Set();
      used.set(role, actions);
      for (const action of actionsOf(made)) actions.add(action);
    },
  });
  await makeBuckets();
  await callEverything();
  await runUnusualJobs();
  await startLater();
  await runRetries();
  await submitWithChecks();
  await runWorker();
  used.set('JobStateMachineRole', usedByStateMachine());
  rows = Object.entries(rolesOf(LOCAL_PARAMS))
    // test/roles.test.ts holds the role of jobs to the rights that AWS names for each operation.
    .filter(([role, { Type }]) => Type === 'AWS::IAM::Role' && role !== 'BatchRole')
    .map(([role, resource]) => ({
      role,
      granted: [...grantedBy(resource)].sort(),
      used: [...(used.get(role) ?? [])].sort(),
      accepted: Object.keys({
        ...(role !== 'JobStateMachineRole' && EVERY_FUNCTION),
        ...ACCEPTED[role],
      }).sort(),
    }));
}, 120_000);

test('the reasons are for roles that exist', () => {
  expect(rows.map(({ role }) => role)).toEqual(expect.arrayContaining(Object.keys(ACCEPTED)));
});

test('each role grants what its function uses, and nothing else without a reason', () => {
  const table = rows.map(({ role, granted, used: uses, accepted }) => {
    const counted = granted.length - accepted.length;
    const ratio = counted === uses.length ? 1 : counted / uses.length;
    return `${role.padEnd(26)} granted ${granted.length}, used ${uses.length}, accepted ${accepted.length}, ratio ${ratio.toFixed(2)}`;
  });
  process.stdout.write(`${table.join('\n')}\n`);
  expect(rows.map(({ role, granted }) => ({ role, actions: granted }))).toEqual(
    rows.map(({ role, used: uses, accepted }) => ({ role, actions: [...uses, ...accepted].sort() })),
  );
});
