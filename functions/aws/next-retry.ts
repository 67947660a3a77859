import { env } from '../core/env.ts';
import { type Fault, isKnownError, KnownError } from '../core/errors.ts';
import type { Notice } from '../core/generated/notice.mjs';
import { logger } from '../core/logger.ts';
import { stackSettings } from '../core/stack.ts';
import { checkAllowed } from '../domain/allowed/allowed.ts';
import type { JobRequestNow } from '../domain/job/job-resource.ts';
import { acceptJobRequest } from '../domain/request/accepted-request.ts';
import { nextIdOf, requestHashOf, tenantMarkOf } from '../domain/request/job-request-id.ts';
import { checkWorkerArguments } from '../domain/request/worker-arguments.ts';
import { chainAfter, markedIdOf } from '../domain/rows/retry-chain.ts';
import { childKeyOf, retriedRowsOf, retryRequestOf } from '../domain/rows/rows-of.ts';
import { readCancelMark } from './cancel-marks.ts';
import { findExecution, startExecution } from './executions.ts';
import { makeManifest } from './rows.ts';

/** Reserved to store the last part of the manifest, to start the execution and to publish. */
const MARGIN_MS = 20_000;

export interface RetryOrder {
  /** The job request whose job has ended. */
  now: JobRequestNow;
  /** RFC 3339, when the end was noticed. */
  time: string;
  /** Of the function's invocation. */
  remainingMs(): number;
  /** What the worker does not accept today. */
  argumentFaults(userArguments: Readonly<Record<string, string>>, enabled: readonly string[]): Fault[];
}

/**
 * Starts the automatic retry of a job request once; undefined if no task qualifies. Throws temporary errors, and
 * ReportNotReady until S3 has written the report.
 */
export async function startNextRetry(order: RetryOrder): Promise<Notice['retry']> {
  try {
    return await start(order);
  } catch (error) {
    if (isKnownError(error, 'NothingToRetry')) return undefined;
    const isTemporary = isKnownError(error, 'Throttled', 'AwsUnavailable', 'ReportNotReady');
    if (isTemporary || !(error instanceof KnownError)) throw error;
    logger.error('retry not started', { error: error.message });
    return { state: 'not-started', reason: error.message };
  }
}

async function start({ now, time, remainingMs, argumentFaults }: RetryOrder): Promise<Notice['retry']> {
  const { request, job } = now;
  const { tenantHash, submittedBy } = request;
  if (!job) throw new KnownError('NothingToRetry', 'There is no job.');
  const cancelled = await readCancelMark(markedIdOf(request));
  if (cancelled !== undefined)
    return { state: 'not-started', reason: `The retries were cancelled: ${cancelled}` };
  const jobRequestId = nextIdOf(request.jobRequestId);
  const jobRequest = retryRequestOf(request, job, time);
  const { StartAt: startAt = time } = jobRequest;
  const started = { state: 'started' as const, jobRequestId, startAt };
  if (await findExecution(env.stateMachineArn(), jobRequestId)) return started;

  const stack = stackSettings(tenantMarkOf(tenantHash));
  checkAllowed(jobRequest, stack);
  checkWorkerArguments(jobRequest, stack.workerArn, (given) => argumentFaults(given, stack.enabledActions));
  const parent = retriedRowsOf(request);
  const requestHash = requestHashOf(parent);
  const isOutOfTime = () => remainingMs() < MARGIN_MS;
  const { made } = await makeManifest(
    { parent, now, timeMs: Date.parse(time), allowed: stack, isOutOfTime },
    { bucket: stack.bucket, key: childKeyOf(request.jobRequestId, jobRequestId, requestHash) },
    { isStored: true, atEnd: async () => {} },
  );
  await startExecution(
    env.stateMachineArn(),
    acceptJobRequest(jobRequest, stack, {
      ...{ jobRequestId, requestHash, tenantHash, submittedBy, submittedAt: time, manifest: made, parent },
      chain: chainAfter(request, job, made.count),
    }),
  );
  logger.info('retry started', { retryId: jobRequestId, startAt });
  return started;
}
