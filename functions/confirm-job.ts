/** POST /jobs/{id}/confirm: lets a job start that waits for its confirmation. */
import { requestJobStatus } from './aws/batch-jobs.ts';
import { findJobRequest } from './aws/job-requests.ts';
import { env } from './core/env.ts';
import { logger } from './core/logger.ts';
import { confirmVerdict } from './domain/job-status.ts';
import { jobHandler } from './http/job-handler.ts';
import { jobAnswer, jobInReach } from './http/job-requests.ts';
import { acceptedAnswer } from './http/prefer.ts';

export const handler = jobHandler(async (request) => {
  const now = jobInReach(request.id, await findJobRequest(request.id), confirmVerdict, 'confirmed');
  if (now.verdict === 'already-so') return jobAnswer(200, now, request.timeMs);

  await requestJobStatus(env.accountId(), now.job.JobId, 'Ready');
  logger.info('job confirmed', { jobId: now.job.JobId });
  const look = () => findJobRequest(request.id);
  return acceptedAnswer(request, (await look()) ?? now, look);
});
