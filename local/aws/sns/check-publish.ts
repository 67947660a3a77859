import type { PublishInput } from '@aws-sdk/client-sns';
import { AwsError } from '../../core/aws-error.ts';
import type { CheckedPublish } from './envelope.ts';

const MAX_MESSAGE_BYTES = 256 * 1024;
const MAX_SUBJECT_CHARACTERS = 100;

const invalid = (message: string) => new AwsError('InvalidParameter', 400, `Invalid parameter: ${message}`);

/** Refuses what SNS refuses. It does not check whether the topic exists. */
export function checkPublish(input: PublishInput): CheckedPublish {
  const { TopicArn, Message, Subject, MessageAttributes = {} } = input;
  if (TopicArn === undefined)
    throw invalid('TopicArn or TargetArn Reason: no value for required parameter; only topics exist here');
  if (!Message) throw invalid('Empty message');
  if (Subject !== undefined && !isSubject(Subject)) throw invalid('Subject');
  let bytes = Buffer.byteLength(Message);
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(MessageAttributes)) {
    if (!DataType || !(StringValue || BinaryValue?.length)) {
      throw new AwsError(
        'InvalidParameterValue',
        400,
        `The message attribute '${name}' must contain non-empty message attribute value and type.`,
      );
    }
    bytes += Buffer.byteLength(name + DataType + (StringValue ?? '')) + (BinaryValue?.length ?? 0);
  }
  if (bytes > MAX_MESSAGE_BYTES) throw invalid('Message too long');
  return { ...input, TopicArn, Message };
}

const isSubject = (subject: string) =>
  subject.length > 0 && subject.length <= MAX_SUBJECT_CHARACTERS && !/\p{Cc}/u.test(subject);
