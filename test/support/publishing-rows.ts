import type { PublishInput } from '@aws-sdk/client-sns';
import { jobOf } from './jobs.ts';
import { code, failedInvocation, lostReply, tries } from './outcome-rows.ts';
import type { Call, RunWatch, WatchOptions } from './watch.ts';

const HOUR_SECONDS = 3600;

/** The outage of SNS for a notice that a later poll can publish. */
const OUTAGE_SECONDS = 20;

/** How to reach each publishing state, and whether SNS recovers. */
const publishing: Record<string, WatchOptions & { isOutageOver?: boolean }> = {
  PublishNotice: {
    aws: { DescribeJob: (_, { visit }) => ({ Job: jobOf(visit < 3 ? 'Suspended' : 'Complete') }) },
    isOutageOver: true,
  },
  PublishStatusUnreadable: {
    aws: { DescribeJob: (_, { at }) => (at < 3 * HOUR_SECONDS ? lostReply() : { Job: jobOf('Complete') }) },
    isOutageOver: true,
  },
  PublishFinalNotice: {},
  PublishStoppedWatch: { onInvoke: () => failedInvocation('TypeError') },
};

/** The row of a publishing state: what happens when SNS gives these answers. */
export async function publishingRow(run: RunWatch, state: string, answer: () => unknown): Promise<string[]> {
  const { isOutageOver = false, ...options } = publishing[state] ?? {};
  const attempts: Call[] = [];
  const watched = await run({
    ...options,
    onPublish: (_: PublishInput, call) => {
      const first = attempts[0] ?? call;
      if (isOutageOver && call.at - first.at >= OUTAGE_SECONDS) return undefined;
      attempts.push(call);
      return answer();
    },
  });
  const [kind = ''] = watched.notices.map((notice) => notice.kind);
  const then =
    watched.status === 'FAILED'
      ? `the execution fails with ${code(watched.error ?? '')}`
      : kind === 'final'
        ? 'it is lost'
        : 'it is published after the next poll';
  return [code(state), `${tries(attempts)}${then}`];
}

export const publishingStates = Object.keys(publishing);
