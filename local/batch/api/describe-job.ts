import type {
  DescribeJobRequest,
  DescribeJobResult,
  JobDescriptor,
  JobProgressSummary,
} from '@aws-sdk/client-s3-control';
import { REGION } from '../../core/account.ts';
import type { JobRecord } from '../job-record.ts';
import { KEEPS_SUSPENSION, SUSPENDED_CAUSE } from '../unconfirmed.ts';
import { type JobCalls, jobOf } from './job-calls.ts';

export function describeJob(
  { AccountId, JobId }: DescribeJobRequest,
  { jobs, clock }: JobCalls,
): DescribeJobResult {
  return { Job: toDescriptor(jobOf(jobs, AccountId, JobId), clock.now()) };
}

/** Has no job tags, and has FailureReasons even when there are none. */
function toDescriptor(job: JobRecord, nowMs: number): JobDescriptor {
  const { request } = job;
  return {
    JobId: job.jobId,
    ConfirmationRequired: request.ConfirmationRequired ?? true,
    ...given({ Description: request.Description }),
    JobArn: `arn:aws:s3:${REGION}:${job.accountId}:job/${job.jobId}`,
    Status: job.status,
    ...given({ Manifest: request.Manifest, ManifestGenerator: request.ManifestGenerator }),
    Operation: request.Operation,
    Priority: job.priority,
    ProgressSummary: {
      ...progressOf(job),
      Timers: { ElapsedTimeInActiveSeconds: Math.floor(activeMs(job, nowMs) / 1000) },
    },
    ...given({ StatusUpdateReason: job.statusUpdateReason ?? undefined }),
    FailureReasons: job.failureReasons,
    Report: request.Report,
    CreationTime: new Date(job.createdMs),
    ...terminationOf(job),
    RoleArn: request.RoleArn,
    ...suspensionOf(job),
    ...given({ GeneratedManifestDescriptor: job.generated?.descriptor }),
  };
}

export const progressOf = ({ totalTasks, succeeded, failed }: JobRecord): JobProgressSummary => ({
  TotalNumberOfTasks: totalTasks,
  NumberOfTasksSucceeded: succeeded,
  NumberOfTasksFailed: failed,
});

export const terminationOf = ({ terminatedMs }: JobRecord): Pick<JobDescriptor, 'TerminationDate'> =>
  terminatedMs === null ? {} : { TerminationDate: new Date(terminatedMs) };

const activeMs = (job: JobRecord, nowMs: number): number =>
  job.activeMs + (job.activeSinceMs === null ? 0 : nowMs - job.activeSinceMs);

function suspensionOf({
  suspendedMs,
  status,
}: JobRecord): Pick<JobDescriptor, 'SuspendedDate' | 'SuspendedCause'> {
  if (suspendedMs === null || !(KEEPS_SUSPENSION || status === 'Suspended')) return {};
  return { SuspendedDate: new Date(suspendedMs), SuspendedCause: SUSPENDED_CAUSE };
}

/** Only the members that have a value. */
export function given<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}
