/** POST /jobs: accepts a job request and starts the execution that creates the job and watches it. */
import { checkJob } from './aws/job-checks.ts';
import { findJobRequestEvenUnreadable as find, startJobRequest as start } from './aws/job-requests.ts';
import { findManifest, storeManifest } from './aws/manifests.ts';
import { env } from './core/env.ts';
import { logger } from './core/logger.ts';
import { stackSettings } from './core/stack.ts';
import { checkAllowed } from './domain/allowed/allowed.ts';
import { checkDryRunId, dryRunIdOf, dryRunOf, submitQueryOf } from './domain/checks/dry-run.ts';
import { keptWarnings, refuseErrors } from './domain/checks/findings.ts';
import { acceptJobRequest, startAtOf } from './domain/request/accepted-request.ts';
import { readJobRequest } from './domain/request/job-request.ts';
import {
  jobRequestIdOf,
  requestHashOf,
  tenantHashOf,
  tenantMarkOf,
} from './domain/request/job-request-id.ts';
import { checkWorkerArguments } from './domain/request/worker-arguments.ts';
import { callersTenant, idempotencyKeyOf } from './http/callers.ts';
import { httpHandler } from './http/http-handler.ts';
import { startOnce } from './http/start-once.ts';
import { argumentFaults } from './worker/actions.ts';

export const handler = httpHandler(async (request) => {
  const { isDryRun, dryRunId } = submitQueryOf(request.query);
  const body = request.json();
  const jobRequest = readJobRequest(body);
  const tenant = callersTenant(request, env.tenancy());
  const key = idempotencyKeyOf(request.headers, jobRequest.ClientRequestToken);
  const jobRequestId = jobRequestIdOf(tenant, key === undefined ? { requestId: request.requestId } : { key });
  const requestHash = requestHashOf(body);
  const tenantHash = tenantHashOf(tenant);
  logger.appendKeys({ jobRequestId });
  const stack = stackSettings(tenantMarkOf(tenantHash));

  const check = async () => {
    startAtOf(jobRequest, request.timeMs);
    checkAllowed(jobRequest, stack);
    checkWorkerArguments(jobRequest, stack.workerArn, (given) => argumentFaults(given, stack.enabledActions));
    const found = await findManifest(jobRequest, stack);
    const foundId = dryRunIdOf(jobRequest, stack, found);
    checkDryRunId(dryRunId, foundId);
    const checks = await checkJob(jobRequest, stack, found, { isDryRun, remainingMs: request.remainingMs });
    return { found, foundId, checks };
  };
  if (isDryRun) {
    const { foundId, checks } = await check();
    return { status: 200, body: dryRunOf(jobRequest, foundId, checks) };
  }

  const accept = async () => {
    const { found, checks } = await check();
    refuseErrors(checks.findings);
    return acceptJobRequest(jobRequest, stack, {
      ...{
        jobRequestId,
        requestHash,
        tenantHash,
        submittedBy: request.callerName,
        submittedAt: new Date(request.timeMs).toISOString(),
      },
      manifest: found && (await storeManifest(found, stack.bucket)),
      warnings: keptWarnings(checks.findings),
    });
  };
  return startOnce(
    request,
    { find: (id) => find(id, tenantHash), start },
    { jobRequestId, requestHash, mayExist: key !== undefined, accept },
  );
});
