/** What the deployed stack needs of its template: calls that must be allowed or denied, dead letters, and logs. */
import { declaredActions } from '../../functions/worker/actions.ts';
import { type Call, type Decision, type PolicyStatement, resourcePolicyOf, roleOf } from './iam-policy.ts';
import { ofType, type Resources } from './packaged-template.ts';

/** The deployment: each list has a bucket of its own, so that no statement stands in for another one. */
export const PARAMETERS = {
  dataBuckets: 'data',
  manifestBuckets: 'lists',
  reportBuckets: 'logs',
  targetBuckets: 'copies',
  functions: 'tagger',
  kmsKeys: 'arn:aws:kms:us-east-1:000000000000:key/one',
  workerActions: 'delete-object,webhook',
  webhookSecret: 'hooks',
  governanceBypass: 'true',
  tracing: 'true',
};

const names = { refs: { StackBucket: 'stack' } };
const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;
const s3 = (path: string) => `arn:aws:s3:::${path}`;
const calls = (resource: string, actions: string, context?: Call['context']): Call[] =>
  actions.split(' ').map((action) => ({ action, resource, ...(context && { context }) }));

const machine = arn('states', 'stateMachine:bucket-brigade-dev');
const execution = arn('states', 'execution:bucket-brigade-dev:one');
const job = arn('s3', 'job/one');
const reads = calls(execution, 'states:DescribeExecution states:GetExecutionHistory');
const describes = calls(job, 's3:DescribeJob');
const reports = [
  ...calls(s3('stack/reports/a'), 's3:GetObject'),
  ...calls(s3('logs/a'), 's3:GetObject'),
  ...calls(s3('logs'), 's3:ListBucket', { 's3:prefix': 'a' }),
  ...calls(s3('stack'), 's3:ListBucket', { 's3:prefix': 'reports/a' }),
];
const marks = [
  ...calls(s3('stack/retries/a/cancelled'), 's3:GetObject'),
  ...calls(s3('stack'), 's3:ListBucket', { 's3:prefix': 'retries/a' }),
];
/** To start the retry of a job. */
const retries = [
  ...calls(machine, 'states:StartExecution'),
  ...calls(s3('lists/a'), 's3:GetObject s3:GetObjectVersion'),
  ...calls(s3('stack/manifests/a'), 's3:GetObject s3:GetObjectVersion'),
  ...calls(s3('stack/retries/a'), 's3:PutObject s3:AbortMultipartUpload'),
  ...reports,
  ...marks,
];
const publishes = [
  ...calls('noticestopic', 'sns:Publish'),
  ...calls(arn('kms', 'noticeskey'), 'kms:GenerateDataKey kms:Decrypt'),
];
const traces = calls('*', 'xray:PutTraceSegments xray:PutTelemetryRecords');

/** By role: what the functions, the state machine and the jobs call. */
const NEEDED: Readonly<Record<string, readonly Call[]>> = {
  SubmitJobRole: [
    ...calls(machine, 'states:StartExecution'),
    ...reads,
    ...describes,
    ...calls(s3('lists/a'), 's3:GetObject s3:GetObjectVersion'),
    ...calls(s3('lists'), 's3:ListBucket', { 's3:prefix': 'a' }),
    ...calls(s3('data'), 's3:GetBucketObjectLockConfiguration s3:GetBucketOwnershipControls'),
    ...calls(s3('data'), 's3:GetReplicationConfiguration s3:ListBucket'),
    ...calls(s3('data/a'), 's3:GetObject s3:GetObjectVersion'),
    ...calls(s3('logs'), 's3:GetBucketObjectLockConfiguration'),
    ...calls(s3('copies'), 's3:GetBucketOwnershipControls s3:ListBucket'),
    ...calls(
      s3('stack/manifests/a'),
      's3:GetObject s3:GetObjectVersion s3:PutObject s3:AbortMultipartUpload',
    ),
    ...calls(s3('stack/retries/a'), 's3:PutObject'),
    ...reports,
  ],
  GetJobRole: [...reads, ...describes, ...calls(s3('stack'), 's3:ListBucket', { 's3:prefix': 'retries/a' })],
  ListJobsRole: [
    ...reads,
    ...calls(machine, 'states:ListExecutions'),
    ...describes,
    ...calls('*', 's3:ListJobs'),
  ],
  ChangeJobRole: [...reads, ...describes, ...calls(job, 's3:UpdateJobPriority')],
  JobTagsRole: [...reads, ...calls(job, 's3:DescribeJob s3:GetJobTagging s3:PutJobTagging')],
  ConfirmJobRole: [...reads, ...calls(job, 's3:DescribeJob s3:UpdateJobStatus')],
  CancelJobRole: [
    ...reads,
    ...calls(execution, 'states:StopExecution'),
    ...calls(s3('stack/retries/a/cancelled'), 's3:PutObject'),
    ...calls(job, 's3:DescribeJob s3:UpdateJobStatus'),
  ],
  GetReportRole: [...reads, ...describes, ...reports],
  ListResultsRole: [...reads, ...describes, ...reports],
  DescribeApiRole: [],
  CreateJobRole: [
    ...marks,
    ...calls('*', 's3:CreateJob s3:ListJobs'),
    ...calls(job, 's3:DescribeJob s3:PutJobTagging'),
    ...calls(arn('iam', 'batchrole'), 'iam:PassRole', {
      'iam:PassedToService': 'batchoperations.s3.amazonaws.com',
    }),
  ],
  DescribeJobRole: [...marks, ...calls(job, 's3:DescribeJob s3:UpdateJobStatus')],
  SummarizeReportRole: reports,
  StartRetryRole: [...calls(execution, 'states:DescribeExecution'), ...retries],
  AnnounceStoppedWatchRole: [
    ...reads,
    ...retries,
    ...describes,
    ...publishes,
    ...calls(arn('sqs', 'failedannouncementsqueue'), 'sqs:SendMessage'),
  ],
  WorkerRole: [
    ...calls(s3('data/a'), 's3:DeleteObject s3:PutObjectTagging s3:GetObject s3:PutObject'),
    ...calls(s3('data'), 's3:ListBucket s3:ListBucketMultipartUploads'),
    ...calls(s3('copies/a'), 's3:PutObject'),
    ...calls(s3('copies'), 's3:ListBucket s3:ListBucketMultipartUploads'),
    ...calls(arn('secretsmanager', 'secret:hooks-AbCdEf'), 'secretsmanager:GetSecretValue'),
    ...calls(arn('kms', 'key/one'), 'kms:Decrypt kms:GenerateDataKey'),
  ],
  JobStateMachineRole: [
    ...['create', 'describe'].flatMap((name) =>
      calls(arn('lambda', `${name}dashjoblambdafunction`), 'lambda:InvokeFunction'),
    ),
    ...calls(arn('lambda', 'summarizedashreportlambdafunction'), 'lambda:InvokeFunction'),
    ...calls(arn('lambda', 'startdashretrylambdafunction'), 'lambda:InvokeFunction'),
    ...publishes,
    ...calls('*', 'logs:CreateLogDelivery logs:GetLogDelivery logs:UpdateLogDelivery logs:DeleteLogDelivery'),
    ...calls('*', 'logs:ListLogDeliveries logs:PutResourcePolicy logs:DescribeResourcePolicies'),
    ...calls('*', 'logs:DescribeLogGroups xray:GetSamplingRules xray:GetSamplingTargets'),
  ],
  BatchRole: [
    ...calls(s3('stack/manifests/a'), 's3:GetObject s3:GetObjectVersion s3:PutObject'),
    ...calls(s3('stack'), 's3:GetBucketLocation s3:ListBucket'),
    ...calls(s3('stack/reports/a'), 's3:PutObject'),
    ...calls(s3('data'), 's3:GetBucketLocation s3:ListBucket s3:PutInventoryConfiguration'),
    ...calls(s3('data'), 's3:GetBucketObjectLockConfiguration s3:GetReplicationConfiguration'),
    ...calls(s3('lists/a'), 's3:GetObject s3:GetObjectVersion'),
    ...calls(s3('lists'), 's3:GetBucketLocation'),
    ...calls(s3('logs/a'), 's3:GetObject s3:GetObjectVersion s3:PutObject'),
    ...calls(s3('logs'), 's3:GetBucketLocation s3:ListBucket'),
    ...calls(s3('copies/a'), 's3:PutObject', { 's3:x-amz-copy-source': 'data/a' }),
    ...calls(s3('copies'), 's3:GetBucketLocation'),
    ...calls(s3('data/a'), 's3:GetObjectAcl s3:PutObjectTagging s3:DeleteObjectTagging s3:PutObjectAcl'),
    ...calls(s3('data/a'), 's3:RestoreObject s3:PutObjectRetention s3:BypassGovernanceRetention'),
    ...calls(s3('data/a'), 's3:PutObjectLegalHold s3:InitiateReplication s3:UpdateObjectEncryption'),
    ...calls(arn('lambda', 'function:tagger'), 'lambda:InvokeFunction'),
    ...calls(arn('lambda', 'workerlambdafunction:7'), 'lambda:InvokeFunction'),
    ...calls(arn('kms', 'key/one'), 'kms:Decrypt kms:Encrypt kms:ReEncryptFrom'),
  ],
};

/** Calls that a statement must deny, whatever another one allows. */
const DENIED: Readonly<Record<string, readonly Call[]>> = {
  WorkerRole: calls(s3('stack/manifests/a'), 's3:GetObject'),
  BatchRole: [
    ...calls(s3('stack/reports/a'), 's3:GetObject'),
    ...calls(s3('copies/a'), 's3:PutObject', { 's3:x-amz-copy-source': 'stack/reports/a' }),
    ...calls(s3('stack/reports/a'), 's3:PutObject', { 's3:x-amz-copy-source': 'data/a' }),
    ...calls(s3('stack/manifests/a'), 's3:DeleteObject'),
  ],
};

const sidOf = (action: string) =>
  action.replaceAll(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase());
/** Statements whose rights others have as well while all operations and actions are on. */
const COVERED: Readonly<Record<string, readonly string[]>> = {
  WorkerRole: declaredActions.map(({ name }) => sidOf(name)),
  BatchRole: ['ReadObjects'],
};

const OTHERWISE = { 'aws:SecureTransport': 'false' };
const OURS = { 'aws:SourceAccount': '000000000000' };
const ofRule = { 'aws:SourceArn': arn('events', 'rule/bucket-brigade-dev-stopped-watch') };
/** By resource: who calls it, how, and what its policy decides. */
const POLICIES: Readonly<Record<string, readonly [string, Call[], Decision][]>> = {
  UndeliveredEventsQueuePolicy: [
    [
      'anyone',
      calls(arn('sqs', 'undeliveredeventsqueue'), 'sqs:SendMessage', OTHERWISE),
      'explicitly denied',
    ],
    [
      'events.amazonaws.com',
      calls(arn('sqs', 'undeliveredeventsqueue'), 'sqs:SendMessage', ofRule),
      'allowed',
    ],
  ],
  FailedAnnouncementsQueuePolicy: [
    [
      'anyone',
      calls(arn('sqs', 'failedannouncementsqueue'), 'sqs:SendMessage', OTHERWISE),
      'explicitly denied',
    ],
  ],
  NoticesTopicPolicy: [
    ['anyone', calls('noticestopic', 'sns:Publish', OTHERWISE), 'explicitly denied'],
    ['root', calls('noticestopic', 'sns:Publish sns:Subscribe'), 'allowed'],
  ],
  AlarmsTopicPolicy: [
    ['anyone', calls('alarmstopic', 'sns:Publish', OTHERWISE), 'explicitly denied'],
    ['cloudwatch.amazonaws.com', calls('alarmstopic', 'sns:Publish', OURS), 'allowed'],
    ['root', calls('alarmstopic', 'sns:Subscribe'), 'allowed'],
  ],
  NoticesKey: [
    ['root', calls('*', 'kms:GenerateDataKey kms:Decrypt'), 'allowed'],
    ['cloudwatch.amazonaws.com', calls('*', 'kms:GenerateDataKey kms:Decrypt', OURS), 'allowed'],
  ],
  StackBucketPolicy: [['anyone', calls(s3('stack/a'), 's3:GetObject', OTHERWISE), 'explicitly denied']],
  ServerlessDeploymentBucketPolicy: [
    ['anyone', calls(s3('serverlessdeploymentbucket/a'), 's3:GetObject', OTHERWISE), 'explicitly denied'],
  ],
};

/** Statements of a resource's own policy. */
export const policyStatementsOf = ({
  Properties,
}: Resources[string]): (PolicyStatement & { Principal: unknown })[] =>
  (Properties.PolicyDocument ?? Properties.KeyPolicy)?.Statement ?? [];

function* decisionFaults(resources: Resources): Generator<string> {
  const may = (role: string, call: Call) => roleOf(resources, role, names)(call);
  for (const [role] of ofType(resources, 'AWS::IAM::Role')) {
    const isFunction = role !== 'BatchRole' && role !== 'JobStateMachineRole';
    for (const call of [
      ...(NEEDED[role] ?? [{ action: 'a call', resource: 'any' }]),
      ...(role === 'BatchRole' ? [] : traces),
    ])
      if (may(role, call) !== 'allowed') yield `${role} may not ${call.action} on ${call.resource}`;
    for (const call of DENIED[role] ?? [])
      if (may(role, call) !== 'explicitly denied') yield `${role} may ${call.action} on ${call.resource}`;
    const sids = resources[role]?.Properties.Policies[0].PolicyDocument.Statement.map(
      ({ Sid }: PolicyStatement) => Sid,
    );
    for (const sid of COVERED[role] ?? []) if (!sids.includes(sid)) yield `${role} has no statement ${sid}`;
    const trust = JSON.stringify(resources[role]?.Properties.AssumeRolePolicyDocument.Statement);
    const service = isFunction ? 'lambda' : role === 'BatchRole' ? 'batchoperations.s3' : 'states';
    if (!trust.includes(`"${service}.amazonaws.com"`)) yield `${service} may not assume ${role}`;
  }
  for (const [id, resource] of Object.entries(resources)) {
    const statements = policyStatementsOf(resource);
    if (statements.length > 0 && !POLICIES[id]) yield `${id} has a policy that no check knows`;
    const decides = resourcePolicyOf(resources, statements, names);
    for (const [principal, wanted, decision] of POLICIES[id] ?? [])
      for (const call of wanted)
        if (decides(principal, call) !== decision)
          yield `${id}: ${call.action} of ${principal} is not ${decision}`;
  }
}

/** Logical ids of resources that a value names. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === 'Ref') return String(inner).startsWith('AWS::') ? [] : [String(inner)];
    if (name === 'Fn::GetAtt') return [String([inner].flat()[0]).split('.')[0] ?? ''];
    if (name === 'Fn::Sub')
      return [...String([inner].flat()[0]).matchAll(/\$\{([A-Za-z0-9]+)[.}]/g)].map(([, id = '']) => id);
    return referencesIn(inner);
  });
}

function* linkFaults(resources: Resources): Generator<string> {
  const isA = (type: string, target: unknown) =>
    referencesIn(target).some((id) => resources[id]?.Type === type);
  for (const [id, { Properties }] of Object.entries(resources))
    for (const target of referencesIn(Properties))
      if (!resources[target]) yield `${id} names ${target}, which does not exist`;
  for (const [id, { Properties }] of ofType(resources, 'AWS::Events::Rule'))
    for (const target of Properties.Targets)
      if (!isA('AWS::SQS::Queue', target.DeadLetterConfig?.Arn)) yield `${id} has no dead-letter queue`;
  for (const [id, { Properties }] of ofType(resources, 'AWS::Lambda::EventInvokeConfig'))
    if (!isA('AWS::SQS::Queue', Properties.DestinationConfig?.OnFailure?.Destination))
      yield `${id} has no dead-letter queue`;
  if (ofType(resources, 'AWS::Lambda::EventInvokeConfig').length === 0) yield 'failed announcements are lost';
  const group = 'AWS::Logs::LogGroup';
  if (!isA(group, resources['JobStateMachine']?.Properties.LoggingConfiguration))
    yield 'the state machine has no log';
  for (const [id, { Properties }] of ofType(resources, 'AWS::ApiGatewayV2::Stage'))
    if (!isA(group, Properties.AccessLogSettings)) yield `${id} has no access log`;
  const invokers = ofType(resources, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
  for (const [id, { Properties }] of ofType(resources, 'AWS::Lambda::Function')) {
    const own = id.replace(/LambdaFunction$/, 'LogGroup');
    if (!resources[own]) yield `${id} has no log group`;
    const call = { action: 'logs:PutLogEvents', resource: arn('logs', own.toLowerCase()) };
    const [role = ''] = referencesIn(Properties.Role);
    for (const action of ['logs:PutLogEvents', 'logs:CreateLogStream'])
      if (roleOf(resources, role, names)({ ...call, action }) !== 'allowed')
        yield `${id} may not write its log`;
    const principals = invokers
      .filter((p) => referencesIn(p.FunctionName).includes(id))
      .map((p) => p.Principal);
    const callers = [
      ...(ofType(resources, 'AWS::ApiGatewayV2::Integration').some(([, i]) =>
        referencesIn(i.Properties).includes(id),
      )
        ? ['apigateway.amazonaws.com']
        : []),
      ...(ofType(resources, 'AWS::Events::Rule').some(([, r]) =>
        referencesIn(r.Properties.Targets).includes(id),
      )
        ? ['events.amazonaws.com']
        : []),
    ];
    for (const caller of callers) if (!principals.includes(caller)) yield `${caller} may not invoke ${id}`;
  }
}

/** What the template lacks, as sentences; none when the stack can work, log, and keep what failed. */
export const templateFaults = (resources: Resources): string[] => [
  ...linkFaults(resources),
  ...decisionFaults(resources),
];
