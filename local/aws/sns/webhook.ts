import type { Delivery, DeliveryOptions } from './delivery.ts';

/** SNS's default for HTTP endpoints: three retries, twenty seconds apart. */
const ATTEMPTS = 4;
const RETRY_DELAY_MS = 20_000;

/** Posts a message to an http or https subscription, with retries. */
export async function deliverToWebhook(delivery: Delivery, options: DeliveryOptions): Promise<void> {
  const { clock, signal, log } = options;
  const { envelope, endpoint } = delivery;
  const request = toRequest(delivery);
  for (let attempt = 1; ; attempt++) {
    const { failure, isFinal } = await clock.busy(() => post(endpoint, { ...request, signal }));
    if (failure === undefined) return;
    log(`notice ${envelope.MessageId} to ${endpoint}: ${failure}`);
    if (attempt === ATTEMPTS || isFinal) return;
    await clock.sleep(RETRY_DELAY_MS, signal);
  }
}

const toRequest = ({ envelope, subscriptionArn, isRaw }: Delivery): RequestInit => ({
  method: 'POST',
  headers: {
    'content-type': 'text/plain; charset=UTF-8',
    'user-agent': 'Amazon Simple Notification Service Agent',
    'x-amz-sns-message-type': envelope.Type,
    'x-amz-sns-message-id': envelope.MessageId,
    'x-amz-sns-topic-arn': envelope.TopicArn,
    'x-amz-sns-subscription-arn': subscriptionArn,
    ...(isRaw ? { 'x-amz-sns-rawdelivery': 'true' } : {}),
  },
  body: isRaw ? envelope.Message : JSON.stringify(envelope),
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
