import type { PublishInput, PublishResponse } from '@aws-sdk/client-sns';
import { AwsError, ConnectionLost } from '../../core/aws-error.ts';
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { WireHandler, WireRequest } from '../../core/wire.ts';
import type { Database } from '../../store/database.ts';
import type { Intercept } from '../protocol/action.ts';
import { checkPublish } from './check-publish.ts';
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

/**
 * SNS, and SQS to subscribe queues. Messages to `topics` (ARNs) are the stack's notices: they are stored and passed to
 * `onNotice`. Topics, queues and subscriptions that callers make are kept in memory.
 */
export function createSns({
  database,
  clock,
  random,
  topics,
  onNotice = () => {},
  intercept = (_, act) => act(),
  log = () => {},
}: {
  database: Database;
  clock: Clock;
  random: Random;
  topics: readonly string[];
  onNotice?: (notice: Envelope) => void;
  intercept?: Intercept;
  log?: (line: string) => void;
}): Sns {
  const kept = createNotices(database);
  const stopping = new AbortController();
  const deliveries = new Set<Promise<void>>();
  let hub: Promise<Hub> | undefined;
  const loadHub = () => {
    hub ??= import('./hub.ts').then(({ startHub }) => startHub(topics));
    return hub;
  };

  const deliver = (loaded: Hub, envelope: Envelope) => {
    const delivery = loaded
      .deliver(envelope, { clock, signal: stopping.signal, log })
      .catch((error: unknown) => log(`notice ${envelope.MessageId}: ${error}`))
      .finally(() => deliveries.delete(delivery));
    deliveries.add(delivery);
  };

  const accept = async (request: PublishInput) => {
    const input = checkPublish(request);
    const isNotice = topics.includes(input.TopicArn);
    const loaded = isNotice ? await hub : await loadHub();
    const messageId = loaded ? await loaded.publish(input) : random.uuid();
    const envelope = toEnvelope(input, messageId, clock.now());
    if (isNotice) {
      kept.add(envelope);
      onNotice(envelope);
    }
    if (loaded) deliver(loaded, envelope);
    return { MessageId: messageId };
  };

  const publish = async (input: PublishInput) => intercept({ action: 'Publish', input }, () => accept(input));

  const handle: WireHandler = async (request) => {
    const { headers, body } = await posted(request);
    const form = new URLSearchParams(isForm(headers) ? body.toString() : '');
    const action = form.get('Action');
    const requestId = random.uuid();
    if (action === 'Publish')
      return publish(readPublishForm(form)).then(
        ({ MessageId }) => publishAnswer(MessageId, requestId),
        (error) => errorAnswer(toAwsError(error), requestId),
      );
    if (action === 'PublishBatch') return errorAnswer(notImplemented(action), requestId);
    return (await loadHub()).handle({
      ...request,
      headers,
      body: (async function* () {
        yield body;
      })(),
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

const FORM = 'application/x-www-form-urlencoded';

const isForm = (headers: WireRequest['headers']) => headers['content-type']?.startsWith(FORM) ?? false;

/** A call as a client sends it, in the body or in the query. */
async function posted(request: WireRequest): Promise<{ headers: WireRequest['headers']; body: Buffer }> {
  const { query, headers } = request;
  const body = await readBody(request);
  if (query === '') return { headers, body };
  const form = Buffer.from(query);
  return { headers: { ...headers, 'content-type': FORM, 'content-length': String(form.length) }, body: form };
}

async function readBody({ body }: WireRequest): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function toAwsError(error: unknown): AwsError {
  if (error instanceof ConnectionLost) throw error;
  return error instanceof AwsError ? error : new AwsError('InternalError', 500, String(error));
}

const notImplemented = (action: string) =>
  new AwsError('InvalidAction', 400, `${action} is not implemented here; publish one message at a time`);
