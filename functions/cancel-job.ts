/** POST /jobs/{id}/cancel: cancels a job; the body may give a `reason`. */
import { requestJobStatus } from './aws/batch-jobs.ts';
import { findJobRequest } from './aws/job-requests.ts';
import { env } from './core/env.ts';
import validate from './core/generated/cancel-request.mjs';
import { logger } from './core/logger.ts';
import { checkedBody } from './core/validators.ts';
import { cancelVerdict } from './domain/job-status.ts';
import { jobHandler } from './http/job-handler.ts';
import { jobAnswer, jobInReach } from './http/job-requests.ts';
import { acceptedAnswer } from './http/prefer.ts';

const DEFAULT_REASON = 'Cancelled through the API';

export const handler = jobHandler(async (request) => {
  const { reason = DEFAULT_REASON } = checkedBody(validate, request.json({}));
  const now = jobInReach(request.id, await findJobRequest(request.id), cancelVerdict, 'cancelled');
  if (now.verdict === 'already-so') return jobAnswer(200, now, request.timeMs);

  await requestJobStatus(env.accountId(), now.job.JobId, 'Cancelled', reason);
  logger.info('job cancelled', { jobId: now.job.JobId });
  const look = () => findJobRequest(request.id);
  return acceptedAnswer(request, (await look()) ?? now, look);
});
