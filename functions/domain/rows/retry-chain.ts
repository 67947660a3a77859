import type { Notice, Outcome } from '../../core/generated/notice.mjs';
import { countsOf, type Job } from '../job/job.ts';
import type { AcceptedRequest, Chain } from '../request/create-job-input.ts';
import type { RowCount } from './rows-manifest.ts';

/** The job request whose cancel mark holds: the first one of a chain of automatic retries. */
export const markedIdOf = ({ chain, jobRequestId }: AcceptedRequest): string => chain?.id ?? jobRequestId;

/** Whether the request can be cancelled while S3 has no job of it. */
export const canBeMarked = ({ startAt, retry, chain }: AcceptedRequest): boolean =>
  startAt !== undefined || retry !== undefined || chain !== undefined;

/** Whether an outcome starts an automatic retry if tasks qualify: the table in docs/outcomes.md. */
export const startsRetry = ({ retry }: AcceptedRequest, outcome: Outcome): boolean =>
  retry !== undefined &&
  (outcome === 'CompletedWithFailures' ||
    outcome === 'Failed' ||
    (outcome === 'Succeeded' && retry.Results !== undefined));

/** The chain of the retry that runs the chosen rows of a job again. */
export function chainAfter({ chain, jobRequestId }: AcceptedRequest, job: Job, chosen: RowCount): Chain {
  const { total, succeeded, failed } = countsOf(job);
  const before = chain ?? { id: jobRequestId, jobs: 1, total, succeeded: 0, failed: 0 };
  return {
    id: before.id,
    jobs: before.jobs + 1,
    total: before.total,
    succeeded: before.succeeded + succeeded - chosen.succeeded,
    failed: before.failed + failed - chosen.failed,
  };
}

/** The totals over a chain, which the notice of its last job carries. */
export function totalsOf(chain: Chain, job: Job | undefined): NonNullable<Notice['totals']> {
  const counts = countsOf(job);
  const { jobs, total } = chain;
  const succeeded = chain.succeeded + counts.succeeded;
  const failed = chain.failed + counts.failed;
  return { jobs, total, succeeded, failed, left: total - succeeded - failed };
}
