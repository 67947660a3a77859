/** POST /jobs/{id}/confirm: lets a job start that waits for its confirmation. */
import { requestJobStatus } from './aws/batch-jobs.ts';
import { findJobRequest } from './aws/job-requests.ts';
import { env } from './core/env.ts';
import { logger } from './core/logger.ts';
import { confirmVerdict } from './domain/job/job-status.ts';
import { changeJob } from './http/job-change.ts';
import { jobHandler } from './http/job-handler.ts';
import { jobAnswer } from './http/job-requests.ts';
import { acceptedAnswer } from './http/prefer.ts';

export const handler = jobHandler(async (request) => {
  const look = () => findJobRequest(request.id);
  const { now, isChanged } = await changeJob(request.id, look, {
    verdictOn: confirmVerdict,
    done: 'confirmed',
    make: (jobId) => requestJobStatus(env.accountId(), jobId, 'Ready'),
  });
  if (!isChanged) return jobAnswer(200, now, request.timeMs);
  logger.info('job confirmed', { jobId: now.jobId });
  return acceptedAnswer(request, now, look);
});
