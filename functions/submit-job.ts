/** POST /jobs: accepts a job request and starts the execution that creates the job and watches it. */
import { findJobRequest, startJobRequest } from './aws/job-requests.ts';
import { findEtag, storeManifest } from './aws/objects.ts';
import { env } from './core/env.ts';
import { logger } from './core/logger.ts';
import { stackSettings } from './core/stack.ts';
import { checkAllowed } from './domain/allowed.ts';
import { acceptJobRequest, type PlacedManifest } from './domain/create-job-input.ts';
import { type JobRequest, readJobRequest } from './domain/job-request.ts';
import { jobRequestIdOf, requestHashOf } from './domain/job-request-id.ts';
import { manifestOfObjects } from './domain/manifest-rows.ts';
import { checkWorkerArguments } from './domain/worker-arguments.ts';
import { httpHandler } from './http/http-handler.ts';
import { callersTenant, idempotencyKeyOf } from './http/job-requests.ts';
import { startedAnswer } from './http/started.ts';
import { argumentFaults } from './worker/actions.ts';

/** The manifest with its ETag: the caller's own, or one made of the objects in the body. */
async function placeManifest(
  { Objects, Manifest }: JobRequest,
  bucket: string,
): Promise<PlacedManifest | undefined> {
  if (Objects) {
    const { csv, key, manifest } = manifestOfObjects(Objects, bucket);
    return { manifest, etag: await storeManifest(bucket, key, csv) };
  }
  if (!Manifest) return undefined;
  const { ObjectArn, ObjectVersionId, ETag } = Manifest.Location;
  return {
    manifest: Manifest,
    etag: ETag?.replaceAll('"', '') ?? (await findEtag(ObjectArn, ObjectVersionId)),
  };
}

export const handler = httpHandler(async (request) => {
  const body = request.json();
  const jobRequest = readJobRequest(body);
  const tenant = callersTenant(request, env.tenancy());
  const key = idempotencyKeyOf(request.headers, jobRequest.ClientRequestToken);
  const jobRequestId = jobRequestIdOf(tenant, key === undefined ? { requestId: request.requestId } : { key });
  const requestHash = requestHashOf(body);
  logger.appendKeys({ jobRequestId });

  const earlier = key === undefined ? undefined : await findJobRequest(jobRequestId);
  const look = () => findJobRequest(jobRequestId);
  if (earlier) return startedAnswer(request, { now: earlier, isReplay: true }, requestHash, look);

  const stack = stackSettings();
  checkAllowed(jobRequest, stack);
  checkWorkerArguments(jobRequest, stack.workerArn, (given) => argumentFaults(given, stack.enabledActions));
  const accepted = acceptJobRequest(jobRequest, stack, {
    jobRequestId,
    requestHash,
    submittedAt: new Date(request.timeMs).toISOString(),
    manifest: await placeManifest(jobRequest, stack.bucket),
  });
  const started = await startJobRequest(accepted);
  logger.info('job request accepted', { isReplay: started.isReplay });
  return startedAnswer(request, started, requestHash, look);
});
