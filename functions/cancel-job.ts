/** POST /jobs/{id}/cancel: cancels a job, or a request before its start time; the body can hold a `reason`. */
import { requestJobStatus } from './aws/batch-jobs.ts';
import { markCancelled } from './aws/cancel-marks.ts';
import { cancelExecution } from './aws/executions.ts';
import { findJobRequest } from './aws/job-requests.ts';
import { env } from './core/env.ts';
import validate from './core/generated/cancel-request.mjs';
import { logger } from './core/logger.ts';
import { checkedBody } from './core/validators.ts';
import { isScheduled, type JobRequestNow } from './domain/job/job-resource.ts';
import { cancelVerdict, type Verdict } from './domain/job/job-status.ts';
import { jobAnswer } from './http/job-answer.ts';
import { changeJob } from './http/job-change.ts';
import { jobHandler } from './http/job-handler.ts';
import { acceptedAnswer } from './http/prefer.ts';

const DEFAULT_REASON = 'Cancelled through the API';

/** Closer to its start time, the execution is not stopped: create-job may be about to create the job. */
const STOP_BEFORE_START_MS = 120_000;

/** Cancels a scheduled request. create-job and describe-job find the mark if the execution has started the job meanwhile. */
async function cancelScheduled(now: JobRequestNow, reason: string, timeMs: number): Promise<Verdict> {
  if (now.record?.outcome === 'Cancelled') return 'already-so';
  if (!isScheduled(now)) return 'impossible';
  const { jobRequestId, startAt = '' } = now.request;
  await markCancelled(jobRequestId, reason);
  if (Date.parse(startAt) - timeMs > STOP_BEFORE_START_MS)
    await cancelExecution(env.stateMachineArn(), jobRequestId, reason);
  return 'do-it';
}

export const handler = jobHandler(async (request) => {
  const { reason = DEFAULT_REASON } = checkedBody(validate, request.json({}));
  const find = () => findJobRequest(request.id, request.tenantHash);
  const { now, isChanged } = await changeJob(request.id, find, {
    verdictOn: cancelVerdict,
    done: 'cancelled',
    make: (jobId) => requestJobStatus(env.accountId(), jobId, 'Cancelled', reason),
    makeWithoutJob: (now) => cancelScheduled(now, reason, request.timeMs),
  });
  if (!isChanged) return jobAnswer(200, now, request.timeMs);
  logger.info('job request cancelled', { jobId: now.jobId });
  return acceptedAnswer(request, now, find);
});
