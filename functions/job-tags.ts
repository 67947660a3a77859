/** GET, PUT and DELETE /jobs/{id}/tags: the caller's tags of a job. Tags of this service are hidden and kept. */
import { readJobTags, writeJobTags } from './aws/batch-jobs.ts';
import { findJobRequest } from './aws/job-requests.ts';
import { env } from './core/env.ts';
import validate from './core/generated/job-tags.mjs';
import { logger } from './core/logger.ts';
import { checkedBody } from './core/validators.ts';
import { callersTags, checkTags, withOurTags } from './domain/request/job-tags.ts';
import { jobToChange } from './http/job-answer.ts';
import { jobHandler } from './http/job-handler.ts';

export const handler = jobHandler(async (request) => {
  const wanted = request.method === 'PUT' ? checkTags(checkedBody(validate, request.json()).Tags) : [];
  const { job } = jobToChange(
    request.id,
    await findJobRequest(request.id, request.tenantHash),
    () => 'do-it',
    'tagged',
  );

  const present = await readJobTags(env.accountId(), job.JobId);
  if (request.method === 'GET') return { status: 200, body: { Tags: callersTags(present) } };
  await writeJobTags(env.accountId(), job.JobId, withOurTags(wanted, present));
  logger.info('tags changed', { jobId: job.JobId });
  return { status: 200, body: { Tags: wanted } };
});
