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
  /** Makes the change for a request that has no job; `impossible` if it cannot. */
  makeWithoutJob?(now: JobRequestNow): Promise<Verdict>;
}

/**
 * Changes the job of a request unless the change was made before, and returns the job request afterwards. If S3 refuses the
 * change, the status may have changed in between, so it is read again. Throws as jobToChange does.
 */
export async function changeJob(
  id: string,
  find: () => Promise<JobRequestNow | undefined>,
  { verdictOn, done, make, makeWithoutJob }: Change,
): Promise<{ now: JobRequestNow; isChanged: boolean }> {
  const found = await find();
  if (found && !found.job) {
    const verdict = await makeWithoutJob?.(found);
    if (verdict === 'already-so') return { now: found, isChanged: false };
    if (verdict === 'do-it') return { now: (await find()) ?? found, isChanged: true };
  }
  const before = jobToChange(id, found, verdictOn, done);
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
