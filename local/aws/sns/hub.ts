import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  paginateListSubscriptionsByTopic,
  SNSClient,
  type Subscription,
} from '@aws-sdk/client-sns';
import { REGION } from '../../core/account.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { WireHandler } from '../../core/wire.ts';
import { inProcess } from '../in-process.ts';
import { type Delivery, type DeliveryOptions, printedMail } from './delivery.ts';
import type { Envelope } from './envelope.ts';
import { startFauxqs } from './fauxqs.ts';
import { passesFilter } from './filter/passes-filter.ts';
import { deliverToQueue } from './queues.ts';
import { deliverToWebhook } from './webhook.ts';

/** Topics, queues and subscriptions. Loaded at the first call, or at the first message when there are some from before. */
export interface Hub {
  handle: WireHandler;
  /** Attributes of a subscription. */
  attributesOf(subscriptionArn: string): Promise<Record<string, string>>;
  /**
   * Gives the message to the subscriptions of its topic whose filter it passes. Resolves when the queues have it, with
   * the deliveries to webhooks. Rejects with NotFound for an unknown topic.
   */
  distribute(envelope: Envelope, options: DeliveryOptions): Promise<Promise<void>[]>;
  close(): Promise<void>;
}

/** `topics` are the ARNs of those that exist from the start; `dir` is the folder of the others' state. */
export async function startHub(topics: readonly string[], dir: string | undefined): Promise<Hub> {
  const { handle, close } = await startFauxqs(dir);
  const client = new SNSClient({
    region: REGION,
    endpoint: 'http://localhost',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: inProcess(handle),
  });
  for (const arn of topics) await client.send(new CreateTopicCommand({ Name: arn.split(':').at(-1) }));

  const attributesOf = async (SubscriptionArn: string) => {
    const { Attributes = {} } = await client
      .send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
      .catch(asAwsError);
    return Attributes;
  };

  const subscriptionsOf = async (TopicArn: string): Promise<Subscription[]> => {
    await client.send(new GetTopicAttributesCommand({ TopicArn })); // throws for an unknown topic
    const all: Subscription[] = [];
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn }))
      all.push(...Subscriptions);
    return all;
  };

  /** What goes to a subscription; undefined when its filter stops the message. */
  const deliveryOf = async (
    envelope: Envelope,
    subscription: Subscription,
  ): Promise<Delivery | undefined> => {
    const {
      SubscriptionArn: subscriptionArn = '',
      Protocol: protocol = '',
      Endpoint: endpoint = '',
    } = subscription;
    const { FilterPolicy, FilterPolicyScope, RawMessageDelivery } = await attributesOf(subscriptionArn);
    if (FilterPolicy && !passesFilter(FilterPolicy, FilterPolicyScope, envelope)) return undefined;
    return { envelope, subscriptionArn, protocol, endpoint, isRaw: RawMessageDelivery === 'true' };
  };

  return {
    handle,
    attributesOf,
    async distribute(envelope, options) {
      const logFailure = (endpoint: string) => (error: unknown) => {
        if (!options.signal.aborted) options.log(`notice ${envelope.MessageId} to ${endpoint}: ${error}`);
      };
      const webhooks: Promise<void>[] = [];
      for (const subscription of await subscriptionsOf(envelope.TopicArn).catch(asAwsError)) {
        const failed = logFailure(subscription.Endpoint ?? '');
        const delivery = await deliveryOf(envelope, subscription).catch(failed);
        if (!delivery) continue;
        const { protocol } = delivery;
        const mail = printedMail(delivery);
        if (mail !== undefined) options.log(mail);
        else if (protocol === 'sqs') await deliverToQueue(handle, delivery).catch(failed);
        else if (protocol === 'http' || protocol === 'https')
          webhooks.push(deliverToWebhook(delivery, options).catch(failed));
      }
      return webhooks;
    },
    close,
  };
}

function asAwsError(error: Error & { $metadata?: { httpStatusCode?: number } }): never {
  throw new AwsError(
    error.name.replace(/Exception$/, ''),
    error.$metadata?.httpStatusCode ?? 500,
    error.message,
  );
}
