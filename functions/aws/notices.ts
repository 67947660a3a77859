import { PublishCommand } from '@aws-sdk/client-sns';
import type { PublishableNotice } from '../domain/notice/publishable-notice.ts';
import { snsClient } from './clients.ts';
import { callAws } from './known-errors.ts';

/** Publishes a notice when the state machine cannot, because its execution has ended. */
export async function publishNotice(topicArn: string, notice: PublishableNotice): Promise<void> {
  const { subject, message, attributes } = notice;
  const command = new PublishCommand({
    TopicArn: topicArn,
    Subject: subject,
    Message: message,
    MessageAttributes: attributes,
  });
  await callAws(() => snsClient().send(command));
}
