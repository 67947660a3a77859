import { AwsError } from '../../core/aws-error.ts';
import type { WireHandler } from '../../core/wire.ts';
import type { Delivery } from './delivery.ts';

/** Puts a message into the queue of an sqs subscription, as an envelope or raw with its attributes. */
export async function deliverToQueue(handle: WireHandler, delivery: Delivery): Promise<void> {
  const { envelope, endpoint, isRaw } = delivery;
  const { QueueUrl } = await callSqs(handle, 'GetQueueUrl', { QueueName: endpoint.split(':').at(-1) });
  await callSqs(handle, 'SendMessage', {
    QueueUrl,
    MessageBody: isRaw ? envelope.Message : JSON.stringify(signed(delivery)),
    ...(isRaw && { MessageAttributes: attributesOf(delivery) }),
  });
}

/** The envelope with the members of a signature, which is not valid. */
const signed = ({ envelope, subscriptionArn }: Delivery) => ({
  ...envelope,
  SignatureVersion: '1',
  Signature: 'EXAMPLE',
  SigningCertURL: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0000000000000000000000.pem',
  UnsubscribeURL: `https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
});

const attributesOf = ({ envelope: { MessageAttributes = {} } }: Delivery) =>
  Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { Type, Value }]) => [
      name,
      { DataType: Type, [Type.startsWith('Binary') ? 'BinaryValue' : 'StringValue']: Value },
    ]),
  );

async function callSqs(handle: WireHandler, action: string, input: object) {
  const { status, body } = await handle({
    method: 'POST',
    path: '/',
    query: '',
    headers: {
      host: 'localhost',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${action}`,
    },
    body: (async function* () {
      yield Buffer.from(JSON.stringify(input));
    })(),
  });
  const answer = JSON.parse(Buffer.from(body as Uint8Array).toString()) as Record<string, string>;
  if (status < 300) return answer;
  throw new AwsError(answer['__type'] ?? 'InternalError', status, answer['message'] ?? `${action} failed`);
}
