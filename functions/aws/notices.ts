import { PublishCommand } from '@aws-sdk/client-sns';
import type { PublishableNotice } from '../domain/notice/notice.ts';
import { snsClient } from './clients.ts';
import { callAws } from './known-errors.ts';

/** Publishes a notice, for the one case in which the state machine cannot do it itself. */
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
