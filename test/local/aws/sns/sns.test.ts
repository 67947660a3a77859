import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTopicCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { inProcess } from '../../../../local/aws/in-process.ts';
import type { Envelope } from '../../../../local/aws/sns/envelope.ts';
import { createSns, type Sns } from '../../../../local/aws/sns/sns.ts';
import { type VirtualClock, virtualClock } from '../../../../local/core/clock.ts';
import { createRandom } from '../../../../local/core/random.ts';
import { type Database, openDatabase } from '../../../../local/store/database.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:notices';
const NOW = Date.UTC(2026, 0, 1);

let database: Database;
let clock: VirtualClock;
let sns: Sns;
let client: SNSClient;
let noticed: Envelope[];
let lines: string[];

const openSns = () =>
  createSns({
    database,
    clock,
    random: createRandom('sns'),
    topics: [TOPIC],
    onNotice: (notice) => noticed.push(notice),
    log: (line) => lines.push(line),
  });

beforeEach(() => {
  database = openDatabase();
  clock = virtualClock(NOW);
  noticed = [];
  lines = [];
  sns = openSns();
  client = new SNSClient({ requestHandler: inProcess(sns.handle), endpoint: 'http://localhost' });
});
afterEach(async () => {
  await sns.stop();
  database.close();
});

const message = {
  TopicArn: TOPIC,
  Subject: 'Job done',
  Message: '{"kind":"final"}',
  MessageAttributes: { kind: { DataType: 'String', StringValue: 'final' } },
};

describe('a published message', () => {
  test('is a notice: it is passed on at once and survives a restart', async () => {
    const { MessageId } = await sns.publish(message);
    const notice = {
      Type: 'Notification',
      MessageId,
      TopicArn: TOPIC,
      Subject: 'Job done',
      Message: '{"kind":"final"}',
      Timestamp: '2026-01-01T00:00:00.000Z',
      MessageAttributes: { kind: { Type: 'String', Value: 'final' } },
    };
    expect(noticed).toEqual([notice]);
    expect(openSns().notices()).toEqual([notice]);
  });

  test('may come from any SNS client', async () => {
    const { MessageId } = await client.send(new PublishCommand(message));
    expect(noticed).toMatchObject([{ MessageId, MessageAttributes: { kind: { Value: 'final' } } }]);
  });

  test('to another topic is not a notice', async () => {
    const { TopicArn } = await client.send(new CreateTopicCommand({ Name: 'other' }));
    await client.send(new PublishCommand({ ...message, TopicArn }));
    expect(noticed).toEqual([]);
  });

  test('replaces the oldest of 1,000 notices', async () => {
    for (let n = 0; n <= 1_000; n++) await sns.publish({ TopicArn: TOPIC, Message: String(n) });
    const messages = sns.notices().map(({ Message }) => Message);
    expect([messages.length, messages[0], messages.at(-1)]).toEqual([1_000, '1', '1000']);
  });

  test.each([
    [{ Message: '' }, 'InvalidParameter'],
    [{ Message: 'x'.repeat(256 * 1024 + 1) }, 'InvalidParameter'],
    [{ Subject: 'two\nlines' }, 'InvalidParameter'],
    [{ Subject: 'x'.repeat(101) }, 'InvalidParameter'],
    [{ MessageAttributes: { kind: { DataType: 'String', StringValue: '' } } }, 'InvalidParameterValue'],
    [{ TopicArn: 'arn:aws:sns:us-east-1:000000000000:unknown' }, 'NotFound'],
  ])('that SNS refuses is refused: case %#', async (overrides, code) => {
    await expect(sns.publish({ ...message, ...overrides })).rejects.toMatchObject({ code });
    await expect(client.send(new PublishCommand({ ...message, ...overrides }))).rejects.toMatchObject({
      name: expect.stringContaining(code),
    });
    expect(sns.notices()).toEqual([]);
  });
});

test('the topics of the stack exist from the start', async () => {
  const { Topics } = await client.send(new ListTopicsCommand({}));
  expect(Topics).toEqual([{ TopicArn: TOPIC }]);
});

test('an action that is not implemented is refused with its name', async () => {
  const batch = new PublishBatchCommand({
    TopicArn: TOPIC,
    PublishBatchRequestEntries: [{ Id: '1', Message: 'a' }],
  });
  await expect(client.send(batch)).rejects.toMatchObject({
    message: expect.stringContaining('PublishBatch'),
  });
});

const form = { 'content-type': 'application/x-www-form-urlencoded' };

test.each(['GET', 'PUT', 'HEAD'])(
  'an action in a query is refused for %s, which a page could send',
  async (method) => {
    const query = new URLSearchParams({ Action: 'Publish', TopicArn: TOPIC, Message: 'from a page' });
    const { status, text } = await callWire(sns.handle, wireRequest(method, `/?${query}`));
    expect({ status, text }).toEqual({ status: 405, text: expect.stringContaining('Publish is refused') });
    expect(noticed).toEqual([]);
  },
);

test('an action of the older SQS protocol is refused with its name', async () => {
  const parts = { headers: form, body: 'Action=SendMessage&MessageBody=a' };
  const { status, text } = await callWire(sns.handle, wireRequest('POST', '/000000000000/inbox', parts));
  expect({ status, text }).toEqual({
    status: 400,
    text: expect.stringMatching(/InvalidAction[\s\S]*SendMessage/),
  });
});

test('a body over 8 MiB is refused in the form of its service', async () => {
  const body = `Action=Publish&Message=${'x'.repeat(8 * 1024 * 1024)}`;
  const ofSns = await callWire(sns.handle, wireRequest('POST', '/', { headers: form, body }));
  expect(ofSns).toMatchObject({
    status: 400,
    text: expect.stringContaining('<Code>MaxMessageLengthExceeded'),
  });
  const headers = { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0' };
  const ofSqs = await callWire(sns.handle, wireRequest('POST', '/', { headers, body }));
  expect(JSON.parse(ofSqs.text)).toMatchObject({ __type: 'MaxMessageLengthExceeded' });
});

test('a request of SQS that is nested 100,000 deep is refused', async () => {
  const headers = { 'x-amz-target': 'AmazonSQS.CreateQueue', 'content-type': 'application/x-amz-json-1.0' };
  const body = `{"QueueName":"q","Attributes":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const { status, text } = await callWire(sns.handle, wireRequest('POST', '/', { headers, body }));
  expect({ status, error: JSON.parse(text) }).toMatchObject({
    status: 400,
    error: { __type: 'SerializationException' },
  });
});

test('a message with 50,000 attributes is refused at once', async () => {
  const attributes = Array.from(
    { length: 50_000 },
    (_, i) =>
      `&MessageAttributes.entry.${i + 1}.Name=a${i}&MessageAttributes.entry.${i + 1}.Value.DataType=String&MessageAttributes.entry.${i + 1}.Value.StringValue=v`,
  );
  const body = `Action=Publish&TopicArn=${TOPIC}&Message=m${attributes.join('')}`;
  const { status, text } = await callWire(sns.handle, wireRequest('POST', '/', { headers: form, body }));
  expect({ status, text }).toEqual({ status: 400, text: expect.stringContaining('Message too long') });
});

const sqs = async (action: string, input: object) => {
  const request = wireRequest('POST', '/', {
    headers: {
      host: 'localhost:4566',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${action}`,
    },
    body: JSON.stringify(input),
  });
  return JSON.parse((await callWire(sns.handle, request)).text);
};
const subscribeQueue = async (name: string, Attributes: Record<string, string> = {}) => {
  const { QueueUrl } = await sqs('CreateQueue', { QueueName: name });
  const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${name}`;
  const { SubscriptionArn = '' } = await client.send(
    new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'sqs', Endpoint, Attributes }),
  );
  return { QueueUrl, SubscriptionArn };
};
const receive = async (QueueUrl: string): Promise<{ Body: string; MessageAttributes?: object }[]> => {
  const request = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  return (await sqs('ReceiveMessage', request)).Messages ?? [];
};

test('a queue with raw delivery gets the message and its attributes', async () => {
  const { QueueUrl } = await subscribeQueue('raw', { RawMessageDelivery: 'true' });
  const bytes = { DataType: 'Binary', BinaryValue: Buffer.from('abc') };
  await sns.publish({ ...message, MessageAttributes: { ...message.MessageAttributes, bytes } });
  expect(await receive(QueueUrl)).toMatchObject([
    {
      Body: message.Message,
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'final' },
        bytes: { DataType: 'Binary', BinaryValue: Buffer.from('abc').toString('base64') },
      },
    },
  ]);
});

test('a queue and an e-mail address get the same messages, whatever their filter policy', async () => {
  const policies: [string, string?][] = [
    ['{"kind":["final"]}'],
    ['{"tags":["b",{"prefix":"x"}]}'],
    ['{"missing":[null,{"anything-but":"x"}]}'],
    ['{"missing":[{"exists":false}]}'],
    ['{"$or":[{"kind":["other"]},{"count":[{"numeric":[">",1]}]}]}'],
    ['{"topErrors":{"errorCode":["NoSuchKey"]}}', 'MessageBody'],
  ];
  const messages = [
    { ...message, Message: '{"topErrors":[{"errorCode":"AccessDenied"}]}' },
    {
      TopicArn: TOPIC,
      Message: '{"topErrors":[{"errorCode":"AccessDenied"},{"errorCode":"NoSuchKey"}]}',
      MessageAttributes: {
        tags: { DataType: 'String.Array', StringValue: '["a","b"]' },
        count: { DataType: 'Number', StringValue: '2' },
      },
    },
    { TopicArn: TOPIC, Message: 'plain' },
  ];
  const decisions = [];
  for (const [index, [FilterPolicy, FilterPolicyScope = 'MessageAttributes']] of policies.entries()) {
    const Attributes = { FilterPolicy, FilterPolicyScope };
    const { QueueUrl, SubscriptionArn } = await subscribeQueue(`queue-${index}`, Attributes);
    const mail = await client.send(
      new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'email', Endpoint: 'a@b.example', Attributes }),
    );
    lines = [];
    for (const each of messages) await sns.publish(each);
    const queued = (await receive(QueueUrl)).map(({ Body }) => JSON.parse(Body).Message);
    const mailed = lines.map((line) => line.slice(line.indexOf('\n') + 1));
    expect({ FilterPolicy, mailed: mailed.sort() }).toEqual({ FilterPolicy, mailed: queued.sort() });
    decisions.push(queued.length);
    for (const arn of [SubscriptionArn, mail.SubscriptionArn])
      await client.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
  }
  expect(decisions).toEqual([1, 1, 0, 3, 1, 1]);
});

describe('a filter policy that SNS refuses', () => {
  test('is refused by Subscribe', async () => {
    await expect(subscribeQueue('refused', { FilterPolicy: '{"kind":"final"}' })).rejects.toThrow(
      'Invalid parameter: Attributes Reason: FilterPolicy: "kind" must be an object or an array',
    );
    await expect(subscribeQueue('refused', { FilterPolicy: '{"\u0001":1}' })).rejects.toThrow(
      'failed to parse JSON',
    );
    await expect(subscribeQueue('refused', { FilterPolicy: '{"\\u0001":1}' })).rejects.toThrow(
      'must be an object',
    );
    await expect(subscribeQueue('refused', { FilterPolicyScope: 'Body' })).rejects.toThrow(
      'Invalid value [Body]',
    );
  });

  test('is refused by SetSubscriptionAttributes, for the scope of the subscription', async () => {
    const { SubscriptionArn } = await subscribeQueue('inbox');
    const set = (AttributeName: string, AttributeValue: string) =>
      client.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
    const nested = '{"job":{"status":["Failed"]}}';
    await expect(set('FilterPolicy', nested)).rejects.toThrow('does not support nested filter policy');
    await set('FilterPolicyScope', 'MessageBody');
    await set('FilterPolicy', nested);
    await expect(set('FilterPolicyScope', 'MessageAttributes')).rejects.toThrow('does not support nested');
    await expect(set('FilterPolicyScope', 'Body')).rejects.toThrow('Invalid value [Body]');
    await expect(set('FilterPolicy', '{"a":[{"numeric":["="]}]}')).rejects.toThrow('must be numeric');
    await set('FilterPolicy', '');
  });
});

test('an e-mail address and a phone number get nothing, and the log has what they would get', async () => {
  for (const [Protocol, Endpoint] of [
    ['email', 'ann@example.com'],
    ['sms', '+4912345'],
  ])
    await client.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol, Endpoint }));
  await sns.publish({ ...message, Message: 'line 1\nline 2\u001b[31m' });
  expect(lines.toSorted()).toEqual([
    'SMS to +4912345, not sent: line 1\nline 2 [31m',
    'e-mail to ann@example.com, not sent: Job done\nline 1\nline 2 [31m',
  ]);
});

test('queues, subscriptions and messages survive a restart', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sns-'));
  const restart = async () => {
    await sns.stop();
    database.close();
    database = openDatabase(dir);
    sns = openSns();
    client = new SNSClient({ requestHandler: inProcess(sns.handle), endpoint: 'http://localhost' });
  };
  try {
    await restart();
    const { QueueUrl } = await subscribeQueue('inbox', { FilterPolicy: '{"kind":["final"]}' });
    await sns.publish(message);
    await restart();
    await sns.publish({ TopicArn: TOPIC, Message: 'filtered out' });
    await sns.publish({ ...message, Message: 'after the restart' });
    const bodies = (await receive(QueueUrl)).map(({ Body }) => JSON.parse(Body).Message);
    expect(bodies).toEqual([message.Message, 'after the restart']);
    const { Topics } = await client.send(new ListTopicsCommand({}));
    expect(Topics).toEqual([{ TopicArn: TOPIC }]);
  } finally {
    await restart();
    await sns.stop();
    rmSync(dir, { recursive: true, force: true });
  }
});

test('a subscribed queue gets the messages that pass its filter policy', async () => {
  const { QueueUrl } = await sqs('CreateQueue', { QueueName: 'inbox' });
  await client.send(
    new SubscribeCommand({
      TopicArn: TOPIC,
      Protocol: 'sqs',
      Endpoint: 'arn:aws:sqs:us-east-1:000000000000:inbox',
      Attributes: { FilterPolicy: '{"kind":["final"]}' },
    }),
  );
  await sns.publish({ TopicArn: TOPIC, Message: 'not for the queue' });
  const { MessageId } = await sns.publish(message);
  const { Messages } = await sqs('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
  expect(Messages.map(({ Body }: { Body: string }) => JSON.parse(Body))).toMatchObject([
    { MessageId, Message: message.Message },
  ]);
});

describe('a subscribed webhook', () => {
  let received: { headers: IncomingHttpHeaders; body: string }[];
  let statuses: number[];
  const webhook = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers, body });
    response.writeHead(statuses.shift() ?? 200).end();
    arrived();
  });
  let arrived: () => void;
  const arrival = () => new Promise<void>((resolve) => (arrived = resolve));

  let subscription: string;
  beforeEach(async () => {
    received = [];
    statuses = [];
    await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
    const { port } = webhook.address() as AddressInfo;
    const { SubscriptionArn = '' } = await client.send(
      new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'http', Endpoint: `http://127.0.0.1:${port}/hook` }),
    );
    subscription = SubscriptionArn;
  });
  afterEach(async () => {
    webhook.closeAllConnections();
    await new Promise((resolve) => webhook.close(resolve));
  });
  const setAttribute = (AttributeName: string, AttributeValue: string) =>
    client.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn: subscription,
        AttributeName,
        AttributeValue,
      }),
    );

  test('gets the envelope that SNS sends', async () => {
    const next = arrival();
    await sns.publish(message);
    await next;
    expect(JSON.parse(received[0]?.body ?? '')).toEqual(noticed[0]);
    expect(received[0]?.headers).toMatchObject({
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-topic-arn': TOPIC,
      'x-amz-sns-subscription-arn': subscription,
    });
  });

  test('gets only the message with raw delivery, and only messages that pass its filter', async () => {
    await setAttribute('RawMessageDelivery', 'true');
    await setAttribute('FilterPolicy', '{"kind":["final"]}');
    const next = arrival();
    await sns.publish({ TopicArn: TOPIC, Message: 'filtered out' });
    await sns.publish(message);
    await next;
    expect(received.map(({ body }) => body)).toEqual([message.Message]);
  });

  test('that fails is retried after 20 seconds', async () => {
    statuses = [503];
    const first = arrival();
    await sns.publish(message);
    await first;
    const second = arrival();
    await clock.runUntil(second);
    expect(received).toHaveLength(2);
    expect(clock.now()).toBe(NOW + 20_000);
  });
});
