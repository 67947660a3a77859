// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its placeholders like this
import { readdirSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { declaredActions } from '../functions/worker/actions.ts';
import { functionFaults } from '../tools/limits.ts';
import { roleOf } from './support/iam-policy.ts';
import { readDocument, tableBelow } from './support/markdown.ts';
import {
  environmentOf,
  ofType,
  type Package,
  packageStack,
  packageStage,
  type Resources,
  resolveServerlessYml,
  rolesOf,
  root,
} from './support/packaged-template.ts';

/** Packaged without parameters. */
let defaults: Package;
let resources: Resources;
let zips: Map<string, Buffer>;
/** Packaged with every option, from the file of a stage. */
let everyOption: Package;
let withOptions: Resources;
const options = {
  dataBuckets: 'data-*',
  manifestBuckets: 'lists,more/2026*',
  functions: 'tagger',
  kmsKeys: 'arn:aws:kms:us-east-1:000000000000:key/one',
  workerActions: 'webhook,delete-object',
  webhookSecret: 'hooks',
  alarmEmail: 'ops@example.com',
  recordCallers: 'false',
  logLevel: 'DEBUG',
  logExecutionData: 'true',
  tracing: 'true',
  costTags: 'team=media,env=prod',
  workerConcurrency: '5',
  monthlyBudgetUsd: '50',
};
beforeAll(() => {
  defaults = packageStack();
  ({ resources, zips } = defaults);
  everyOption = packageStage('every-option', options);
  withOptions = everyOption.resources;
}, 120_000);

test('a stage without a file has the defaults, and packaging says so', () => {
  expect(defaults.notes).toContain(
    'The stage dev has no stages/dev.yml: its parameters are the defaults and --param.',
  );
  expect(everyOption.notes).toContain('for stage every-option');
  expect(everyOption.notes).not.toContain('every-option.yml');
});

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const functionFiles = readdirSync(join(root, 'functions'), { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => parse(entry.name).name);

const functionNamed = (name: string) =>
  ofType(resources, 'AWS::Lambda::Function').find(([, f]) =>
    f.Properties.FunctionName.endsWith(`-${name}`),
  )?.[1];

interface Statement {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}
const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);
const statementsOf = (role: string, of = resources): Statement[] =>
  of[role]?.Properties.Policies.flatMap(
    (policy: { PolicyDocument: { Statement: Statement[] } }) => policy.PolicyDocument.Statement,
  );
const roles = () => ofType(resources, 'AWS::IAM::Role').map(([name]) => name);
const allStatements = () => roles().flatMap((role) => statementsOf(role).map((s) => ({ role, ...s })));

/** Every logical id that a value names by Ref, GetAtt or Sub. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === 'Ref') return [String(inner)];
    if (name === 'Fn::GetAtt') return [String(Array.isArray(inner) ? inner[0] : inner).split('.')[0] ?? ''];
    if (name === 'Fn::Sub') {
      const text = String(Array.isArray(inner) ? inner[0] : inner);
      const inText = [...text.matchAll(/\$\{([A-Za-z0-9]+)(\.[A-Za-z0-9.]+)?\}/g)].map((m) => m[1] ?? '');
      return [...inText, ...(Array.isArray(inner) ? referencesIn(inner[1]) : [])];
    }
    return referencesIn(inner);
  });
}

describe('the functions', () => {
  test('are exactly the files of functions/', () => {
    const deployed = ofType(resources, 'AWS::Lambda::Function').map(([, f]) => f.Properties.Handler);
    expect(deployed.sort()).toEqual(functionFiles.map((name) => `dist/${name}/index.handler`).sort());
  });

  test('are packaged as one bundle each, without its source map', () => {
    expect([...zips.keys()].sort()).toEqual(functionFiles.map((name) => `${name}.zip`).sort());
    for (const [zip, content] of zips) {
      // The directory of a zip holds the names of its files as plain text.
      const files = content.toString('latin1').match(/dist\/[\w./-]+?\.mjs(\.map)?/g);
      expect(new Set(files)).toEqual(new Set([`dist/${parse(zip).name}/index.mjs`]));
    }
  });

  test('run on Node 24, each under a role of its own', () => {
    const functions = ofType(resources, 'AWS::Lambda::Function').map(([, f]) => f.Properties);
    expect(new Set(functions.map((f) => f.Runtime))).toEqual(new Set(['nodejs24.x']));
    expect(new Set(functions.map((f) => f.Role['Fn::GetAtt'][0])).size).toBe(functions.length);
  });

  test('have every environment variable that their code reads', () => {
    const getters = Object.fromEntries(
      [...read('functions/core/env.ts').matchAll(/(\w+): \(\) => required\('(\w+)'\)/g)].map((m) => [
        m[1],
        m[2],
      ]),
    );
    expect(Object.keys(getters).length).toBeGreaterThan(5);
    const readBy = (file: string, visited = new Set<string>()): string[] => {
      if (visited.has(file)) return [];
      visited.add(file);
      const code = read(file);
      const used = [...code.matchAll(/\benv\.(\w+)\(/g)].flatMap((m) => getters[m[1] ?? ''] ?? []);
      const imported = [...code.matchAll(/^(?:import|export) (?!type).*?from '(\.[^']+\.ts)'/gms)].map(
        (m) => m[1] ?? '',
      );
      return [...used, ...imported.flatMap((path) => readBy(join(parse(file).dir, path), visited))];
    };
    for (const name of functionFiles) {
      const set = Object.keys(environmentOf(name, defaults));
      const needed = new Set(readBy(`functions/${name}.ts`).filter((variable) => variable !== 'AWS_REGION'));
      expect({ name, missing: [...needed].filter((v) => !set.includes(v)) }).toEqual({ name, missing: [] });
    }
  });
});

test('jobs call the worker version that the same deployment publishes', () => {
  const [version, ...others] = ofType(resources, 'AWS::Lambda::Version');
  expect(others).toEqual([]);
  expect(version?.[1]).toMatchObject({
    Properties: { FunctionName: { Ref: 'WorkerLambdaFunction' }, CodeSha256: expect.any(String) },
    DeletionPolicy: 'Retain', // running jobs keep the version that they started with
  });
  const named = ofType(resources, 'AWS::Lambda::Function').flatMap(
    ([, f]) => f.Properties.Environment?.Variables?.WORKER_FUNCTION_ARN ?? [],
  );
  expect(named.length).toBeGreaterThan(0);
  expect(new Set(named.map(({ Ref }) => Ref))).toEqual(new Set([version?.[0]]));
  const mayInvoke = statementsOf('BatchRole').find((s) => s.Sid === 'Worker');
  expect(JSON.stringify(mayInvoke?.Resource)).toContain('WorkerLambdaFunction.Arn}:*');
});

test('a deployment that changes the worker publishes another version', () => {
  const [version] = ofType(resources, 'AWS::Lambda::Version');
  const [later] = ofType(withOptions, 'AWS::Lambda::Version');
  expect(later?.[0]).not.toBe(version?.[0]);
  expect(later?.[1].Properties.CodeSha256).not.toBe(version?.[1].Properties.CodeSha256);
});

describe('the API', () => {
  test('has exactly the routes of the contract, and every route requires IAM', () => {
    const routes = ofType(resources, 'AWS::ApiGatewayV2::Route').map(([, r]) => r.Properties);
    const contract: Record<string, object> = JSON.parse(read('functions/core/generated/openapi.json')).paths;
    const calls = Object.entries(contract).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.map((r) => r.RouteKey).sort()).toEqual(calls.sort());
    expect(new Set(routes.map((r) => r.AuthorizationType))).toEqual(new Set(['AWS_IAM']));
  });

  test('declares no authorizer that no route uses', () => {
    expect(ofType(resources, 'AWS::ApiGatewayV2::Authorizer')).toEqual([]);
  });

  test('requires a JWT on every route with auth=jwt', () => {
    const { provider, functions } = resolveServerlessYml(
      '--param=auth=jwt',
      '--param=jwtIssuer=https://issuer.example',
      '--param=jwtAudience=jobs',
    );
    expect(provider.httpApi.authorizers).toEqual({
      callers: expect.objectContaining({
        type: 'jwt',
        issuerUrl: 'https://issuer.example',
        audience: 'jobs',
      }),
    });
    const events = Object.values<{ events?: object[] }>(functions).flatMap((f) => f.events ?? []);
    const routes = events.flatMap((event) => ('httpApi' in event ? [event.httpApi] : []));
    expect(routes.length).toBeGreaterThan(5);
    for (const route of routes)
      expect(route).toMatchObject({ authorizer: { name: 'callers', scopes: ['jobs'] } });
  });

  test('cannot be deployed without authorization', () => {
    expect(() => resolveServerlessYml('--param=auth=none')).toThrow(
      'Parameter auth has the value "none". It takes iam or jwt.',
    );
  });
});

describe('the state machine', () => {
  // The framework drops members that are null, and with them the variables that begin as null.
  test('is deployed with every member of its file', () => {
    const { Definition } = resources['JobStateMachine']?.Properties ?? {};
    expect(Definition).toEqual(JSON.parse(read('statemachines/job.asl.json')));
  });

  test('has a substitution for every placeholder, and no other', () => {
    const placeholders = new Set(
      [...read('statemachines/job.asl.json').matchAll(/\$\{([^}]*)\}/g)].map((m) => m[1]),
    );
    expect(Object.keys(resources['JobStateMachine']?.Properties.DefinitionSubstitutions).sort()).toEqual(
      [...placeholders].sort(),
    );
  });

  test('publishes in the partition of its Region', () => {
    expect(read('statemachines/job.asl.json')).not.toContain('arn:aws:');
    const substitutions = resources['JobStateMachine']?.Properties.DefinitionSubstitutions;
    expect(substitutions.PublishResource).toEqual({
      'Fn::Sub': 'arn:${AWS::Partition}:states:::sns:publish',
    });
  });

  test('logs errors, without the data of executions, where Step Functions extends no policy of the account', () => {
    expect(resources['JobStateMachine']?.Properties.LoggingConfiguration).toEqual({
      Level: 'ERROR',
      IncludeExecutionData: false,
      Destinations: [
        { CloudWatchLogsLogGroup: { LogGroupArn: { 'Fn::GetAtt': ['JobStateMachineLogGroup', 'Arn'] } } },
      ],
    });
    expect(resources['JobStateMachineLogGroup']?.Properties.LogGroupName).toMatch(/^\/aws\/vendedlogs\//);
  });

  test('has a role that Step Functions may assume for this account only', () => {
    expect(resources['JobStateMachineRole']?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'states.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });

  test('invokes exactly the functions that its role may invoke', () => {
    const substitutions = resources['JobStateMachine']?.Properties.DefinitionSubstitutions;
    const functions = Object.values<object>(substitutions).filter((s) =>
      JSON.stringify(s).includes('LambdaFunction'),
    );
    const invoke = statementsOf('JobStateMachineRole').find((s) => s.Action === 'lambda:InvokeFunction');
    expect(invoke?.Resource).toEqual(functions);
  });
});

describe('the permissions', () => {
  test('are those that tests of single roles get without packaging', () => {
    const rolesIn = (of: Resources) => Object.fromEntries(ofType(of, 'AWS::IAM::Role'));
    expect(rolesIn(resources)).toEqual(rolesIn(rolesOf()));
    expect(rolesIn(withOptions)).toEqual(rolesIn(rolesOf(options, 'every-option')));
  });

  test('have a statement for each action of the worker, and none for one that is off', () => {
    const sidsOf = (of: Resources) => statementsOf('WorkerRole', of).map(({ Sid }) => Sid);
    const isOff = ({ isOffByDefault }: { isOffByDefault?: boolean }) => isOffByDefault === true;
    const wanted = (actions: readonly { name: string }[]) =>
      actions.map(({ name }) =>
        name.replaceAll(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase()),
      );
    expect(sidsOf(withOptions)).toEqual(expect.arrayContaining(wanted(declaredActions)));
    for (const sid of wanted(declaredActions.filter(isOff))) expect(sidsOf(resources)).not.toContain(sid);
  });

  test('name a resource, except for actions that support none', () => {
    // The service authorization reference lists none for them, or Step Functions asks for them without one.
    const withoutResource = [
      's3:CreateJob',
      's3:ListJobs',
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
    ];
    const wide = allStatements().filter((s) => s.Effect === 'Allow' && list(s.Resource).includes('*'));
    expect(wide.flatMap((s) => list(s.Action)).filter((action) => !withoutResource.includes(action))).toEqual(
      [],
    );
    expect(wide.length).toBeGreaterThan(0);
  });

  test('use actions of s3 instead of s3control, and no wildcards', () => {
    const actions = allStatements().flatMap((s) => (s.Effect === 'Allow' ? list(s.Action) : []));
    expect(actions).toContain('s3:CreateJob');
    expect(actions.filter((a) => a.startsWith('s3control:') || a.includes('*'))).toEqual([]);
  });

  test('let create-job pass only the listed roles, and only to S3 Batch Operations', () => {
    const passing = allStatements().filter((s) => list(s.Action).includes('iam:PassRole'));
    const listed =
      functionNamed('submit-job')?.Properties.Environment.Variables.BATCH_ROLE_ARNS['Fn::Join'][1];
    expect(passing).toEqual([
      expect.objectContaining({
        role: 'CreateJobRole',
        Resource: listed,
        Condition: { StringEquals: { 'iam:PassedToService': 'batchoperations.s3.amazonaws.com' } },
      }),
    ]);
  });

  test('let each function write only to its own log group', () => {
    for (const [id, { Properties }] of ofType(resources, 'AWS::Lambda::Function')) {
      const logs = statementsOf(Properties.Role['Fn::GetAtt'][0]).find((s) =>
        list(s.Action).includes('logs:PutLogEvents'),
      );
      expect(logs?.Action).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
      expect(referencesIn(logs?.Resource)).toEqual([id.replace(/LambdaFunction$/, 'LogGroup')]);
    }
  });

  test('reach the functions as the same lists', () => {
    expect(environmentOf('submit-job', everyOption)).toMatchObject({
      DATA_BUCKETS: 'data-*',
      MANIFEST_BUCKETS: 'lists,more/2026*',
      REPORT_BUCKETS: '',
      TARGET_BUCKETS: '',
      FUNCTION_NAMES: 'tagger',
      COMPLIANCE_RETENTION: 'false',
      GOVERNANCE_BYPASS: 'false',
      PUBLIC_GRANTS: 'false',
    });
  });

  test('let only S3 Batch Operations assume the job role', () => {
    const trust = resources['BatchRole']?.Properties.AssumeRolePolicyDocument.Statement;
    expect(trust).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'batchoperations.s3.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    ]);
  });
});

describe('a parameter of what is observed changes nothing by default, and', () => {
  const functions = (of: Resources) =>
    ofType(of, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);
  const machine = (of: Resources) => of['JobStateMachine']?.Properties;
  const traceRights = (of: Resources) =>
    ofType(of, 'AWS::IAM::Role').filter(([role]) =>
      statementsOf(role, of).some(({ Sid }) => Sid === 'Traces'),
    );

  test('logLevel sets the level of every function', () => {
    const levels = (of: Resources) =>
      new Set(functions(of).map((f) => f.Environment.Variables.POWERTOOLS_LOG_LEVEL));
    expect(levels(resources)).toEqual(new Set(['INFO']));
    expect(levels(withOptions)).toEqual(new Set(['DEBUG']));
  });

  test('logExecutionData adds input and output to the error log of the state machine', () => {
    expect(machine(resources).LoggingConfiguration.IncludeExecutionData).toBe(false);
    expect(machine(withOptions).LoggingConfiguration.IncludeExecutionData).toBe(true);
  });

  test('tracing traces functions and state machine, whose roles then may write traces', () => {
    expect(functions(resources).filter((f) => f.TracingConfig)).toEqual([]);
    expect(machine(resources).TracingConfiguration).toEqual({ Enabled: false });
    expect(traceRights(resources)).toEqual([]);
    expect(new Set(functions(withOptions).map((f) => f.TracingConfig.Mode))).toEqual(new Set(['Active']));
    expect(machine(withOptions).TracingConfiguration).toEqual({ Enabled: true });
    expect(traceRights(withOptions)).toHaveLength(functions(withOptions).length + 1);
    for (const [role] of traceRights(withOptions))
      for (const action of ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'])
        expect(roleOf(withOptions, role)({ action, resource: '*' })).toBe('allowed');
  });

  test('costTags are tags of the stack, which CloudFormation gives to its resources', () => {
    expect(defaults.tags).toBeUndefined();
    expect(everyOption.tags).toEqual({ team: 'media', env: 'prod' });
  });

  test('workerConcurrency reserves concurrency for the worker, whose throttles are then no alarm', () => {
    const reserved = (of: Resources) =>
      ofType(of, 'AWS::Lambda::Function').flatMap(([id, { Properties }]) =>
        Properties.ReservedConcurrentExecutions === undefined
          ? []
          : [[id, Properties.ReservedConcurrentExecutions]],
      );
    expect(reserved(resources)).toEqual([]);
    expect(reserved(withOptions)).toEqual([['WorkerLambdaFunction', 5]]);
    expect(resources).toHaveProperty('ThrottledWorkerAlarm');
    expect(withOptions).not.toHaveProperty('ThrottledWorkerAlarm');
  });

  test('monthlyBudgetUsd notifies alarmEmail of costs and of a forecast', () => {
    expect(ofType(resources, 'AWS::Budgets::Budget')).toEqual([]);
    const [[, budget] = []] = ofType(withOptions, 'AWS::Budgets::Budget');
    expect(budget?.Properties.Budget.BudgetLimit).toEqual({ Amount: '50', Unit: 'USD' });
    const notified = budget?.Properties.NotificationsWithSubscribers;
    expect(
      notified.map((n: { Notification: { NotificationType: string } }) => n.Notification.NotificationType),
    ).toEqual(['ACTUAL', 'FORECASTED']);
    for (const { Subscribers } of notified)
      expect(Subscribers).toEqual([{ SubscriptionType: 'EMAIL', Address: 'ops@example.com' }]);
  });

  test('recordCallers=false keeps callers out of the access log', () => {
    const fields = (of: Resources) => {
      const [[, stage] = []] = ofType(of, 'AWS::ApiGatewayV2::Stage');
      return Object.keys(JSON.parse(stage?.Properties.AccessLogSettings.Format));
    };
    const named = fields(resources).filter((field) => !fields(withOptions).includes(field));
    expect(named).toEqual(['caller', 'subject']);
  });
});

describe('an announcement that fails for good', () => {
  const ANNOUNCER = 'AnnounceDashstoppedDashwatchLambdaFunction';
  const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

  test('leaves the event in a queue when EventBridge cannot invoke the function', () => {
    const rules = ofType(resources, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
    expect(rules).toHaveLength(1);
    expect(rules[0].Targets).toEqual([
      expect.objectContaining({
        Arn: arnOf(ANNOUNCER),
        DeadLetterConfig: { Arn: arnOf('UndeliveredEventsQueue') },
      }),
    ]);
    const { PolicyDocument } = resources['UndeliveredEventsQueuePolicy']?.Properties ?? {};
    expect(PolicyDocument.Statement).toContainEqual({
      Sid: 'RuleSends',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: arnOf('UndeliveredEventsQueue'),
      Condition: {
        ArnEquals: {
          'aws:SourceArn': {
            'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:rule/${rules[0].Name}`,
          },
        },
      },
    });
  });

  test('leaves the invocation in a queue when the function fails after its retries', () => {
    const [[, config] = []] = ofType(resources, 'AWS::Lambda::EventInvokeConfig');
    expect(config?.Properties).toMatchObject({
      FunctionName: { Ref: ANNOUNCER },
      DestinationConfig: { OnFailure: { Destination: arnOf('FailedAnnouncementsQueue') } },
    });
    const role = roleOf(resources, 'AnnounceStoppedWatchRole');
    const resource = 'arn:aws:sqs:us-east-1:000000000000:failedannouncementsqueue';
    expect(role({ action: 'sqs:SendMessage', resource })).toBe('allowed');
  });

  test('is kept for 14 days, encrypted, and raises an alarm', () => {
    const queues = ofType(resources, 'AWS::SQS::Queue');
    expect(queues.map(([id]) => id).sort()).toEqual(['FailedAnnouncementsQueue', 'UndeliveredEventsQueue']);
    const watched = ofType(resources, 'AWS::CloudWatch::Alarm').flatMap(([, { Properties }]) =>
      Properties.MetricName === 'ApproximateNumberOfMessagesVisible' ? Properties.Dimensions : [],
    );
    for (const [id, { Properties }] of queues) {
      expect(Properties).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
      expect(watched).toContainEqual({ Name: 'QueueName', Value: { 'Fn::GetAtt': [id, 'QueueName'] } });
    }
  });
});

describe('the alarms', () => {
  test('go to a topic of their own, and say what to do', () => {
    const alarms = ofType(resources, 'AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(4);
    for (const [id, { Properties }] of alarms)
      expect({ id, actions: Properties.AlarmActions }).toEqual({ id, actions: [{ Ref: 'AlarmsTopic' }] });
  });

  test('can be published by CloudWatch, encrypted with the key of the notices', () => {
    expect(resources['AlarmsTopic']?.Properties.KmsMasterKeyId).toEqual({ Ref: 'NoticesKey' });
    const byCloudWatch = expect.objectContaining({
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    expect(resources['AlarmsTopicPolicy']?.Properties.PolicyDocument.Statement).toContainEqual(byCloudWatch);
    expect(resources['NoticesKey']?.Properties.KeyPolicy.Statement).toContainEqual(byCloudWatch);
  });

  test('are sent by e-mail when alarmEmail is set', () => {
    expect(resources['AlarmEmail']).toBeUndefined();
    expect(withOptions['AlarmEmail']?.Properties.Endpoint).toBe('ops@example.com');
  });
});

test('the bucket is private and encrypted, requires TLS, and expires its objects', () => {
  const bucket = resources['StackBucket']?.Properties;
  expect(Object.values(bucket.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
  expect(bucket.BucketEncryption).toBeDefined();
  expect(bucket.LifecycleConfiguration.Rules[0].ExpirationInDays).toBe(120);
  const policy = resources['StackBucketPolicy']?.Properties.PolicyDocument.Statement[0];
  expect(policy).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
});

test('the topic is encrypted and requires TLS', () => {
  expect(resources['NoticesTopic']?.Properties.KmsMasterKeyId).toEqual({ Ref: 'NoticesKey' });
  const [deny] = resources['NoticesTopicPolicy']?.Properties.PolicyDocument.Statement ?? [];
  expect(deny).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
});

test('every log group has a retention', () => {
  const groups = ofType(resources, 'AWS::Logs::LogGroup');
  expect(groups.length).toBe(functionFiles.length + 2); // the API's and the state machine's
  for (const [, group] of groups) expect(group.Properties.RetentionInDays).toBe(30);
});

test('the access log is named so that API Gateway extends no policy of the account, and is JSON', () => {
  const [[, group] = [], ...others] = ofType(resources, 'AWS::Logs::LogGroup').filter(
    ([id]) => id === 'HttpApiLogGroup',
  );
  expect(others).toEqual([]);
  expect(group?.Properties.LogGroupName).toMatch(/^\/aws\/vendedlogs\//);
  const [[, stage] = []] = ofType(resources, 'AWS::ApiGatewayV2::Stage');
  expect(Object.keys(JSON.parse(stage?.Properties.AccessLogSettings.Format))).toEqual(
    expect.arrayContaining(['latencyMs', 'integrationError', 'caller', 'subject']),
  );
});

test("the framework's bucket for deployments blocks public access", () => {
  const bucket = resources['ServerlessDeploymentBucket']?.Properties;
  expect(Object.values(bucket.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
});

test('no resource depends on itself', () => {
  const edges = new Map(
    Object.entries(resources).map(([id, { Properties, DependsOn = [] }]) => [
      id,
      [...referencesIn(Properties), ...list(DependsOn)].filter((target) => target in resources),
    ]),
  );
  const circleFrom = (id: string, path: string[]): string[] | undefined => {
    if (path.includes(id)) return [...path, id];
    for (const next of edges.get(id) ?? []) {
      const circle = circleFrom(next, [...path, id]);
      if (circle) return circle;
    }
    return undefined;
  };
  for (const id of edges.keys()) expect(circleFrom(id, [])).toBeUndefined();
});

test('long lists fit, because they are in the bundles instead of the environments', () => {
  const names = (kind: string) => Array.from({ length: 50 }, (_, i) => `${kind}-${i}-`.padEnd(40, 'x'));
  const lists = { dataBuckets: names('b'), webhooks: names('hook'), accountScopeTenants: names('tenant') };
  const packed = packageStage('long-lists', { ...options, ...lists, governanceBypass: true });
  for (const [, { Properties }] of ofType(packed.resources, 'AWS::Lambda::Function')) {
    const { FunctionName, Environment } = Properties;
    expect(functionFaults(FunctionName, Environment.Variables)).toEqual([]);
    expect(JSON.stringify(Environment.Variables)).not.toContain('xxx');
  }
  expect(environmentOf('submit-job', packed)).toMatchObject({
    DATA_BUCKETS: lists.dataBuckets.join(),
    WEBHOOKS: lists.webhooks.join(),
  });
}, 120_000);

describe('docs/operate.md', () => {
  const page = readDocument('docs/operate.md');

  test('counts what an unused stage costs', () => {
    const metrics = ofType(resources, 'AWS::CloudWatch::Alarm').flatMap(([, { Properties }]) =>
      (Properties.Metrics ?? [{ MetricStat: Properties }]).filter(
        (metric: { MetricStat?: object }) => metric.MetricStat,
      ),
    );
    const rows = tableBelow(page, 'A stage that nobody uses, in a month').slice(0, -1);
    expect(rows.map(([, units]) => Number(units))).toEqual([
      ofType(resources, 'AWS::KMS::Key').length,
      metrics.length,
      ofType(resources, 'AWS::CloudWatch::Dashboard').length,
    ]);
  });

  test('has a policy for the deployer that covers the service of every resource', () => {
    const [, text = ''] = /```json\n([^`]*"SupportNoResource"[^`]*)```/.exec(page) ?? [];
    const actions = JSON.parse(text).Statement.flatMap(({ Action }: Statement) => list(Action));
    const granted = new Set(actions.map((action: string) => action.split(':')[0]));
    const names: Record<string, string> = { ApiGatewayV2: 'apigateway', StepFunctions: 'states' };
    const services = Object.values(withOptions).map(({ Type }) => {
      const service = Type.split('::')[1] ?? '';
      return names[service] ?? service.toLowerCase();
    });
    expect(granted).toEqual(new Set([...services, 'cloudformation']));
  });
});
