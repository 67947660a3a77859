/** What the checks need of a deployed stack: its API, notices, objects and roles. */
import {
  CloudFormationClient,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { ACCOUNT_ID } from '../../local/core/account.ts';
import type { Emulator } from './emulator.ts';

/** What a caller proves itself with: an access key, a token, or nothing. */
export type Caller = { accessKeyId: string; secretAccessKey: string } | { token: string } | undefined;

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are checked, not typed
  body: any;
}

/** A notice of docs/notices.md. */
export interface Notice {
  jobRequestId: string;
  kind: string;
  outcome?: string;
  [member: string]: unknown;
}

export type Stack = Awaited<ReturnType<typeof findStack>>;

/** How long a notice may take; less where it must not arrive. */
const NOTICE_SECONDS = 30;
const MISSING_NOTICE_SECONDS = 6;

export async function findStack({ aws }: Emulator, stage: string) {
  const { region } = aws;
  const iam = new IAMClient(aws);
  const s3 = new S3Client({ ...aws, forcePathStyle: true });
  const sqs = new SQSClient(aws);
  const name = `bucket-brigade-${stage}`;
  const formation = new CloudFormationClient(aws);
  const { Stacks = [] } = await formation.send(new DescribeStacksCommand({ StackName: name }));
  const outputs = Object.fromEntries(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
  const apiId = new URL(outputs['ApiUrl'] ?? '').hostname.split('.')[0];
  const api = `${aws.endpoint}/_aws/execute-api/${apiId}`;

  async function makeUser(UserName: string, actions: string[]): Promise<Caller> {
    await iam.send(new CreateUserCommand({ UserName }));
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: actions, Resource: `arn:aws:execute-api:${region}:*:${apiId}/*` },
      ],
    });
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'api', PolicyDocument }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {};
    return { accessKeyId, secretAccessKey };
  }

  async function call(caller: Caller, method: string, path: string, body?: unknown): Promise<Answer> {
    const url = new URL(api + path);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string> = { 'content-type': 'application/json', host: url.host };
    const signed =
      caller && 'accessKeyId' in caller
        ? await new SignatureV4({ service: 'execute-api', region, credentials: caller, sha256: Sha256 }).sign(
            {
              method,
              protocol: url.protocol,
              hostname: url.hostname,
              port: Number(url.port),
              path: url.pathname,
              query: Object.fromEntries(url.searchParams),
              headers,
              ...(text !== undefined && { body: text }),
            },
          )
        : { headers: caller ? { ...headers, authorization: `Bearer ${caller.token}` } : headers };
    const response = await fetch(url, { method, headers: signed.headers, body: text ?? null });
    const answer = await response.text();
    return { status: response.status, body: answer ? JSON.parse(answer) : undefined };
  }

  /** A queue that the topic may write to. */
  async function subscribe(): Promise<string> {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `${name}-inbox` }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: Attributes?.['QueueArn'],
          Condition: { ArnEquals: { 'aws:SourceArn': outputs['NoticesTopicArn'] } },
        },
      ],
    });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    await new SNSClient(aws).send(
      new SubscribeCommand({
        TopicArn: outputs['NoticesTopicArn'],
        Protocol: 'sqs',
        Endpoint: Attributes?.['QueueArn'],
        Attributes: { RawMessageDelivery: 'true' },
      }),
    );
    return QueueUrl;
  }

  const inbox = await subscribe();
  const unread: Notice[] = [];
  let noticeSeconds = NOTICE_SECONDS;
  async function receive(): Promise<void> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: inbox, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 }),
    );
    for (const { Body = '', ReceiptHandle } of Messages) {
      unread.push(JSON.parse(Body));
      await sqs.send(new DeleteMessageCommand({ QueueUrl: inbox, ReceiptHandle }));
    }
  }

  /** The next notice of this kind about the request, from the queue. */
  async function notice(jobRequestId: string, kind = 'final'): Promise<Notice> {
    for (const end = Date.now() + noticeSeconds * 1000; Date.now() < end; await receive()) {
      const index = unread.findIndex((one) => one.jobRequestId === jobRequestId && one.kind === kind);
      const [found] = index < 0 ? [] : unread.splice(index, 1);
      if (found) return found;
    }
    throw new Error(`no notice ${kind} in ${noticeSeconds} s`);
  }

  async function physicalId(LogicalResourceId: string): Promise<string> {
    const { StackResourceDetail } = await formation.send(
      new DescribeStackResourceCommand({ StackName: name, LogicalResourceId }),
    );
    return StackResourceDetail?.PhysicalResourceId ?? '';
  }

  /** Takes an action away from a role of the template while `work` runs. */
  async function without(role: string, action: string, work: () => Promise<void>): Promise<void> {
    const RoleName = await physicalId(role);
    const { PolicyNames: [PolicyName] = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    const granted = decodeURIComponent(PolicyDocument);
    const policy = JSON.parse(granted) as { Statement: { Effect: string; Action: string | string[] }[] };
    const Statement = policy.Statement.map((statement) =>
      statement.Effect === 'Allow'
        ? { ...statement, Action: [statement.Action].flat().filter((one) => one !== action) }
        : statement,
    ).filter(({ Action }) => Action?.length !== 0);
    const put = (document: string) =>
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: document }));
    await put(JSON.stringify({ ...policy, Statement }));
    noticeSeconds = MISSING_NOTICE_SECONDS;
    try {
      await work();
    } finally {
      noticeSeconds = NOTICE_SECONDS;
      await put(granted);
    }
  }

  return {
    name,
    outputs,
    makeUser,
    call,
    notice,
    without,
    /** Stops the execution of a job request. */
    abort: (id: string) =>
      new SFNClient(aws).send(
        new StopExecutionCommand({
          executionArn: `arn:aws:states:${region}:${ACCOUNT_ID}:execution:${name}:${id}`,
        }),
      ),
    /** Physical ids of the stack's resources of a type. */
    async resources(type: string) {
      const { StackResources = [] } = await formation.send(
        new DescribeStackResourcesCommand({ StackName: name }),
      );
      const found = StackResources.filter(({ ResourceType }) => ResourceType === type);
      return found.map(({ PhysicalResourceId = '' }) => PhysicalResourceId);
    },
    /** The alarms that notify somebody. */
    async alarms() {
      const { MetricAlarms = [] } = await new CloudWatchClient(aws).send(new DescribeAlarmsCommand({}));
      const notifying = MetricAlarms.filter(({ AlarmActions = [] }) => AlarmActions.length > 0);
      return notifying.map(({ AlarmName = '' }) => AlarmName);
    },
    /** How many messages a queue has. */
    async messages(QueueUrl: string) {
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      return Number(Attributes?.['ApproximateNumberOfMessages']);
    },
    exists: () =>
      formation.send(new DescribeStacksCommand({ StackName: name })).then(
        () => true,
        () => false,
      ),
    bucketExists: (Bucket: string) =>
      s3.send(new HeadBucketCommand({ Bucket })).then(
        () => true,
        () => false,
      ),
    put: (Bucket: string, Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body })),
    remove: (Bucket: string, Key: string) => s3.send(new DeleteObjectCommand({ Bucket, Key })),
    head: (Bucket: string, Key: string) => s3.send(new HeadObjectCommand({ Bucket, Key })),
    async tags(Bucket: string, Key: string) {
      const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
      return Object.fromEntries(TagSet.map((tag) => [tag.Key, tag.Value]));
    },
  };
}
