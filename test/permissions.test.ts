/** What the roles of the template allow. The evaluator stands for IAM; nothing here was verified on AWS. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { childPrefixOf, manifestPrefixOf, reportPrefixOf } from '../functions/domain/allowed/stack-bucket.ts';
import { type Call, type Decision, decide, type PolicyStatement, roleOf } from './support/iam-policy.ts';
import { rolesOf } from './support/packaged-template.ts';

const STACK_BUCKET = 'stack-bucket';
const names = { refs: { StackBucket: STACK_BUCKET } };

/** A deployment whose lists match the stack's bucket. */
const resources = rolesOf({
  dataBuckets: 'stack-*,data',
  manifestBuckets: 'lists',
  reportBuckets: 'logs',
  targetBuckets: 'stack-*,copies',
  workerActions: 'delete-object',
});

const batchRole = (call: Call) => roleOf(resources, 'BatchRole', names)(call);
const workerRole = (call: Call) => roleOf(resources, 'WorkerRole', names)(call);
const object = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;
const inStack = (key: string) => object(STACK_BUCKET, key);

const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
const readAction = fc.constantFrom('s3:GetObject', 's3:GetObjectVersion');
const objectActions = [
  's3:DeleteObject',
  's3:DeleteObjectTagging',
  's3:DeleteObjectVersion',
  's3:DeleteObjectVersionTagging',
  's3:GetObjectAcl',
  's3:GetObjectTagging',
  's3:GetObjectVersionAcl',
  's3:GetObjectVersionTagging',
  's3:InitiateReplication',
  's3:PutObjectAcl',
  's3:PutObjectLegalHold',
  's3:PutObjectRetention',
  's3:PutObjectTagging',
  's3:PutObjectVersionAcl',
  's3:PutObjectVersionTagging',
  's3:RestoreObject',
  's3:UpdateObjectEncryption',
];

describe('the job role', () => {
  test('reads manifests and retries, and writes reports and generated manifests, of every tenant', () => {
    fc.assert(
      fc.property(readAction, key, key, (action, mark, file) => {
        for (const prefix of [`${manifestPrefixOf(mark)}/`, childPrefixOf(mark)])
          expect(batchRole({ action, resource: inStack(`${prefix}${file}`) })).toBe('allowed');
        for (const prefix of [manifestPrefixOf(mark), reportPrefixOf(mark)])
          expect(batchRole({ action: 's3:PutObject', resource: inStack(`${prefix}/${file}`) })).toBe(
            'allowed',
          );
      }),
    );
  });

  test("reads no report in the stack's bucket, of any tenant", () => {
    fc.assert(
      fc.property(readAction, key, key, (action, mark, file) => {
        const report = `${reportPrefixOf(mark)}/job-1/results/${file}`;
        expect(batchRole({ action, resource: inStack(report) })).toBe('explicitly denied');
      }),
    );
  });

  test("copies nothing out of the stack's bucket, however the source is written", () => {
    const target = fc.constantFrom('copies', 'data', STACK_BUCKET, 'anywhere');
    fc.assert(
      fc.property(target, key, key, fc.constantFrom('', '/'), (bucket, to, from, slash) => {
        for (const source of [from, encodeURIComponent(from), `${from}?versionId=1`]) {
          const context = { 's3:x-amz-copy-source': `${slash}${STACK_BUCKET}/${source}` };
          expect(batchRole({ action: 's3:PutObject', resource: object(bucket, to), context })).toBe(
            'explicitly denied',
          );
        }
      }),
    );
  });

  test("copies nothing into the stack's bucket", () => {
    fc.assert(
      fc.property(key, key, (to, from) => {
        const context = { 's3:x-amz-copy-source': `data/${from}` };
        expect(batchRole({ action: 's3:PutObject', resource: inStack(to), context })).toBe(
          'explicitly denied',
        );
      }),
    );
  });

  test('copies from listed buckets to listed buckets', () => {
    const context = { 's3:x-amz-copy-source': 'data/a.txt' };
    expect(batchRole({ action: 's3:GetObject', resource: object('data', 'a.txt') })).toBe('allowed');
    expect(batchRole({ action: 's3:PutObject', resource: object('copies', 'a.txt'), context })).toBe(
      'allowed',
    );
  });

  test("does nothing else to objects in the stack's bucket", () => {
    fc.assert(
      fc.property(fc.constantFrom(...objectActions), key, (action, name) => {
        expect(batchRole({ action, resource: inStack(name) })).toBe('explicitly denied');
      }),
    );
  });
});

// The rehearsal on MiniStack does not enforce these.
describe('what services do with a role', () => {
  const TOPIC = 'arn:aws:sns:us-east-1:000000000000:notices';
  const allows = (role: string, action: string, resource: string) =>
    roleOf(resources, role, { refs: { NoticesTopic: TOPIC } })({ action, resource }) === 'allowed';
  const arnOf = (service: string, id: string) =>
    `arn:aws:${service}:us-east-1:000000000000:${id.toLowerCase()}`;
  const calls: [action: string, resource: string][] = [
    ...['CreateDashjob', 'DescribeDashjob', 'SummarizeDashreport', 'StartDashretry'].map(
      (name): [string, string] => ['lambda:InvokeFunction', arnOf('lambda', `${name}LambdaFunction`)],
    ),
    ['sns:Publish', TOPIC],
    ['kms:GenerateDataKey', arnOf('kms', 'NoticesKey')],
    ['kms:Decrypt', arnOf('kms', 'NoticesKey')],
  ];

  test('Step Functions makes each call of the definition', () => {
    const { DefinitionSubstitutions: named } = resources['JobStateMachine']?.Properties ?? {};
    const targets = Object.entries(named).filter(([name]) => name.endsWith('Arn'));
    expect(targets).toHaveLength(calls.length - 2);
    for (const [action, resource] of calls)
      expect([action, resource, allows('JobStateMachineRole', action, resource)]).toEqual([
        action,
        resource,
        true,
      ]);
  });

  test('Step Functions invokes no other function, and publishes to no other topic', () => {
    const others = [
      ['lambda:InvokeFunction', arnOf('lambda', 'WorkerLambdaFunction')],
      ['lambda:InvokeFunction', `${arnOf('lambda', 'CreateDashjobLambdaFunction')}:1`],
      ['sns:Publish', 'arn:aws:sns:us-east-1:000000000000:alarms'],
      ['sns:Subscribe', TOPIC],
      ['kms:Decrypt', arnOf('kms', 'another')],
    ] as const;
    for (const [action, resource] of others)
      expect([action, allows('JobStateMachineRole', action, resource)]).toEqual([action, false]);
  });

  test('Lambda keeps an event that announce-stopped-watch could not process, in the queue for it only', () => {
    const sends = (queue: string) =>
      allows('AnnounceStoppedWatchRole', 'sqs:SendMessage', arnOf('sqs', queue));
    expect([sends('FailedAnnouncementsQueue'), sends('UndeliveredEventsQueue')]).toEqual([true, false]);
  });

  test('Lambda writes the log of a function to its own group only', () => {
    for (const [name, log] of [
      ['SubmitJobRole', 'SubmitDashjobLogGroup'],
      ['WorkerRole', 'WorkerLogGroup'],
    ] as const)
      for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents']) {
        expect([name, action, allows(name, action, arnOf('logs', log))]).toEqual([name, action, true]);
        expect(allows(name, action, arnOf('logs', 'GetDashjobLogGroup'))).toBe(false);
      }
  });
});

describe('the worker role', () => {
  test("does nothing in the stack's bucket", () => {
    const actions = ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', ...objectActions];
    fc.assert(
      fc.property(fc.constantFrom(...actions), key, (action, name) => {
        expect(workerRole({ action, resource: inStack(name) })).toBe('explicitly denied');
      }),
    );
    for (const action of ['s3:ListBucket', 's3:ListBucketMultipartUploads'])
      expect(workerRole({ action, resource: `arn:aws:s3:::${STACK_BUCKET}` })).toBe('explicitly denied');
  });

  test('works on objects in the listed buckets', () => {
    expect(workerRole({ action: 's3:GetObject', resource: object('data', 'a') })).toBe('allowed');
    expect(workerRole({ action: 's3:DeleteObject', resource: object('data', 'a') })).toBe('allowed');
    expect(workerRole({ action: 's3:PutObject', resource: object('copies', 'a') })).toBe('allowed');
  });
});

describe('the role of submit-job', () => {
  const submitJob = (action: string, resource: string) =>
    roleOf(resources, 'SubmitJobRole', names)({ action, resource });

  test.each([
    ['s3:GetReplicationConfiguration', 'arn:aws:s3:::data'],
    ['s3:GetBucketOwnershipControls', 'arn:aws:s3:::data'],
    ['s3:GetBucketOwnershipControls', 'arn:aws:s3:::copies'],
    ['s3:GetBucketObjectLockConfiguration', 'arn:aws:s3:::data'],
    ['s3:ListBucket', 'arn:aws:s3:::data'],
    ['s3:GetObject', 'arn:aws:s3:::data/a'],
    ['s3:GetObject', 'arn:aws:s3:::lists/rows.csv'],
  ])('allows the checks to call %s on %s', (action, resource) => {
    expect(submitJob(action, resource)).toBe('allowed');
  });

  test('changes nothing in the buckets of callers', () => {
    const writes = objectActions.filter((action) => !action.startsWith('s3:Get'));
    for (const action of ['s3:PutObject', ...writes])
      for (const bucket of ['data', 'lists', 'logs', 'copies'])
        expect(submitJob(action, object(bucket, 'a'))).toBe('not allowed');
  });
});

test('neither role reaches a bucket that is not listed', () => {
  for (const role of [batchRole, workerRole])
    for (const action of ['s3:GetObject', 's3:PutObject'])
      expect(role({ action, resource: object('other', 'a') })).toBe('not allowed');
});

describe('the evaluator', () => {
  const statement = (more: object): PolicyStatement => ({
    Effect: 'Allow',
    Action: '*',
    Resource: '*',
    ...more,
  });
  const call = (context?: Call['context']): Call => ({
    action: 's3:PutObject',
    resource: 'arn:aws:s3:::data/a/b',
    ...(context && { context }),
  });
  const key = 's3:x-amz-acl';

  test.each<[string, object, Decision]>([
    ['allows an action by a wildcard', { Action: 's3:Put*' }, 'allowed'],
    ['compares actions without regard to case', { Action: 'S3:putobject' }, 'allowed'],
    ['allows nothing that no statement names', { Action: 's3:Get*' }, 'not allowed'],
    ['takes ? for one character', { Resource: 'arn:aws:s3:::dat?/a/b' }, 'allowed'],
    ['lets * cross slashes', { Resource: 'arn:aws:s3:::data/*b' }, 'allowed'],
    ['compares resources with regard to case', { Resource: 'arn:aws:s3:::DATA/*' }, 'not allowed'],
    ['excludes by NotAction', { Action: undefined, NotAction: 's3:Put*' }, 'not allowed'],
    ['includes by NotAction', { Action: undefined, NotAction: ['s3:Get*'] }, 'allowed'],
    ['excludes by NotResource', { Resource: undefined, NotResource: 'arn:aws:s3:::data/*' }, 'not allowed'],
  ])('%s', (_, more, expected) => {
    const defined = Object.fromEntries(
      Object.entries(statement(more)).filter(([, value]) => value !== undefined),
    );
    expect(decide([defined as unknown as PolicyStatement], call())).toBe(expected);
  });

  test('lets an explicit Deny win over any Allow', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Deny'), { minLength: 1 }),
        (effects) => {
          const decision = decide(
            effects.map((Effect) => statement({ Effect })),
            call(),
          );
          expect(decision).toBe(effects.includes('Deny') ? 'explicitly denied' : 'allowed');
        },
      ),
    );
  });

  test.each<[string, object, Call['context'], boolean]>([
    ['StringEquals', { StringEquals: { [key]: ['a', 'b'] } }, { [key]: 'b' }, true],
    ['StringEquals without the key', { StringEquals: { [key]: 'a' } }, {}, false],
    ['StringEqualsIfExists without the key', { StringEqualsIfExists: { [key]: 'a' } }, {}, true],
    ['StringNotEquals', { StringNotEquals: { [key]: ['a', 'b'] } }, { [key]: 'b' }, false],
    ['StringNotEquals without the key', { StringNotEquals: { [key]: 'a' } }, {}, true],
    ['StringLike', { StringLike: { [key]: 'a*' } }, { [key]: 'a/b' }, true],
    ['ArnLike', { ArnLike: { [key]: 'arn:aws:s3:::*' } }, { [key]: 'arn:aws:s3:::data' }, true],
    ['Null', { Null: { [key]: 'true' } }, {}, true],
    ['Null with the key', { Null: { [key]: 'true' } }, { [key]: 'a' }, false],
    ['Bool', { Bool: { [key]: 'false' } }, { [key]: 'false' }, true],
    ['ForAnyValue', { 'ForAnyValue:StringEquals': { [key]: 'a' } }, { [key]: ['b', 'a'] }, true],
    ['ForAnyValue without the key', { 'ForAnyValue:StringEquals': { [key]: 'a' } }, {}, false],
    ['ForAllValues', { 'ForAllValues:StringEquals': { [key]: 'a' } }, { [key]: ['b', 'a'] }, false],
    ['ForAllValues without the key', { 'ForAllValues:StringEquals': { [key]: 'a' } }, {}, true],
    ['two operators, one not met', { Bool: { b: 'true' }, Null: { [key]: 'true' } }, { b: 'false' }, false],
  ])('decides %s', (_, Condition, context, isMet) => {
    expect(decide([statement({ Condition })], call(context))).toBe(isMet ? 'allowed' : 'not allowed');
  });

  test.each([
    { Condition: { NumericLessThan: { [key]: '1' } } },
    { Principal: '*' },
    { Resource: { 'Fn::Select': [0, []] } },
  ])('throws for what it does not know: %j', (more) => {
    const unknown = () =>
      roleOf(
        {
          R: {
            Type: 'AWS::IAM::Role',
            Properties: { Policies: [{ PolicyDocument: { Statement: [statement(more)] } }] },
          },
        },
        'R',
      )(call({ [key]: '1' }));
    expect(unknown).toThrow('does not know');
  });
});

describe('the roles for start times, limits and automatic retries', () => {
  const allows = (role: string, action: string, resource: string) =>
    roleOf(resources, role, names)({ action, resource }) === 'allowed';
  const states = 'arn:aws:states:us-east-1:000000000000';
  const job = 'arn:aws:s3:us-east-1:000000000000:job/1';
  const mark = inStack('retries/id/cancelled');

  test('stop executions of this state machine only, and only in cancel-job', () => {
    const stops = (role: string, machine: string) =>
      allows(role, 'states:StopExecution', `${states}:execution:${machine}:id`);
    expect([stops('CancelJobRole', 'bucket-brigade-dev'), stops('CancelJobRole', 'another')]).toEqual([
      true,
      false,
    ]);
    for (const role of ['CreateJobRole', 'DescribeJobRole', 'StartRetryRole', 'SubmitJobRole'])
      expect([role, stops(role, 'bucket-brigade-dev')]).toEqual([role, false]);
  });

  test('write a mark in cancel-job, and read it in the functions of the watch', () => {
    expect(allows('CancelJobRole', 's3:PutObject', mark)).toBe(true);
    expect(allows('CancelJobRole', 's3:PutObject', inStack('retries/id/child.csv'))).toBe(false);
    for (const role of ['CreateJobRole', 'DescribeJobRole', 'StartRetryRole', 'AnnounceStoppedWatchRole'])
      expect([role, allows(role, 's3:GetObject', mark)]).toEqual([role, true]);
    for (const role of ['CreateJobRole', 'DescribeJobRole'])
      expect([role, allows(role, 's3:GetObject', inStack('retries/id/child.csv'))]).toEqual([role, false]);
  });

  test('cancel a job beyond its limits, and start a retry', () => {
    expect(allows('DescribeJobRole', 's3:UpdateJobStatus', job)).toBe(true);
    for (const role of ['StartRetryRole', 'AnnounceStoppedWatchRole']) {
      const calls = [
        ['states:StartExecution', `${states}:stateMachine:bucket-brigade-dev`],
        ['s3:GetObject', inStack('reports/mark/job-1/manifest.json')],
        ['s3:PutObject', inStack('retries/id/child.csv')],
      ] as const;
      for (const [action, resource] of calls)
        expect([role, action, allows(role, action, resource)]).toEqual([role, action, true]);
      expect(allows(role, 's3:PutObject', inStack('reports/mark/job-1/manifest.json'))).toBe(false);
    }
  });
});
