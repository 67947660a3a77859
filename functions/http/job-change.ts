import { isKnownError } from '../core/errors.ts';
import type { JobRequestNow } from '../domain/job/job-resource.ts';
import type { Verdict } from '../domain/job/job-status.ts';
import { jobInReach } from './job-requests.ts';

/** A change to a job, and the statuses that allow it. */
interface Change {
  verdictOn(status: string): Verdict;
  /** For the sentence "cannot be …". */
  done: string;
  make(jobId: string): Promise<void>;
}

/**
 * Changes the job of a request, unless it is so already; answers what is there now. Where S3 refuses, the job may have
 * gone on since the look: then that is what counts. Throws as jobInReach does.
 */
export async function changeJob(
  id: string,
  look: () => Promise<JobRequestNow | undefined>,
  { verdictOn, done, make }: Change,
): Promise<{ now: JobRequestNow; isChanged: boolean }> {
  const before = jobInReach(id, await look(), verdictOn, done);
  if (before.verdict === 'already-so') return { now: before, isChanged: false };
  try {
    await make(before.job.JobId);
  } catch (error) {
    if (!isKnownError(error, 'RequestRefused', 'NotPossibleNow')) throw error;
    const now = jobInReach(id, await look(), verdictOn, done);
    if (now.verdict === 'already-so') return { now, isChanged: false };
    throw error;
  }
  return { now: (await look()) ?? before, isChanged: true };
}
