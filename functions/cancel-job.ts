/** POST /jobs/{id}/cancel: cancels a job; the body can hold a `reason`. */
import { requestJobStatus } from './aws/batch-jobs.ts';
import { findJobRequest } from './aws/job-requests.ts';
import { env } from './core/env.ts';
import validate from './core/generated/cancel-request.mjs';
import { logger } from './core/logger.ts';
import { checkedBody } from './core/validators.ts';
import { cancelVerdict } from './domain/job/job-status.ts';
import { jobAnswer } from './http/job-answer.ts';
import { changeJob } from './http/job-change.ts';
import { jobHandler } from './http/job-handler.ts';
import { acceptedAnswer } from './http/prefer.ts';

const DEFAULT_REASON = 'Cancelled through the API';

export const handler = jobHandler(async (request) => {
  const { reason = DEFAULT_REASON } = checkedBody(validate, request.json({}));
  const find = () => findJobRequest(request.id, request.tenantHash);
  const { now, isChanged } = await changeJob(request.id, find, {
    verdictOn: cancelVerdict,
    done: 'cancelled',
    make: (jobId) => requestJobStatus(env.accountId(), jobId, 'Cancelled', reason),
  });
  if (!isChanged) return jobAnswer(200, now, request.timeMs);
  logger.info('job cancelled', { jobId: now.jobId });
  return acceptedAnswer(request, now, find);
});
