import type { PublishInput, PublishResponse } from '@aws-sdk/client-sns';
import type { Notice } from '../../../functions/core/generated/notice.mjs';
import { checkPublish } from '../../../local/aws/sns/check-publish.ts';
import type { Clock } from '../../../local/core/clock.ts';
import type { Random } from '../../../local/core/random.ts';

/** A notice that SNS has accepted. */
export interface Delivered {
  at: number;
  subject: string;
  notice: Notice;
  attributes: Record<string, string | undefined>;
}

/** The topic: it keeps each notice that it accepts, and passes it to `onNotice`. */
export function createTopic(clock: Clock, random: Random, onNotice: (delivered: Delivered) => void) {
  const delivered: Delivered[] = [];
  return {
    delivered,
    Publish(input: PublishInput): PublishResponse {
      const { Message, Subject = '', MessageAttributes = {} } = checkPublish(input);
      const attributes = Object.entries(MessageAttributes).map(([name, value]) => [name, value.StringValue]);
      const entry = {
        at: clock.now(),
        subject: Subject,
        notice: JSON.parse(Message) as Notice,
        attributes: Object.fromEntries(attributes),
      };
      delivered.push(entry);
      onNotice(entry);
      return { MessageId: random.uuid() };
    },
  };
}
