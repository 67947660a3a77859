import { KnownError } from '../../core/errors.ts';
import type { JobRequest, Manifest, RowsOf } from '../../core/generated/job-request.mjs';
import type { Child } from '../../core/generated/job-resource.mjs';
import type { RunRest } from '../../core/generated/run-rest.mjs';
import { fitsOne } from '../allowed/patterns.ts';
import { childPrefixOf } from '../allowed/stack-bucket.ts';
import { countsOf, type Job } from '../job/job.ts';
import type { JobRequestNow } from '../job/job-resource.ts';
import { checkListsAll, type EndedReport, endedJobOf, endedReportOf } from '../report/report-answers.ts';
import { isRetryable } from '../report/report-digest.ts';
import type { ReportRow } from '../report/report-rows.ts';
import { type AcceptedRequest, callersDescription, type Parent } from '../request/create-job-input.ts';
import { jobRequestIdOf } from '../request/job-request-id.ts';
import { callersTags } from '../request/job-tags.ts';

const ALL = '*';

const sorted = (texts: readonly string[] | undefined) => (texts ? [...new Set(texts)].sort() : null);

export const parentOf = ({ JobRequestId, Rows, Codes, Results }: RowsOf): Parent => ({
  jobRequestId: JobRequestId,
  rows: Rows,
  codes: sorted(Codes),
  results: sorted(Results),
});

/**
 * The id of the child that retry-failed or run-rest starts, made from the caller's key as for POST /jobs, or without a key
 * from the rows it runs: so repeated calls start one child. A caller's key contains no NUL.
 */
export function childIdOf(tenant: string, parent: Parent, key: string | undefined): string {
  return jobRequestIdOf(tenant, {
    key: key ?? ['\0rows', parent.rows, parent.jobRequestId, ...(parent.codes ?? [])].join('\0'),
  });
}

/** The status of the tasks that a child runs again, if it is one. */
export const statusOf = ({ rows, results }: Parent): ReportRow['status'] | undefined => {
  if (rows === 'Retry') return results ? undefined : 'failed';
  return rows === 'Failed' ? 'failed' : 'succeeded';
};

/** Whether a child runs the task of a row of the report. */
export function isChosen(
  { status, errorCode, httpStatus, message }: ReportRow,
  { rows, codes, results }: Parent,
): boolean {
  if (rows === 'NotRun') return false;
  if (status === 'succeeded') return results ? fitsOne(results, message) : rows === 'Succeeded';
  return codes === null
    ? isRetryable(errorCode, httpStatus)
    : codes.includes(ALL) || codes.includes(errorCode);
}

/** The manifest that a job request came from, which a canary runs only in part. Throws ManifestNotReadable. */
function manifestOf({ request, job }: JobRequestNow): Manifest {
  const { Location } = (job?.['GeneratedManifestDescriptor'] ?? {}) as Partial<Manifest>;
  const generated: Manifest | undefined = Location && {
    Spec: { Format: 'S3InventoryReport_CSV_20161130' },
    Location,
  };
  const manifest = request.original ?? request.createJob.Manifest ?? generated;
  if (manifest) return manifest;
  const detail = 'is a job whose manifest generator stored no list; its EnableManifestOutput must be true';
  throw new KnownError('ManifestNotReadable', `Job request ${request.jobRequestId} ${detail}.`, {
    faults: [{ pointer: '/RowsOf/JobRequestId', detail, code: 'generator' }],
  });
}

/** The manifest of a job that S3 ended before all tasks had run, if it is known which ones have. */
function restOf({ request, job }: JobRequestNow): { manifest?: Manifest } {
  const { Manifest, Report } = request.createJob;
  return job?.Status === 'Failed' && Manifest && Report.ReportScope !== 'FailedTasksOnly'
    ? { manifest: Manifest }
    : {};
}

/**
 * What lists the rows of an ended job: its report, or for rows that never ran its manifest, and the report if a task ran.
 * Throws ReportNotReady, NoReport, ReportHasFailuresOnly, ManifestNotReadable.
 */
export function listsOf(
  now: JobRequestNow,
  { rows }: Parent,
  timeMs: number,
): { report?: EndedReport; manifest?: Manifest } {
  if (rows === 'Retry') return { report: endedReportOf(now, timeMs), ...restOf(now) };
  if (rows !== 'Failed') checkListsAll(now.request);
  if (rows !== 'NotRun') return { report: endedReportOf(now, timeMs) };
  const { succeeded, failed } = countsOf(endedJobOf(now, timeMs));
  return {
    manifest: manifestOf(now),
    ...(succeeded + failed > 0 && { report: endedReportOf(now, timeMs) }),
  };
}

/** The key depends on the request too, so that two requests with one id but different rows do not share a manifest. */
export const childKeyOf = (parentId: string, childId: string, requestHash: string): string =>
  `${childPrefixOf(parentId)}${childId}-${requestHash.slice(0, 12)}.csv`;

/** The id of a child from the key of its manifest; undefined for any other key. */
export const childIdOfKey = (key: string): string | undefined =>
  /\/([0-9a-f]{20}-[0-9a-f]{32})-[0-9a-f]{12}\.csv$/.exec(key)?.[1];

/** The request that runs rows of the parent with the settings of the parent. */
export function childRequestOf(
  { createJob, watch, limits }: AcceptedRequest,
  { MaxObjects, Priority, ConfirmationRequired, Description }: RunRest,
  RowsOf: RowsOf,
): JobRequest {
  const description = Description ?? callersDescription(createJob.Description);
  return {
    Operation: createJob.Operation,
    Report: createJob.Report,
    RoleArn: createJob.RoleArn,
    Priority: Priority ?? createJob.Priority,
    ConfirmationRequired: ConfirmationRequired ?? createJob.ConfirmationRequired,
    ...(description && { Description: description }),
    Tags: callersTags(createJob.Tags),
    RowsOf,
    ...(MaxObjects && { MaxObjects }),
    ...(limits && { Limits: limits }),
    Watch: watch as NonNullable<JobRequest['Watch']>,
  };
}

/** Throws NotPossibleNow while another child runs the same rows. */
export function checkNotUnderWay(
  { jobRequestId, rows, codes, results }: Parent,
  childId: string,
  children: readonly Child[],
): void {
  const text = JSON.stringify([rows, codes, results]);
  const same = children.find(
    (child) =>
      child.isUnderWay &&
      child.jobRequestId !== childId &&
      JSON.stringify([child.rows, child.codes, child.results]) === text,
  );
  if (same)
    throw new KnownError(
      'NotPossibleNow',
      `The same rows of job request ${jobRequestId} are being run by ${same.jobRequestId}.`,
    );
}

/** Throws NotPossibleNow for a child that has ended: to run its rows again, the caller must say which ones. */
export function checkNotEnded({ request, executionStatus, record }: JobRequestNow): void {
  const { jobRequestId, parent } = request;
  if (executionStatus === 'RUNNING') return;
  throw new KnownError(
    'NotPossibleNow',
    `These rows of job request ${parent?.jobRequestId} were run by ${jobRequestId}, which has ended${record ? ` as ${record.outcome}` : ''}. Retry ${jobRequestId}, or send a new Idempotency-Key to retry the same tasks again.`,
  );
}

/** The rows that the automatic retry of a job request runs. */
export const retriedRowsOf = ({ jobRequestId, retry }: AcceptedRequest): Parent => ({
  ...parentOf({
    JobRequestId: jobRequestId,
    Rows: 'Failed',
    ...(retry?.Codes && { Codes: retry.Codes }),
    ...(retry?.Results && { Results: retry.Results }),
  }),
  rows: 'Retry',
});

/** The automatic retry of a job request. The caller has confirmed its rows, so it needs no confirmation of its own. */
export function retryRequestOf(request: AcceptedRequest, job: Job, time: string): JobRequest {
  const { Times, ...retry } = request.retry ?? { Times: 1, AfterSeconds: 0 };
  const startMs = Date.parse(job.TerminationDate ?? time) + retry.AfterSeconds * 1000;
  const rowsOf = { JobRequestId: request.jobRequestId, Rows: 'Failed' as const };
  return {
    ...childRequestOf(request, { ConfirmationRequired: false }, rowsOf),
    StartAt: new Date(startMs).toISOString(),
    ...(Times > 1 && { Retry: { ...retry, Times: Times - 1 } }),
  };
}

/** Throws NotPossibleNow while automatic retries of a job request are ahead; `last` is the last one that was started. */
export function checkRetriesEnded({ request }: JobRequestNow, last: JobRequestNow): void {
  if (!request.retry || last.executionStatus !== 'RUNNING') return;
  const { jobRequestId } = last.request;
  throw new KnownError(
    'NotPossibleNow',
    `Job request ${request.jobRequestId} is retried automatically, now by ${jobRequestId}. Wait for its end, or stop the retries: POST /jobs/${jobRequestId}/cancel with {"retries": true}.`,
  );
}
