import type * as S3Control from '@aws-sdk/client-s3-control';
import { AwsError } from '../../../local/core/aws-error.ts';
import type { Clock } from '../../../local/core/clock.ts';
import type { Random } from '../../../local/core/random.ts';
import type { Plan } from '../plan.ts';
import { cancel, confirm, createJob, describeJob, endOf, type Job, statusAt } from './job.ts';

/** S3 deletes a job this long after its end. */
const KEPT_MS = 90 * 86_400_000;

/** Other jobs in the same account, which ListJobs returns too. */
const strangers = ['Nightly copy', 'Clean up [0123456789ab-not-ours]'];

export type S3ControlModel = ReturnType<typeof createS3ControlModel>;

/** The calls of S3 Batch Operations that a watch makes; errors are thrown as AwsError. */
export function createS3ControlModel(
  { job: jobPlan, service, retries }: Plan,
  clock: Clock,
  random: Random,
  /** The text of a manifest, by its ARN. */
  manifestText: (arn: string) => string,
) {
  const jobs: Job[] = [];
  const impostors: Job[] = [];
  const tokens = new Map<string, { job: Job; at: number; request: string }>();
  const skewMs = service.skewSeconds * 1000;
  const ageSeconds = ({ createdAt }: Job) => (clock.now() - createdAt) / 1000;
  const isForgotten = (job: Job) => clock.now() >= endOf(job).from + KEPT_MS;

  const find = (jobId: string | undefined, shownAfterSeconds: number): Job => {
    const job = [...impostors, ...jobs].find(({ id }) => id === jobId);
    if (job && !isForgotten(job) && ageSeconds(job) >= shownAfterSeconds) return job;
    const code = service.notFoundCode;
    throw new AwsError(code, code === 'NoSuchJob' ? 404 : 400, 'The specified job does not exist.');
  };

  /** The job with the token, while S3 remembers it. */
  const earlier = (token: string, request: string): Job | undefined => {
    const known = tokens.get(token);
    if (!known || clock.now() - known.at > service.tokenSeconds * 1000) return undefined;
    if (known.request !== request)
      throw new AwsError('IdempotencyException', 400, 'The token was used with other parameters.');
    return known.job;
  };

  /** A job with the description of the first request and another operation, planted through S3's own API. */
  const plantImpostor = (request: S3Control.CreateJobRequest) => {
    if (!service.hasImpostor || impostors.length > 0) return;
    const Operation = { S3DeleteObjectTagging: {} };
    impostors.push(createJob('impostor', { ...request, Operation }, jobPlan, clock.now() - 60_000));
  };

  const newJob = (input: S3Control.CreateJobRequest): Job => {
    if (!retries) return createJob(random.uuid(), input, jobPlan, clock.now());
    const rows = manifestText(input.Manifest?.Location?.ObjectArn ?? '')
      .split('\n')
      .filter(Boolean);
    const failedTasks = Math.floor(rows.length * (retries.failedShares[jobs.length] ?? 0));
    const plan = { ...jobPlan, tasks: rows.length, failedTasks };
    return { ...createJob(random.uuid(), input, plan, clock.now()), rows };
  };

  const actions = {
    CreateJob(input: S3Control.CreateJobRequest): S3Control.CreateJobResult {
      const { refusal } = service;
      if (refusal) throw new AwsError(refusal.code, refusal.status, refusal.message);
      // SDKs make a token when there is none.
      const token = input.ClientRequestToken ?? random.uuid();
      const request = JSON.stringify(input);
      plantImpostor(input);
      const known = earlier(token, request);
      if (known) return { JobId: known.id };
      const job = newJob(input);
      jobs.push(job);
      tokens.set(token, { job, at: clock.now(), request });
      return { JobId: job.id };
    },

    DescribeJob({ JobId }: S3Control.DescribeJobRequest): S3Control.DescribeJobResult {
      const job = find(JobId, service.shownAfterSeconds);
      return { Job: describeJob(job, clock.now() - service.staleSeconds * 1000, skewMs) };
    },

    ListJobs({ NextToken = '0' }: S3Control.ListJobsRequest): S3Control.ListJobsResult {
      const ours = jobs.filter(
        (job) => !isForgotten(job) && ageSeconds(job) >= Math.max(1, service.listedAfterSeconds),
      );
      const all = [
        ...strangers.map((Description, i) => ({ JobId: `stranger-${i}`, Description })),
        ...impostors.map(({ id, request }) => ({ JobId: id, Description: request.Description ?? '' })),
        ...ours.map(({ id, request }) => ({ JobId: id, Description: request.Description ?? '' })),
      ];
      const from = Number(NextToken);
      const to = from + service.pageSize;
      return { Jobs: all.slice(from, to), ...(to < all.length && { NextToken: String(to) }) };
    },

    UpdateJobStatus(input: S3Control.UpdateJobStatusRequest): S3Control.UpdateJobStatusResult {
      const job = find(input.JobId, service.shownAfterSeconds);
      const now = clock.now();
      const isDone =
        input.RequestedJobStatus === 'Ready'
          ? confirm(job, now)
          : cancel(job, now, input.StatusUpdateReason ?? 'by somebody');
      if (!isDone) throw new AwsError('JobStatusException', 400, `The job is ${statusAt(job, now)}.`);
      return {
        JobId: job.id,
        Status: statusAt(job, now) as NonNullable<S3Control.UpdateJobStatusResult['Status']>,
      };
    },
  };
  return { jobs, actions };
}
