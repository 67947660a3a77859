/** POST /jobs/{id}/retry-failed: starts a new job request over the tasks that failed, linked to the first one. */
import {
  findJobRequestEvenUnreadable as find,
  findJobRequest,
  startJobRequest as start,
} from './aws/job-requests.ts';
import { failedRows } from './aws/reports.ts';
import { findRetries, storeLines } from './aws/retries.ts';
import { env } from './core/env.ts';
import validate from './core/generated/retry-failed.mjs';
import { logger } from './core/logger.ts';
import { stackSettings } from './core/stack.ts';
import { checkedBody } from './core/validators.ts';
import { checkAllowed, isDataBucket } from './domain/allowed/allowed.ts';
import { type EndedReport, endedReportOf } from './domain/report/report-answers.ts';
import type { ReportRow } from './domain/report/report-rows.ts';
import { acceptJobRequest } from './domain/request/accepted-request.ts';
import type { AcceptedRequest, ManifestWithEtag, Parent } from './domain/request/create-job-input.ts';
import { requestHashOf, tenantMarkOf } from './domain/request/job-request-id.ts';
import { checkWorkerArguments } from './domain/request/worker-arguments.ts';
import {
  checkNotEnded,
  checkNotUnderWay,
  isChosen,
  manifestLocationOf,
  parentOf,
  retryIdOf,
  retryKeyOf,
  retryRequestOf,
} from './domain/retry/retry.ts';
import { nothingChosen, type RetryLimits, retryManifest } from './domain/retry/retry-manifest.ts';
import { idempotencyKeyOf } from './http/callers.ts';
import { notFound } from './http/job-answer.ts';
import { jobHandler } from './http/job-handler.ts';
import { startOnce } from './http/start-once.ts';
import { argumentFaults } from './worker/actions.ts';

/** Reserved to store the last part and to start the execution. */
const MARGIN_MS = 6000;

/** Stores the chosen failed tasks as a manifest. Throws NothingToRetry, TooManyFailures. */
async function storeRetryManifest(
  { request, parent, report }: { request: AcceptedRequest; parent: Parent; report: EndedReport },
  location: { bucket: string; key: string },
  limits: Omit<RetryLimits, 'rows'>,
): Promise<ManifestWithEtag> {
  const isWanted = (row: ReportRow) => isChosen(row, parent);
  const columns = request.createJob.Manifest?.Spec?.Fields;
  const made = retryManifest(failedRows(report), isWanted, columns, {
    rows: env.maxRetryObjects(),
    ...limits,
  });
  const etag = await storeLines(location, made.lines);
  if (etag === undefined) throw nothingChosen(made);
  logger.info('manifest of a retry', { rows: made.rows() });
  return { manifest: { Spec: made.spec(), Location: manifestLocationOf(location) }, etag };
}

export const handler = jobHandler(async (request) => {
  const wanted = checkedBody(validate, request.json({}));
  const parent = parentOf(request.id, wanted);
  const key = idempotencyKeyOf(request.headers, undefined);
  const { tenant, tenantHash } = request;
  const jobRequestId = retryIdOf(tenant, parent, key);
  const { Codes: _, ...settings } = wanted;
  const requestHash = requestHashOf({ parent, settings });
  logger.appendKeys({ jobRequestId, parentId: request.id });
  const now = await findJobRequest(request.id, tenantHash);
  if (!now) throw notFound(request.id);

  const accept = async () => {
    const report = endedReportOf(now, request.timeMs);
    checkNotUnderWay(parent, jobRequestId, await findRetries(request.id, tenantHash));
    const stack = stackSettings(tenantMarkOf(tenantHash));
    const location = { bucket: stack.bucket, key: retryKeyOf(request.id, jobRequestId, requestHash) };
    const again = retryRequestOf(now.request, wanted, { Location: manifestLocationOf(location) });
    // Today's lists and switches apply, not those of the first job. The manifest is this service's own.
    const { Manifest: __, ...others } = again;
    checkAllowed(others, stack);
    checkWorkerArguments(again, stack.workerArn, (given) => argumentFaults(given, stack.enabledActions));
    const limits = {
      isDataBucket: (bucket: string) => isDataBucket(stack, bucket),
      isOutOfTime: () => request.remainingMs() < MARGIN_MS,
    };
    return acceptJobRequest(again, stack, {
      ...{ jobRequestId, requestHash, tenantHash, submittedBy: request.callerName },
      ...{ submittedAt: new Date(request.timeMs).toISOString(), parent },
      manifest: await storeRetryManifest({ request: now.request, parent, report }, location, limits),
    });
  };
  return startOnce(
    request,
    { find: (id) => find(id, tenantHash), start },
    {
      ...{ jobRequestId, requestHash, mayExist: true, accept },
      ...(key === undefined && { checkEarlier: checkNotEnded }),
    },
  );
});
