import { env } from '../core/env.ts';
import { logger } from '../core/logger.ts';
import { checkOwner } from './callers.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from './http-handler.ts';

/** The chain of the calls on one job request: it refuses other tenants and adds the id to every log line. */
export const jobHandler = (answer: (request: HttpRequest) => Promise<HttpAnswer>) =>
  httpHandler(async (request) => {
    checkOwner(request, env.tenancy());
    logger.appendKeys({ jobRequestId: request.id });
    return answer(request);
  });
