import { countsOf, type Job } from '../job/job.ts';
import type { AcceptedRequest } from '../request/create-job-input.ts';

/** Why the job is cancelled: the limit that is exceeded, with its figures. Undefined while it is not. */
export function limitReason({ limits }: Pick<AcceptedRequest, 'limits'>, job: Job): string | undefined {
  const { succeeded, failed } = countsOf(job);
  const done = succeeded + failed;
  if (!limits || done < limits.AfterTasks || failed * 100 <= limits.MaxFailedPercent * done) return undefined;
  const percent = Number(((failed * 100) / done).toFixed(2));
  return `MaxFailedPercent ${limits.MaxFailedPercent} exceeded: ${failed} of ${done} tasks failed (${percent} %)`;
}
