import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishInput, PublishResponse } from '@aws-sdk/client-sns';
import { AwsError, ConnectionLost } from '../../core/aws-error.ts';
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { WireHandler, WireRequest, WireResponse } from '../../core/wire.ts';
import type { Database } from '../../store/database.ts';
import type { Intercept } from '../protocol/action.ts';
import { readBody } from '../protocol/body.ts';
import { parseJsonBody } from '../protocol/parse-json.ts';
import { checkPublish } from './check-publish.ts';
import { checkSetSubscriptionAttributes, checkSubscribe } from './check-subscription.ts';
import { printedMail } from './delivery.ts';
import { type Envelope, toEnvelope } from './envelope.ts';
import type { Hub } from './hub.ts';
import { createNotices } from './notices.ts';
import { errorAnswer, publishAnswer, readPublishForm } from './publish-form.ts';

export interface Sns {
  /** SNS and SQS on the wire. */
  handle: WireHandler;
  /** Rejects with AwsError. Resolves when the notice is stored and in the queues; webhooks get it later. */
  publish(request: PublishInput): Promise<PublishResponse>;
  /** The last notices, oldest first. */
  notices(): Envelope[];
  stop(): Promise<void>;
}

/** A message of 256 KB in a form, or of 1 MiB in JSON, and as much again for its encoding. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/**
 * SNS, and SQS to subscribe queues. Messages to `topics` (ARNs) are the stack's notices: they are stored and passed to
 * `onNotice`. Topics, queues and subscriptions of callers are kept beside the database, or in memory as it is.
 */
export function createSns({
  database,
  clock,
  random,
  topics,
  mails = [],
  onNotice = () => {},
  intercept = (_, act) => act(),
  log = () => {},
}: {
  database: Database;
  clock: Clock;
  random: Random;
  topics: readonly string[];
  /** Subscriptions by e-mail that exist from the start. */
  mails?: readonly { topicArn: string; endpoint: string }[];
  onNotice?: (notice: Envelope) => void;
  intercept?: Intercept;
  log?: (line: string) => void;
}): Sns {
  const kept = createNotices(database);
  const dir = database.dir && join(database.dir, 'messages');
  const stopping = new AbortController();
  const deliveries = new Set<Promise<void>>();
  let hub: Promise<Hub> | undefined;
  const loadHub = () => {
    hub ??= import('./hub.ts').then(({ startHub }) => startHub(topics, dir));
    return hub;
  };
  /** Without a call, there are only the subscriptions of an earlier process. */
  const hubWithSubscriptions = () => hub ?? (dir !== undefined && existsSync(dir) ? loadHub() : undefined);

  const accept = async (request: PublishInput) => {
    const input = checkPublish(request);
    const isNotice = topics.includes(input.TopicArn);
    const envelope = toEnvelope(input, random.uuid(), clock.now());
    const loaded = await (isNotice ? hubWithSubscriptions() : loadHub());
    const webhooks = (await loaded?.distribute(envelope, { clock, signal: stopping.signal, log })) ?? [];
    if (isNotice) {
      kept.add(envelope);
      onNotice(envelope);
    }
    for (const { endpoint } of mails.filter(({ topicArn }) => topicArn === input.TopicArn))
      log(printedMail({ protocol: 'email', endpoint, envelope }) ?? '');
    for (const webhook of webhooks) {
      deliveries.add(webhook);
      void webhook.finally(() => deliveries.delete(webhook));
    }
    return { MessageId: envelope.MessageId };
  };

  const publish = async (input: PublishInput) => intercept({ action: 'Publish', input }, () => accept(input));

  /** A form of SNS, or a call that only fauxqs knows. */
  const answer = async (request: WireRequest, requestId: string): Promise<WireResponse> => {
    if (request.method !== 'POST') throw postOnly(request);
    const body = await readBody(request, MAX_BODY_BYTES);
    const form: ReadonlyMap<string, string> = new Map(
      isForm(request.headers) ? new URLSearchParams(body.toString()) : [],
    );
    const action = form.get('Action');
    if (action === 'Publish') {
      const { MessageId } = await publish(readPublishForm(form));
      return publishAnswer(MessageId, requestId);
    }
    if (action === 'PublishBatch') throw notImplemented(action);
    if (isSqs(request)) parseJsonBody(body);
    const loaded = await loadHub();
    if (action === 'Subscribe') checkSubscribe(form);
    if (action === 'SetSubscriptionAttributes')
      checkSetSubscriptionAttributes(form, await loaded.attributesOf(form.get('SubscriptionArn') ?? ''));
    return loaded.handle({ ...request, body: once(body) });
  };

  const handle: WireHandler = (request) => {
    const requestId = random.uuid();
    return answer(request, requestId).catch((error: unknown) => {
      const refusal = toAwsError(error, log);
      return isSqs(request) ? jsonError(refusal, requestId) : errorAnswer(refusal, requestId);
    });
  };

  return {
    handle,
    publish,
    notices: kept.list,
    async stop() {
      stopping.abort();
      await Promise.all(deliveries);
      await (await hub)?.close();
    },
  };
}

async function* once(body: Uint8Array) {
  yield body;
}

const FORM = 'application/x-www-form-urlencoded';

const isForm = (headers: WireRequest['headers']) => headers['content-type']?.startsWith(FORM) ?? false;

const isSqs = ({ headers }: WireRequest) => headers['x-amz-target']?.startsWith('AmazonSQS.') ?? false;

/** SQS answers JSON, SNS an XML document. */
const jsonError = ({ code, status, message }: AwsError, requestId: string): WireResponse => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId },
  body: JSON.stringify({ __type: code, message }),
});

function toAwsError(error: unknown, log: (line: string) => void): AwsError {
  if (error instanceof ConnectionLost) throw error;
  if (error instanceof AwsError) return error;
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return new AwsError('InternalError', 500, 'Internal error');
}

const notImplemented = (action: string) =>
  new AwsError('InvalidAction', 400, `${action} is not implemented here; publish one message at a time`);

/** A page could make a browser send any GET, even without a script. */
const postOnly = ({ method, query }: WireRequest) =>
  new AwsError(
    'InvalidAction',
    405,
    `${method} ${new URLSearchParams(query).get('Action') ?? ''} is refused: send actions of SNS and SQS by POST`,
  );
