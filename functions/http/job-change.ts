import { isKnownError } from '../core/errors.ts';
import type { JobRequestNow } from '../domain/job/job-resource.ts';
import type { Verdict } from '../domain/job/job-status.ts';
import { jobToChange } from './job-answer.ts';

/** A change to a job, and the statuses that allow it. */
interface Change {
  verdictOn(status: string): Verdict;
  /** For the sentence "cannot be …". */
  done: string;
  make(jobId: string): Promise<void>;
}

/**
 * Changes the job of a request unless the change was made before, and returns the job request afterwards. If S3 refuses the
 * change, the status may have changed in between, so it is read again. Throws as jobToChange does.
 */
export async function changeJob(
  id: string,
  find: () => Promise<JobRequestNow | undefined>,
  { verdictOn, done, make }: Change,
): Promise<{ now: JobRequestNow; isChanged: boolean }> {
  const before = jobToChange(id, await find(), verdictOn, done);
  if (before.verdict === 'already-so') return { now: before, isChanged: false };
  try {
    await make(before.job.JobId);
  } catch (error) {
    if (!isKnownError(error, 'RequestRefused', 'NotPossibleNow')) throw error;
    const now = jobToChange(id, await find(), verdictOn, done);
    if (now.verdict === 'already-so') return { now, isChanged: false };
    throw error;
  }
  return { now: (await find()) ?? before, isChanged: true };
}
