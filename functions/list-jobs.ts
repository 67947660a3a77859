/** GET /jobs: the tenant's job requests, newest first; with `scope=account` S3's own list of jobs. */
import { listBatchJobs } from './aws/batch-jobs.ts';
import { jobSource } from './aws/listed-jobs.ts';
import { env } from './core/env.ts';
import { KnownError } from './core/errors.ts';
import { type ListQuery, listQueryOf } from './domain/job/job-list.ts';
import { pageOf, searchJobs } from './domain/job/job-search.ts';
import { tenantHashOf } from './domain/request/job-request-id.ts';
import { pageTokenOf } from './domain/request/query.ts';
import { callersTenant } from './http/callers.ts';
import { withEtag } from './http/etag.ts';
import { type HttpAnswer, httpHandler } from './http/http-handler.ts';

async function listOwn(tenant: string, query: ListQuery): Promise<HttpAnswer> {
  return { status: 200, body: pageOf(await searchJobs(jobSource(), tenantHashOf(tenant), query)) };
}

async function listAccount(tenant: string, { cursor, pageSize, statuses }: ListQuery): Promise<HttpAnswer> {
  if (!env.accountScopeTenants().includes(tenant))
    throw new KnownError('NotAllowed', 'This caller may not list the jobs of the whole account.');
  const { jobs, token } = await listBatchJobs(env.accountId(), pageSize, statuses, cursor.token);
  return {
    status: 200,
    body: { jobs, nextPageToken: token ? pageTokenOf({ token }) : null, searchedBackTo: null },
  };
}

export const handler = httpHandler(async (request) => {
  const tenant = callersTenant(request, env.tenancy());
  const query = listQueryOf(request.query);
  return withEtag(request, await (query.scope === 'account' ? listAccount : listOwn)(tenant, query));
});
