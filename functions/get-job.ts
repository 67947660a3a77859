/** GET /jobs/{id}: the job request as it is now. */
import { findJobRequest } from './aws/job-requests.ts';
import { env } from './core/env.ts';
import { logger } from './core/logger.ts';
import { httpHandler } from './http/http-handler.ts';
import { checkOwner, jobAnswer, notFound } from './http/job-requests.ts';

export const handler = httpHandler(async (request) => {
  logger.appendKeys({ jobRequestId: request.id });
  checkOwner(request, env.tenancy());
  const now = await findJobRequest(request.id);
  if (!now) throw notFound(request.id);
  return jobAnswer(200, now, request.timeMs);
});
