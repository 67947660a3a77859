import { env } from '../core/env.ts';
import { logger } from '../core/logger.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from './http-handler.ts';
import { checkOwner } from './job-requests.ts';

/** The chain of the calls on one job request: only its owner gets to it, and each line of the log names it. */
export const jobHandler = (answer: (request: HttpRequest) => Promise<HttpAnswer>) =>
  httpHandler(async (request) => {
    checkOwner(request, env.tenancy());
    logger.appendKeys({ jobRequestId: request.id });
    return answer(request);
  });
