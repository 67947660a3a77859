/**
 * POST /jobs/{id}/cancel: cancels a job, or a request before its job is created; the body can hold a `reason`. With
 * `retries`, no automatic retry starts any more either, and the last one is cancelled.
 */
import { requestJobStatus } from './aws/batch-jobs.ts';
import { markCancelled } from './aws/cancel-marks.ts';
import { cancelExecution } from './aws/executions.ts';
import { findJobRequest, lastOfChain } from './aws/job-requests.ts';
import { env } from './core/env.ts';
import { isKnownError } from './core/errors.ts';
import validate from './core/generated/cancel-request.mjs';
import { logger } from './core/logger.ts';
import { checkedBody } from './core/validators.ts';
import type { JobRequestNow } from './domain/job/job-resource.ts';
import { cancelVerdict, type Verdict } from './domain/job/job-status.ts';
import { canBeMarked, markedIdOf } from './domain/rows/retry-chain.ts';
import { jobAnswer } from './http/job-answer.ts';
import { changeJob } from './http/job-change.ts';
import { jobHandler } from './http/job-handler.ts';
import { acceptedAnswer } from './http/prefer.ts';

const DEFAULT_REASON = 'Cancelled through the API';

/** Closer to its start time, the execution is not stopped: create-job may be about to create the job. */
const STOP_BEFORE_START_MS = 120_000;

/**
 * Cancels a request that S3 has no job of yet. create-job and describe-job find the mark, also if the job is being
 * created right now.
 */
async function cancelEarly(now: JobRequestNow, reason: string, timeMs: number): Promise<Verdict> {
  const { request, record, jobId, executionStatus } = now;
  if (record?.outcome === 'Cancelled') return 'already-so';
  if (record || jobId || executionStatus !== 'RUNNING' || !canBeMarked(request)) return 'impossible';
  await markCancelled(markedIdOf(request), reason);
  if (Date.parse(request.startAt ?? '') - timeMs > STOP_BEFORE_START_MS)
    await cancelExecution(env.stateMachineArn(), request.jobRequestId, reason);
  return 'do-it';
}

/** Stops the automatic retries of a job request, and returns the last one that was started, or else the job request. */
async function stopRetries(now: JobRequestNow | undefined, reason: string): Promise<string | undefined> {
  if (!now || !canBeMarked(now.request)) return undefined;
  await markCancelled(markedIdOf(now.request), reason);
  return (await lastOfChain(now)).request.jobRequestId;
}

export const handler = jobHandler(async (request) => {
  const { reason = DEFAULT_REASON, retries } = checkedBody(validate, request.json({}));
  const findAny = (id: string) => findJobRequest(id, request.tenantHash);
  const stopped = retries ? await stopRetries(await findAny(request.id), reason) : undefined;
  const id = stopped ?? request.id;
  const find = () => findAny(id);
  try {
    const { now, isChanged } = await changeJob(id, find, {
      verdictOn: cancelVerdict,
      done: 'cancelled',
      make: (jobId) => requestJobStatus(env.accountId(), jobId, 'Cancelled', reason),
      makeWithoutJob: (now) => cancelEarly(now, reason, request.timeMs),
    });
    if (!isChanged) return jobAnswer(200, now, request.timeMs);
    logger.info('job request cancelled', { jobId: now.jobId });
    return acceptedAnswer(request, now, find);
  } catch (error) {
    // The last job has ended or is about to; no other one starts.
    const now = stopped !== undefined && isKnownError(error, 'NotPossibleNow') && (await find());
    if (!now) throw error;
    return jobAnswer(202, now, request.timeMs);
  }
});
