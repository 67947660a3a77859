/** GET /jobs/{id}: the job request as it is now. */
import { findJobRequest } from './aws/job-requests.ts';
import { findRetries } from './aws/retries.ts';
import { env } from './core/env.ts';
import { logger } from './core/logger.ts';
import { hasFailures } from './domain/job-resource.ts';
import { httpHandler } from './http/http-handler.ts';
import { checkOwner, jobAnswer, notFound } from './http/job-requests.ts';

export const handler = httpHandler(async (request) => {
  logger.appendKeys({ jobRequestId: request.id });
  checkOwner(request, env.tenancy());
  const now = await findJobRequest(request.id);
  if (!now) throw notFound(request.id);
  const retries = now.job && hasFailures(now.job) ? await findRetries(request.id) : undefined;
  return jobAnswer(200, { ...now, ...(retries && { retries }) }, request.timeMs);
});
