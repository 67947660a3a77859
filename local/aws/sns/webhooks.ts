import {
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  type SNSClient,
  type Subscription,
} from '@aws-sdk/client-sns';
import type { Clock } from '../../core/clock.ts';
import type { Envelope } from './envelope.ts';
import { passesFilter } from './filter-policy.ts';

/** SNS's default for HTTP endpoints: three retries, twenty seconds apart. */
const ATTEMPTS = 4;
const RETRY_DELAY_MS = 20_000;

export interface WebhookOptions {
  client: SNSClient;
  clock: Clock;
  /** Ends retries and deliveries in progress. */
  signal: AbortSignal;
  log: (line: string) => void;
}

/** Posts a message to the topic's http and https subscriptions whose filter it passes. Never rejects. */
export async function deliverToWebhooks(envelope: Envelope, options: WebhookOptions): Promise<void> {
  const pages = paginateListSubscriptionsByTopic(options, { TopicArn: envelope.TopicArn });
  const deliveries: Promise<void>[] = [];
  for await (const { Subscriptions = [] } of pages) {
    const webhooks = Subscriptions.filter(({ Protocol }) => Protocol === 'http' || Protocol === 'https');
    deliveries.push(...webhooks.map((webhook) => deliver(envelope, webhook, options)));
  }
  await Promise.all(deliveries);
}

async function deliver(envelope: Envelope, webhook: Subscription, options: WebhookOptions): Promise<void> {
  const { client, clock, signal, log } = options;
  const { SubscriptionArn = '', Endpoint = '' } = webhook;
  try {
    const { Attributes = {} } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    const { FilterPolicy, FilterPolicyScope, RawMessageDelivery } = Attributes;
    if (FilterPolicy && !passesFilter(FilterPolicy, FilterPolicyScope, envelope)) return;
    const request = toRequest(envelope, SubscriptionArn, RawMessageDelivery === 'true');
    for (let attempt = 1; ; attempt++) {
      const { failure, isFinal } = await clock.busy(() => post(Endpoint, { ...request, signal }));
      if (failure === undefined) return;
      log(`notice ${envelope.MessageId} to ${Endpoint}: ${failure}`);
      if (attempt === ATTEMPTS || isFinal) return;
      await clock.sleep(RETRY_DELAY_MS, signal);
    }
  } catch (error) {
    if (!signal.aborted) log(`notice ${envelope.MessageId} to ${Endpoint}: ${error}`);
  }
}

const toRequest = (envelope: Envelope, subscriptionArn: string, raw: boolean): RequestInit => ({
  method: 'POST',
  headers: {
    'content-type': 'text/plain; charset=UTF-8',
    'user-agent': 'Amazon Simple Notification Service Agent',
    'x-amz-sns-message-type': envelope.Type,
    'x-amz-sns-message-id': envelope.MessageId,
    'x-amz-sns-topic-arn': envelope.TopicArn,
    'x-amz-sns-subscription-arn': subscriptionArn,
    ...(raw ? { 'x-amz-sns-rawdelivery': 'true' } : {}),
  },
  body: raw ? envelope.Message : JSON.stringify(envelope),
});

/** A client error is final, as for SNS. A missing answer, 429 and 5xx are retried. */
async function post(
  endpoint: string,
  request: RequestInit,
): Promise<{ failure: string | undefined; isFinal: boolean }> {
  try {
    const { ok, status, body } = await fetch(endpoint, request);
    await body?.cancel();
    return {
      failure: ok ? undefined : `answered ${status}`,
      isFinal: status >= 400 && status < 500 && status !== 429,
    };
  } catch (error) {
    request.signal?.throwIfAborted();
    const { cause, message } = error as Error;
    return { failure: `no answer (${cause ?? message})`, isFinal: false };
  }
}
