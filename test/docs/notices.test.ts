import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import type { Notice } from '../../functions/core/generated/notice.mjs';
import { failureReasonsOf, refusalOf } from '../../functions/domain/job/remedies.ts';
import { noticeAttributes } from '../../functions/domain/notice/notice.ts';
import { inProcess } from '../../local/aws/in-process.ts';
import { type Envelope, toEnvelope } from '../../local/aws/sns/envelope.ts';
import { passesFilter } from '../../local/aws/sns/filter/passes-filter.ts';
import { createSns, type Sns } from '../../local/aws/sns/sns.ts';
import {
  CONTENT_FAULT,
  ETAG_FORMAT_FAULT,
  ETAG_MISMATCH,
  FAILURE_CODES,
  FORMAT_FAULT,
  KEY_FAULT,
  KMS_FAULT,
  UNWRITABLE_REPORT,
  VERSION_FAULT,
} from '../../local/batch/unconfirmed.ts';
import { virtualClock } from '../../local/core/clock.ts';
import { createRandom } from '../../local/core/random.ts';
import { openDatabase } from '../../local/store/database.ts';
import { jobOf } from '../support/jobs.ts';
import { readDocument, tableBelow } from '../support/markdown.ts';
import { noticeExamples } from '../support/notice-examples.ts';
import { loadWatch } from '../support/watch.ts';
import { callWire, wireRequest } from '../support/wire.ts';

const document = readDocument('docs/notices.md');
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:notices';
const examples = (await noticeExamples(await loadWatch())).map(({ published, notice }) => ({
  published: { ...published, TopicArn: TOPIC, Message: published.Message ?? '' },
  notice,
}));
const plain = (cell = '') => cell.replaceAll('`', '');
const nameOf = ({ kind, outcome }: Notice) => outcome ?? kind;
const blocks = [...document.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text ?? ''));

describe('the document has', () => {
  test('an example of each notice, as it is published', () => {
    const rows = tableBelow(document, 'Subject and summary').map((cells) => cells.map(plain));
    const published = examples.map(({ published: { Subject = '' }, notice }) => [
      notice.kind,
      notice.outcome ?? '–',
      Subject,
      notice.summary,
    ]);
    expect(rows.toSorted()).toEqual(published.toSorted());
  });

  test('every kind and outcome of the schema', () => {
    const { properties, $defs } = JSON.parse(readDocument('schemas/notice.schema.json'));
    const kinds = tableBelow(document, 'Kinds').map(([kind]) => plain(kind));
    expect(kinds).toEqual(properties.kind.enum);
    expect(new Set(examples.map(({ notice }) => notice.kind))).toEqual(new Set(kinds));
    expect(new Set(examples.flatMap(({ notice }) => notice.outcome ?? []))).toEqual(
      new Set($defs.Outcome.enum),
    );
  });

  test('a body as it is published', () => {
    const example = examples.find(({ notice }) => notice.outcome === 'CompletedWithFailures');
    expect(blocks[0]).toEqual(example?.notice);
  });

  test('every attribute', () => {
    const names = tableBelow(document, 'Attributes').map(([name]) => plain(name));
    expect(names).toEqual([...noticeAttributes, 'tags']);
  });
});

describe('each notice', () => {
  const schema = JSON.parse(readDocument('schemas/notice.schema.json'));
  const validate = new Ajv2020({ allErrors: true }).compile(schema);

  test.each(examples.map(({ published, notice }) => [nameOf(notice), published, notice] as const))(
    '%s fits its schema, a mail inbox, and SNS',
    (_, { Subject = '', MessageAttributes = {} }, notice) => {
      expect([validate(notice), validate.errors]).toEqual([true, null]);
      expect(Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      const { kind, outcome, status, operation, jobRequestId } = notice;
      expect(notice.noticeId).toBe(`${jobRequestId}:${kind}`);
      const values = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]);
      const expected = { kind, ...(outcome && { outcome }), status, operation, jobRequestId, team: 'media' };
      expect(Object.fromEntries(values)).toEqual(expected);
    },
  );
});

test('notices name only calls that exist', () => {
  const named = examples.flatMap(({ notice }) =>
    [notice.summary, ...(notice.next ?? [])].flatMap((text) =>
      [...text.matchAll(/\b([A-Z]{3,}) (\/\S+)/g)].map(([, method, path = '']) => [
        method,
        path.replace(notice.jobRequestId, '{id}'),
      ]),
    ),
  );
  const { functions } = parse(readDocument('serverless.yml'));
  const existing = Object.values<{ events?: { httpApi?: Route }[] }>(functions).flatMap(({ events = [] }) =>
    events.flatMap(({ httpApi }) => (httpApi ? [[httpApi.method, httpApi.path]] : [])),
  );
  const calls = new Set(named.map((call) => call.join(' ')));
  expect(new Set(existing.map((call) => call.join(' '))).isSupersetOf(calls)).toBe(true);
  expect(calls).toEqual(
    new Set([
      'GET /jobs/{id}',
      'GET /jobs/{id}/failures',
      'POST /jobs',
      'POST /jobs/{id}/cancel',
      'POST /jobs/{id}/confirm',
      'POST /jobs/{id}/retry-failed',
    ]),
  );
});

interface Route {
  method: string;
  path: string;
}

describe('filter policies let through what the document says', () => {
  const policies = tableBelow(document, 'Filter policies').flatMap(
    ([wanted = '', policy = '', through = '']) =>
      policy.startsWith('`')
        ? { wanted, policy: plain(policy), names: through === '–' ? [] : through.split(', ') }
        : [],
  );
  const scopeOf = (policy: string) => (/counts|report/.test(policy) ? 'MessageBody' : 'MessageAttributes');
  const envelopes = examples.map(({ published }) => toEnvelope(published, 'id', 0));
  const namesOf = (passed: Envelope[]) =>
    new Set(passed.map(({ Message }) => nameOf(JSON.parse(Message) as Notice)));

  test.each(policies)('$wanted', ({ policy, names }) => {
    const passed = envelopes.filter((envelope) => passesFilter(policy, scopeOf(policy), envelope));
    expect(namesOf(passed)).toEqual(new Set(names));
  });

  let sns: Sns;
  beforeAll(() => {
    const clock = virtualClock(0);
    sns = createSns({ database: openDatabase(), clock, random: createRandom('notices'), topics: [TOPIC] });
  });
  afterAll(() => sns.stop());

  const sqs = async (action: string, input: object) => {
    const headers = {
      host: 'localhost',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${action}`,
    };
    return JSON.parse(
      (await callWire(sns.handle, wireRequest('POST', '/', { headers, body: JSON.stringify(input) }))).text,
    );
  };

  async function received(queue: string): Promise<Envelope[]> {
    const { QueueUrl } = await sqs('GetQueueUrl', { QueueName: queue });
    const { Messages = [] } = await sqs('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    return Messages.map(({ Body }: { Body: string }) => JSON.parse(Body));
  }

  test('also to queues that are subscribed', async () => {
    const client = new SNSClient({ requestHandler: inProcess(sns.handle), endpoint: 'http://localhost' });
    for (const [index, { policy }] of policies.entries()) {
      await sqs('CreateQueue', { QueueName: `queue-${index}` });
      const Endpoint = `arn:aws:sqs:us-east-1:000000000000:queue-${index}`;
      const Attributes = { FilterPolicy: policy, FilterPolicyScope: scopeOf(policy) };
      await client.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'sqs', Endpoint, Attributes }));
    }
    for (const { published } of examples) await sns.publish(published);
    for (const [index, { wanted, names }] of policies.entries())
      expect([wanted, namesOf(await received(`queue-${index}`))]).toEqual([wanted, new Set(names)]);
  });
});

describe('every failure reason has a remedy', () => {
  const rows = tableBelow(document, 'Failure reasons');
  const refusals = rows.slice(rows.findIndex(([words]) => words === 'Error of CreateJob') + 2);
  const failures = rows.slice(0, -refusals.length - 2);
  const remedyOf = (FailureCode: string, FailureReason: string) =>
    failureReasonsOf(jobOf('Failed', { FailureReasons: [{ FailureCode, FailureReason }] }))[0]?.remedy;
  const noRemedy = remedyOf('', 'unknown words');

  test.each(failures)('%s', (words = '', remedy) => {
    expect(remedyOf('SomeCode', words)).toBe(remedy);
  });

  test.each(refusals)('refused: %s', (words = '', remedy) => {
    expect(refusalOf(words).remedy).toBe(remedy);
  });

  test.each([
    ...[ETAG_FORMAT_FAULT, ETAG_MISMATCH, FORMAT_FAULT, KMS_FAULT, CONTENT_FAULT, KEY_FAULT, VERSION_FAULT],
    UNWRITABLE_REPORT.reason,
  ])('the document has the text of local/: %s', (text) => {
    expect(failures.map(([words]) => words)).toContain(text);
  });

  test.each([
    ...Object.values(FAILURE_CODES),
    'InvalidManifestContent',
    'ObjectLockConfigurationNotFoundError',
  ])('the code %s alone is enough', (code) => {
    const remedies = failures.map(([, remedy]) => remedy);
    expect(remedies).toContain(remedyOf(code, ''));
    expect(remedyOf(code, '')).not.toBe(noRemedy);
  });
});
