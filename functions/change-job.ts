/** PATCH /jobs/{id}: changes the priority of a job. */
import { changeJobPriority } from './aws/batch-jobs.ts';
import { findJobRequest } from './aws/job-requests.ts';
import { env } from './core/env.ts';
import validate from './core/generated/job-changes.mjs';
import { logger } from './core/logger.ts';
import { checkedBody } from './core/validators.ts';
import { checkPriority } from './domain/allowed/allowed.ts';
import { priorityVerdict } from './domain/job/job-status.ts';
import { jobAnswer } from './http/job-answer.ts';
import { changeJob } from './http/job-change.ts';
import { jobHandler } from './http/job-handler.ts';

export const handler = jobHandler(async (request) => {
  const { Priority } = checkedBody(validate, request.json());
  checkPriority(Priority, env.maxPriority());
  const { now } = await changeJob(request.id, () => findJobRequest(request.id, request.tenantHash), {
    verdictOn: priorityVerdict,
    done: 'changed',
    make: (jobId) => changeJobPriority(env.accountId(), jobId, Priority),
  });
  logger.info('priority changed', { jobId: now.jobId, priority: Priority });
  return jobAnswer(200, now, request.timeMs);
});
