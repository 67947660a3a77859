/** POST /jobs/{id}/retry-failed: a new job request over the objects that failed, linked to the first one. */
import { findJobRequest, findJobRequestEvenUnseen, startJobRequest } from './aws/job-requests.ts';
import { failedRows } from './aws/reports.ts';
import { findRetries, storeRetryManifest } from './aws/retries.ts';
import { env } from './core/env.ts';
import validate from './core/generated/retry-failed.mjs';
import { logger } from './core/logger.ts';
import { stackSettings } from './core/stack.ts';
import { checkedBody } from './core/validators.ts';
import { checkAllowed } from './domain/allowed/allowed.ts';
import { type EndedReport, endedReportOf } from './domain/report/report-answers.ts';
import type { ReportRow } from './domain/report/report-rows.ts';
import {
  type AcceptedRequest,
  acceptJobRequest,
  type Parent,
  type PlacedManifest,
} from './domain/request/create-job-input.ts';
import { requestHashOf } from './domain/request/job-request-id.ts';
import { checkWorkerArguments } from './domain/request/worker-arguments.ts';
import {
  checkNotUnderWay,
  isChosen,
  locationOf,
  parentOf,
  retryIdOf,
  retryKeyOf,
  retryRequestOf,
} from './domain/retry/retry.ts';
import { nothingChosen, retryManifest } from './domain/retry/retry-manifest.ts';
import { jobHandler } from './http/job-handler.ts';
import { callersTenant, idempotencyKeyOf, notFound } from './http/job-requests.ts';
import { startedAnswer } from './http/started.ts';
import { argumentFaults } from './worker/actions.ts';

/** Kept free to store the last part, and to start the execution. */
const MARGIN_MS = 6000;

/** Stores the failed tasks that are chosen as a manifest. Throws NothingToRetry, TooManyFailures. */
async function placeManifest(
  { request, parent, report }: { request: AcceptedRequest; parent: Parent; report: EndedReport },
  place: { bucket: string; key: string },
  isOutOfTime: () => boolean,
): Promise<PlacedManifest> {
  const isWanted = (row: ReportRow) => isChosen(row, parent);
  const columns = request.createJob.Manifest?.Spec?.Fields;
  const made = retryManifest(failedRows(report), isWanted, columns, {
    rows: env.maxRetryObjects(),
    isOutOfTime,
  });
  const etag = await storeRetryManifest(place.bucket, place.key, made.lines);
  if (etag === undefined) throw nothingChosen(made);
  logger.info('manifest of a retry', { rows: made.rows() });
  return { manifest: { Spec: made.spec(), Location: locationOf(place) }, etag };
}

export const handler = jobHandler(async (request) => {
  const wanted = checkedBody(validate, request.json({}));
  const parent = parentOf(request.id, wanted);
  const key = idempotencyKeyOf(request.headers, undefined);
  const jobRequestId = retryIdOf(callersTenant(request, env.tenancy()), parent, key);
  const { Codes: _, ...settings } = wanted;
  const requestHash = requestHashOf({ parent, settings });
  logger.appendKeys({ jobRequestId, parentId: request.id });

  const now = await findJobRequest(request.id);
  if (!now) throw notFound(request.id);
  const look = () => findJobRequestEvenUnseen(jobRequestId);
  const earlier = await look();
  if (earlier) return startedAnswer(request, { now: earlier, isReplay: true }, requestHash, look);

  const report = endedReportOf(now, request.timeMs);
  checkNotUnderWay(parent, await findRetries(request.id));
  const stack = stackSettings();
  const place = { bucket: stack.bucket, key: retryKeyOf(request.id, jobRequestId, requestHash) };
  const again = retryRequestOf(now.request, wanted, { Location: locationOf(place) });
  // The lists and switches of today, whatever they were for the first job; the manifest is ours.
  const { Manifest: __, ...others } = again;
  checkAllowed(others, stack);
  checkWorkerArguments(again, stack.workerArn, (given) => argumentFaults(given, stack.enabledActions));

  const isOutOfTime = () => request.remainingMs() < MARGIN_MS;
  const manifest = await placeManifest({ request: now.request, parent, report }, place, isOutOfTime);
  const accepted = acceptJobRequest(again, stack, {
    jobRequestId,
    requestHash,
    submittedAt: new Date(request.timeMs).toISOString(),
    manifest,
    parent,
  });
  return startedAnswer(request, await startJobRequest(accepted), requestHash, look);
});
