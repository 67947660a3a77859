/** POST /jobs/{id}/confirm: confirms a suspended job, so that it starts. */
import { requestJobStatus } from './aws/batch-jobs.ts';
import { findJobRequest } from './aws/job-requests.ts';
import { env } from './core/env.ts';
import { logger } from './core/logger.ts';
import { confirmVerdict } from './domain/job/job-status.ts';
import { jobAnswer } from './http/job-answer.ts';
import { changeJob } from './http/job-change.ts';
import { jobHandler } from './http/job-handler.ts';
import { acceptedAnswer } from './http/prefer.ts';

export const handler = jobHandler(async (request) => {
  const find = () => findJobRequest(request.id, request.tenantHash);
  const { now, isChanged } = await changeJob(request.id, find, {
    verdictOn: confirmVerdict,
    done: 'confirmed',
    make: (jobId) => requestJobStatus(env.accountId(), jobId, 'Ready'),
  });
  if (!isChanged) return jobAnswer(200, now, request.timeMs);
  logger.info('job confirmed', { jobId: now.jobId });
  return acceptedAnswer(request, now, find);
});
