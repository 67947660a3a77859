import type { MessageAttributeValue, PublishInput } from '@aws-sdk/client-sns';
import type { AwsError } from '../../core/aws-error.ts';
import type { WireResponse } from '../../core/wire.ts';
import { escapeXml } from '../protocol/xml-characters.ts';

/** A Publish request as clients of SNS send it: a form with `MessageAttributes.entry.1.Name` and so on. */
export function readPublishForm(form: ReadonlyMap<string, string>): PublishInput {
  const text = (name: string) => form.get(name);
  const MessageAttributes: Record<string, MessageAttributeValue> = {};
  for (let n = 1; form.has(`MessageAttributes.entry.${n}.Name`); n++) {
    const member = (name: string) => text(`MessageAttributes.entry.${n}.${name}`);
    const binary = member('Value.BinaryValue');
    MessageAttributes[member('Name') ?? ''] = {
      DataType: member('Value.DataType'),
      StringValue: member('Value.StringValue'),
      ...(binary === undefined ? {} : { BinaryValue: Buffer.from(binary, 'base64') }),
    };
  }
  return {
    TopicArn: text('TopicArn'),
    Message: text('Message'),
    Subject: text('Subject'),
    MessageAttributes,
  };
}

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

const xml = (status: number, requestId: string, body: string): WireResponse => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body,
});

export const publishAnswer = (messageId: string, requestId: string) =>
  xml(
    200,
    requestId,
    `<PublishResponse xmlns="${NAMESPACE}"><PublishResult><MessageId>${messageId}</MessageId></PublishResult>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></PublishResponse>`,
  );

export const errorAnswer = ({ code, status, message }: AwsError, requestId: string) =>
  xml(
    status,
    requestId,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>` +
      `<Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>` +
      `<RequestId>${requestId}</RequestId></ErrorResponse>`,
  );
