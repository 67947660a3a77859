/** GET /jobs: the tenant's job requests, newest first; with `scope=account` S3's own list of jobs. */
import { listBatchJobs } from './aws/batch-jobs.ts';
import { listExecutionNames } from './aws/executions.ts';
import { findJobRequest } from './aws/job-requests.ts';
import { env } from './core/env.ts';
import { KnownError } from './core/errors.ts';
import { hasStatus, jobSummaryOf, type ListQuery, listQueryOf } from './domain/job/job-list.ts';
import { jobResourceOf } from './domain/job/job-resource.ts';
import { isOwnedBy } from './domain/request/job-request-id.ts';
import { pageTokenOf } from './domain/request/query.ts';
import { callersTenant } from './http/callers.ts';
import { withEtag } from './http/etag.ts';
import { type HttpAnswer, httpHandler } from './http/http-handler.ts';

async function listOwn(tenant: string, { cursor, pageSize, statuses }: ListQuery): Promise<HttpAnswer> {
  const isOwn = (id: string) => isOwnedBy(tenant, id);
  const { names, next } = await listExecutionNames(env.stateMachineArn(), isOwn, cursor, pageSize);
  const found = await Promise.all(names.map(findJobRequest));
  const jobs = found
    .flatMap((now) => (now ? [jobSummaryOf(jobResourceOf(now))] : []))
    .filter((job) => hasStatus(job, statuses));
  return { status: 200, body: { jobs, nextPageToken: next ? pageTokenOf(next) : null } };
}

async function listAccount(tenant: string, { cursor, pageSize, statuses }: ListQuery): Promise<HttpAnswer> {
  if (!env.accountScopeTenants().includes(tenant))
    throw new KnownError('NotAllowed', 'This caller may not list the jobs of the whole account.');
  const { jobs, token } = await listBatchJobs(env.accountId(), pageSize, statuses, cursor.token);
  return { status: 200, body: { jobs, nextPageToken: token ? pageTokenOf({ token, skip: 0 }) : null } };
}

export const handler = httpHandler(async (request) => {
  const tenant = callersTenant(request, env.tenancy());
  const query = listQueryOf(request.query);
  return withEtag(request, await (query.scope === 'account' ? listAccount : listOwn)(tenant, query));
});
