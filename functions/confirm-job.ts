/** POST /jobs/{id}/confirm: lets a job start that waits for its confirmation. */
import { requestJobStatus } from './aws/batch-jobs.ts';
import { findJobRequest } from './aws/job-requests.ts';
import { env } from './core/env.ts';
import { logger } from './core/logger.ts';
import { confirmVerdict } from './domain/job-status.ts';
import { httpHandler } from './http/http-handler.ts';
import { checkOwner, jobAnswer, jobInReach } from './http/job-requests.ts';
import { acceptedAnswer } from './http/prefer.ts';

export const handler = httpHandler(async (request) => {
  logger.appendKeys({ jobRequestId: request.id });
  checkOwner(request, env.tenancy());
  const now = jobInReach(request.id, await findJobRequest(request.id), confirmVerdict, 'confirmed');
  if (now.verdict === 'already-so') return jobAnswer(200, now, request.timeMs);

  await requestJobStatus(env.accountId(), now.job.JobId, 'Ready');
  logger.info('job confirmed', { jobId: now.job.JobId });
  const look = () => findJobRequest(request.id);
  return acceptedAnswer(request, (await look()) ?? now, look);
});
