import { env } from '../core/env.ts';
import { logger } from '../core/logger.ts';
import { tenantHashOf } from '../domain/request/job-request-id.ts';
import { callersTenant, checkId } from './callers.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from './http-handler.ts';

/** A call on one job request. */
export interface JobHttpRequest extends HttpRequest {
  tenant: string;
  /** Decides whether the job request that is found belongs to the caller. */
  tenantHash: string;
}

/** The chain of the calls on one job request: it refuses ids of other tenants and adds the id to every log line. */
export const jobHandler = (answer: (request: JobHttpRequest) => Promise<HttpAnswer>) =>
  httpHandler(async (request) => {
    const tenant = callersTenant(request, env.tenancy());
    const tenantHash = tenantHashOf(tenant);
    checkId(tenantHash, request.id);
    logger.appendKeys({ jobRequestId: request.id });
    return answer({ ...request, tenant, tenantHash });
  });
