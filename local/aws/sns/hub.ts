import { CreateTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { REGION } from '../../core/account.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { WireHandler } from '../../core/wire.ts';
import { inProcess } from '../in-process.ts';
import type { CheckedPublish, Envelope } from './envelope.ts';
import { startFauxqs } from './fauxqs.ts';
import { deliverToWebhooks, type WebhookOptions } from './webhooks.ts';

/** Topics, queues and subscriptions. Loaded at the first call: before it there is no subscriber. */
export interface Hub {
  handle: WireHandler;
  /** Hands the message to the subscribed queues; resolves with its id. */
  publish(input: CheckedPublish): Promise<string>;
  deliver(envelope: Envelope, options: Omit<WebhookOptions, 'client'>): Promise<void>;
  close(): Promise<void>;
}

/** `topics` are the ARNs of those that exist from the start. */
export async function startHub(topics: readonly string[]): Promise<Hub> {
  const { handle, close } = await startFauxqs();
  const client = new SNSClient({
    region: REGION,
    endpoint: 'http://localhost',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: inProcess(handle),
  });
  for (const arn of topics) await client.send(new CreateTopicCommand({ Name: arn.split(':').at(-1) }));
  return {
    handle,
    close,
    async publish(input) {
      const { MessageId = '' } = await client.send(new PublishCommand(input)).catch(asAwsError);
      return MessageId;
    },
    deliver: (envelope, options) => deliverToWebhooks(envelope, { ...options, client }),
  };
}

function asAwsError(error: Error & { $metadata?: { httpStatusCode?: number } }): never {
  throw new AwsError(
    error.name.replace(/Exception$/, ''),
    error.$metadata?.httpStatusCode ?? 500,
    error.message,
  );
}
