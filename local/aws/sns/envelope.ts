import type { MessageAttributeValue, PublishInput } from '@aws-sdk/client-sns';

/** A published message as subscribers get it, without Amazon's signature. */
export interface Envelope {
  Type: 'Notification';
  MessageId: string;
  TopicArn: string;
  Subject?: string;
  Message: string;
  /** RFC 3339, UTC. */
  Timestamp: string;
  MessageAttributes?: Record<string, { Type: string; Value: string }>;
}

/** A request to publish that has passed `checkPublish`. */
export type CheckedPublish = PublishInput & { TopicArn: string; Message: string };

export function toEnvelope(input: CheckedPublish, messageId: string, nowMs: number): Envelope {
  const attributes = Object.entries(input.MessageAttributes ?? {});
  return {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: input.TopicArn,
    ...(input.Subject === undefined ? {} : { Subject: input.Subject }),
    Message: input.Message,
    Timestamp: new Date(nowMs).toISOString(),
    ...(attributes.length === 0 ? {} : { MessageAttributes: Object.fromEntries(attributes.map(toMember)) }),
  };
}

const toMember = ([name, { DataType = 'String', StringValue, BinaryValue }]: [
  string,
  MessageAttributeValue,
]) =>
  [
    name,
    { Type: DataType, Value: StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64') },
  ] as const;
