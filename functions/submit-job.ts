/**
 * POST /jobs: accepts a job request and starts the execution that creates the job and watches it. POST
 * /jobs/{id}/retry-failed and /run-rest: the same for rows of an earlier job, with the settings of that job.
 */
import { findChildren } from './aws/children.ts';
import { checkJob } from './aws/job-checks.ts';
import {
  findJobRequestEvenUnreadable as find,
  findJobRequest,
  lastOfChain,
  startJobRequest as start,
} from './aws/job-requests.ts';
import { cutManifest, findManifest, storeManifest } from './aws/manifests.ts';
import { makeManifest } from './aws/rows.ts';
import { env } from './core/env.ts';
import validateRetry, { type RetryFailed } from './core/generated/retry-failed.mjs';
import validateRest, { type RunRest } from './core/generated/run-rest.mjs';
import { logger } from './core/logger.ts';
import { stackSettings } from './core/stack.ts';
import { checkedBody } from './core/validators.ts';
import { checkAllowed } from './domain/allowed/allowed.ts';
import { manifestFindings } from './domain/checks/bucket-checks.ts';
import { checkDryRunId, dryRunIdOf, dryRunOf, submitQueryOf } from './domain/checks/dry-run.ts';
import { hasErrors, keptWarnings, refuseErrors } from './domain/checks/findings.ts';
import type { JobRequestNow } from './domain/job/job-resource.ts';
import { createFirstRows } from './domain/manifest/first-rows.ts';
import type { FoundManifest } from './domain/manifest/found-manifest.ts';
import { inlineManifest } from './domain/manifest/manifest-rows.ts';
import { acceptJobRequest, startAtOf } from './domain/request/accepted-request.ts';
import { type Parent, pinned } from './domain/request/create-job-input.ts';
import { type JobRequest, readJobRequest } from './domain/request/job-request.ts';
import {
  jobRequestIdOf,
  requestHashOf,
  tenantHashOf,
  tenantMarkOf,
} from './domain/request/job-request-id.ts';
import { checkWorkerArguments } from './domain/request/worker-arguments.ts';
import {
  checkNotEnded,
  checkNotUnderWay,
  checkRetriesEnded,
  childIdOf,
  childKeyOf,
  childRequestOf,
  parentOf,
} from './domain/rows/rows-of.ts';
import { callersTenant, checkId, idempotencyKeyOf } from './http/callers.ts';
import { type HttpRequest, httpHandler } from './http/http-handler.ts';
import { notFound } from './http/job-answer.ts';
import { startOnce } from './http/start-once.ts';
import { argumentFaults } from './worker/actions.ts';

/** Of the 29 seconds: reserved for the checks, to store the last part and to start the execution. */
const MARGIN_MS = 12_000;

/** A job request, and who asks for it under which id. */
interface Order {
  jobRequest: JobRequest;
  jobRequestId: string;
  requestHash: string;
  tenantHash: string;
  /** Whether an earlier call can have started it. */
  mayExist: boolean;
  isDryRun?: boolean;
  dryRunId?: string;
  /** The job request whose rows to run, if it is read already. */
  parent?: JobRequestNow;
  checkEarlier?(now: JobRequestNow): void;
  /** Throws while another child runs the same rows. */
  checkFree?(): Promise<void>;
}

/** Throws JobRequestNotFound, also for a job request of another tenant. */
async function findParent(id: string, tenantHash: string): Promise<JobRequestNow> {
  checkId(tenantHash, id);
  const now = await findJobRequest(id, tenantHash);
  if (!now) throw notFound(id);
  return now;
}

/** What POST /jobs asks for. */
function submitted(request: HttpRequest): Order {
  const query = submitQueryOf(request.query);
  const body = request.json();
  const jobRequest = readJobRequest(body);
  const tenant = callersTenant(request, env.tenancy());
  const key = idempotencyKeyOf(request.headers, jobRequest.ClientRequestToken);
  return {
    ...query,
    jobRequest,
    jobRequestId: jobRequestIdOf(tenant, key === undefined ? { requestId: request.requestId } : { key }),
    requestHash: requestHashOf(body),
    tenantHash: tenantHashOf(tenant),
    mayExist: key !== undefined,
  };
}

/** What a short form of RowsOf stands for: the failed rows, or those that never ran. */
async function shortForm(request: HttpRequest): Promise<Order> {
  const { id, headers } = request;
  const tenant = callersTenant(request, env.tenancy());
  const tenantHash = tenantHashOf(tenant);
  checkId(tenantHash, id);
  const isRetry = request.route.endsWith('/retry-failed');
  const given = request.json({});
  const { Codes, ...settings }: RetryFailed & RunRest = isRetry
    ? checkedBody(validateRetry, given)
    : checkedBody(validateRest, given);
  const RowsOf = {
    JobRequestId: id,
    Rows: isRetry ? ('Failed' as const) : ('NotRun' as const),
    ...(Codes && { Codes }),
  };
  const parent = parentOf(RowsOf);
  const key = idempotencyKeyOf(headers, undefined);
  const jobRequestId = childIdOf(tenant, parent, key);
  const now = await findParent(id, tenantHash);
  return {
    parent: now,
    jobRequest: childRequestOf(now.request, settings, RowsOf),
    jobRequestId,
    requestHash: requestHashOf({ parent, settings }),
    tenantHash,
    mayExist: true,
    async checkFree() {
      if (now.request.retry) checkRetriesEnded(now, await lastOfChain(now));
      checkNotUnderWay(parent, jobRequestId, await findChildren(id, tenantHash));
    },
    ...(key === undefined && { checkEarlier: checkNotEnded }),
  };
}

export const handler = httpHandler(async (request) => {
  const order = request.id ? await shortForm(request) : submitted(request);
  const { jobRequest, jobRequestId, requestHash, tenantHash, isDryRun = false } = order;
  const { RowsOf, MaxObjects } = jobRequest;
  const parent = RowsOf && parentOf(RowsOf);
  logger.appendKeys({ jobRequestId, ...(parent && { parentId: parent.jobRequestId }) });
  const stack = stackSettings(tenantMarkOf(tenantHash));

  const check = async (found: FoundManifest | undefined) => {
    const foundId = dryRunIdOf(jobRequest, stack, found);
    checkDryRunId(order.dryRunId, foundId);
    const checked = RowsOf && found ? { ...jobRequest, Manifest: found.manifest } : jobRequest;
    const checks = await checkJob(checked, stack, found, { isDryRun, remainingMs: request.remainingMs });
    if (!isDryRun) refuseErrors(checks.findings);
    return { foundId, checks };
  };

  /** Checks the request and, unless it is a dry run, stores its manifest; of a canary, also the one that it is cut from. */
  const prepare = async () => {
    startAtOf(jobRequest, request.timeMs);
    // Today's lists and switches apply, also to the settings of an earlier job.
    checkAllowed(jobRequest, stack);
    checkWorkerArguments(jobRequest, stack.workerArn, (given) => argumentFaults(given, stack.enabledActions));
    const { cut, whole, checked } = await (parent ? prepareRows(parent) : prepareGiven());
    const manifest = cut && !isDryRun ? await storeManifest(cut, stack.bucket) : whole;
    return { ...checked, manifest, ...(cut && whole && { original: pinned(whole) }) };
  };
  const prepareGiven = async () => {
    const found = await findManifest(jobRequest, stack);
    const isReadable = found && !hasErrors(manifestFindings(found));
    const cut = isReadable && MaxObjects ? await cutManifest(found, MaxObjects, stack) : undefined;
    const checked = await check(cut ?? found);
    return { cut, checked, whole: found && !isDryRun ? await storeManifest(found, stack.bucket) : undefined };
  };
  const prepareRows = async (of: Parent) => {
    const now = order.parent ?? (await findParent(of.jobRequestId, tenantHash));
    await order.checkFree?.();
    const first = MaxObjects ? createFirstRows(MaxObjects) : undefined;
    const isOutOfTime = () => request.remainingMs() < MARGIN_MS;
    const { made, result } = await makeManifest(
      { parent: of, now, timeMs: request.timeMs, allowed: stack, isOutOfTime },
      { bucket: stack.bucket, key: childKeyOf(of.jobRequestId, jobRequestId, requestHash) },
      {
        isStored: !isDryRun,
        onLines: (lines) => first?.read(lines),
        atEnd: async (all) => {
          const csv = first?.end();
          const cut = csv && inlineManifest(csv, all.manifest.Spec, '/RowsOf', stack);
          return { cut, checked: await check(cut ?? all) };
        },
      },
    );
    return { ...result, whole: made };
  };

  if (isDryRun) {
    const { foundId, checks } = await prepare();
    return { status: 200, body: dryRunOf(jobRequest, foundId, checks) };
  }
  const accept = async () => {
    const { manifest, original, checks } = await prepare();
    return acceptJobRequest(jobRequest, stack, {
      ...{ jobRequestId, requestHash, tenantHash, submittedBy: request.callerName, manifest },
      submittedAt: new Date(request.timeMs).toISOString(),
      ...(parent && { parent }),
      ...(original && { original }),
      warnings: keptWarnings(checks.findings),
    });
  };
  return startOnce(request, { find: (id) => find(id, tenantHash), start }, { ...order, accept });
});
