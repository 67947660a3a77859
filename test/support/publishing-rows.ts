import type { PublishInput } from '@aws-sdk/client-sns';
import { jobOf } from './jobs.ts';
import { code, failedInvocation, lostReply, tries } from './outcome-rows.ts';
import type { Call, RunWatch, WatchOptions } from './watch.ts';

const HOUR_SECONDS = 3600;

/** So long SNS fails where a notice may be brought again. */
const OUTAGE_SECONDS = 20;

/** How each publishing state is reached, and whether SNS comes back. */
const publishing: Record<string, WatchOptions & { isOutageOver?: boolean }> = {
  PublishNotice: {
    aws: { DescribeJob: (_, { visit }) => ({ Job: jobOf(visit < 3 ? 'Suspended' : 'Complete') }) },
    isOutageOver: true,
  },
  PublishCannotSee: {
    aws: { DescribeJob: (_, { at }) => (at < 3 * HOUR_SECONDS ? lostReply() : { Job: jobOf('Complete') }) },
    isOutageOver: true,
  },
  PublishFinalNotice: {},
  PublishBreakdown: { onInvoke: () => failedInvocation('TypeError') },
};

/** The row of a state that publishes: what comes of SNS answering so. */
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
        : 'the next look brings it again';
  return [code(state), `${tries(attempts)}${then}`];
}

export const publishingStates = Object.keys(publishing);
