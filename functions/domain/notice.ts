import type { FailureReason, Notice, Outcome } from '../core/generated/notice.mjs';
import { type AcceptedRequest, callersDescription } from './create-job-input.ts';
import { countsOf, type Job } from './job.ts';
import { operationNameOf } from './operation.ts';
import { failureReasonsOf } from './remedies.ts';
import type { ReportDigest } from './report-digest.ts';

export type NoticeKind = Notice['kind'];

/** Where this deployment is, for the links in a notice. */
export interface Place {
  region: string;
  /** Base URL of the API. */
  apiUrl: string;
}

/** A notice as SNS takes it; the state machine passes it on as it is. */
export interface PublishableNotice {
  kind: NoticeKind;
  subject: string;
  /** JSON text of a Notice (schemas/notice.schema.json). */
  message: string;
  attributes: Record<string, { DataType: 'String'; StringValue: string }>;
}

export interface Event {
  kind: NoticeKind;
  /** RFC 3339. */
  time: string;
  /** S3's status, `NotCreated` or `Unknown`. */
  status: string;
  outcome?: Outcome;
  jobId?: string;
  job?: Job;
  /** Why S3 refused the job, in its words. */
  refusal?: FailureReason;
  report?: ReportSeen;
  /** Why a watch ended before its job, if not by its deadline. */
  breakdown?: string;
}

/** The completion report, with its digest once it was read. */
export interface ReportSeen {
  bucket: string;
  manifestKey: string;
  state: 'summarized' | 'not-there-yet' | 'not-readable';
  digest?: ReportDigest;
}

const SUBJECT_LIMIT = 99;
const TOP_ERRORS = 5;
const numbers = new Intl.NumberFormat('en-US');
const n = (count: number) => numbers.format(count);

function durationSecondsOf(job: Job, time: string): number {
  const end = Date.parse(job.TerminationDate ?? time);
  return Math.max(0, Math.round((end - Date.parse(job.CreationTime ?? time)) / 1000));
}

const doneBefore = (job: Job) => {
  const { total, succeeded } = countsOf(job);
  return `${n(succeeded)} of ${n(total)} objects were done before that`;
};

/** What happened, in words short enough for a subject line. */
function headlineOf({ kind, outcome, job, jobId }: Event): string {
  const { total, failed } = job ? countsOf(job) : { total: 0, failed: 0 };
  switch (outcome) {
    case 'Succeeded':
      return `all ${n(total)} objects done`;
    case 'CompletedWithFailures':
      return `${n(failed)} of ${n(total)} objects failed`;
    case 'Failed':
      return 'the job failed';
    case 'Cancelled':
      return 'the job was cancelled';
    case 'NotCreated':
      return 'S3 refused the job';
    case 'Lost':
      return jobId ? 'S3 no longer knows the job' : 'nobody knows whether the job was created';
    case 'WatchEnded':
      return job ? 'no longer watched, the job goes on' : 'no longer watched, the job may go on';
    case undefined:
      break;
  }
  if (kind === 'needs-confirmation') return `confirm it to start on ${n(total)} objects`;
  if (kind === 'running-again') return 'confirmed and running';
  return kind === 'cannot-see' ? 'the job cannot be seen' : 'the job is created';
}

function summaryOf(event: Event): string {
  const { kind, outcome, job, refusal } = event;
  const reason = job?.FailureReasons?.[0]?.FailureReason;
  switch (outcome) {
    case 'Succeeded':
      return `The job is complete and ${headlineOf(event)}.`;
    case 'CompletedWithFailures':
      return `S3 calls the job complete, but ${headlineOf(event)}; the completion report says which and why.`;
    case 'Failed':
      return `The job failed${reason ? `: ${reason.replace(/\.$/, '')}` : ''}${job ? `; ${doneBefore(job)}` : ''}.`;
    case 'Cancelled':
      return `The job was cancelled${job?.StatusUpdateReason ? ` (${job.StatusUpdateReason})` : ''}${job ? `; ${doneBefore(job)}` : ''}.`;
    case 'NotCreated':
      return `S3 Batch Operations refused to create the job: ${refusal?.reason ?? 'no reason given'}.`;
    case 'Lost':
      return event.jobId
        ? 'S3 Batch Operations does not know the job any more, so nobody can tell how it ended.'
        : `${event.breakdown ?? 'The watch broke'} before it was known whether S3 has made the job.`;
    case 'WatchEnded':
      return `${event.breakdown ?? 'The deadline of the watch has passed'}; the S3 job ${job ? 'goes on' : 'could not be seen and may go on'}, and no more notices come.`;
    case undefined:
      break;
  }
  if (kind === 'needs-confirmation')
    return `The job waits for a confirmation before it touches ${n(job ? countsOf(job).total : 0)} objects; S3 fails it after 30 days without.`;
  if (kind === 'running-again') return 'The job was confirmed and is on its way.';
  if (kind === 'cannot-see') return 'The state of the job could not be read for an hour; the watch goes on.';
  return 'S3 Batch Operations has accepted the job.';
}

function nextOf({ kind, outcome, jobId }: Event, jobRequestId: string): string[] {
  const call = `/jobs/${jobRequestId}`;
  if (kind === 'needs-confirmation')
    return [`POST ${call}/confirm to start it`, `POST ${call}/cancel to drop it`];
  if (kind !== 'final') return [`GET ${call} to follow it`, `POST ${call}/cancel to stop it`];
  if (outcome === 'CompletedWithFailures') return ['Read the completion report for the failed objects'];
  if (outcome === 'WatchEnded') return [`GET ${call} to see the job`, `POST ${call}/cancel to stop it`];
  if (outcome === 'Lost' && !jobId)
    return [`Look in the S3 console for a job whose description ends with [${jobRequestId}]`];
  return outcome === 'NotCreated' || outcome === 'Failed' ? ['Mend the reasons and POST /jobs again'] : [];
}

/** SNS takes fewer than 100 characters, printable ASCII, no line breaks. */
const asSubject = (text: string) =>
  text
    .replace(/[^\x20-\x7e]+/g, '?')
    .slice(0, SUBJECT_LIMIT)
    .trim();

const attributesOf = (pairs: Record<string, string | undefined>): PublishableNotice['attributes'] =>
  Object.fromEntries(
    Object.entries(pairs).flatMap(([name, value]) =>
      value ? [[name, { DataType: 'String' as const, StringValue: value }]] : [],
    ),
  );

function reportMembers({
  digest,
  ...report
}: ReportSeen): Pick<Notice, 'report' | 'topErrors' | 'mendableShare'> {
  if (!digest || digest.failed === 0) return { report };
  const topErrors = digest.byCode
    .slice(0, TOP_ERRORS)
    .map(({ errorCode, httpStatus, count }) => ({ errorCode, httpStatus, count }));
  return { report, topErrors, mendableShare: digest.mendableShare };
}

function messageOf(event: Event, request: AcceptedRequest, place: Place): Notice {
  const { job, jobId, refusal } = event;
  const { jobRequestId, createJob } = request;
  const description = callersDescription(createJob.Description);
  return {
    version: 1,
    noticeId: `${jobRequestId}:${event.kind}`,
    kind: event.kind,
    ...(event.outcome && { outcome: event.outcome }),
    time: event.time,
    jobRequestId,
    ...(jobId && { jobId }),
    operation: operationNameOf(createJob),
    ...(description && { description }),
    status: event.status,
    summary: summaryOf(event),
    ...(job && { counts: countsOf(job), durationSeconds: durationSecondsOf(job, event.time) }),
    failureReasons: refusal ? [refusal] : job ? failureReasonsOf(job) : [],
    ...(event.report && reportMembers(event.report)),
    next: nextOf(event, jobRequestId),
    links: {
      job: `${place.apiUrl}/jobs/${jobRequestId}`,
      ...(jobId && {
        console: `https://${place.region}.console.aws.amazon.com/s3/jobs/${jobId}?region=${place.region}`,
      }),
    },
  };
}

/**
 * The notice of an event. Its noticeId depends on the job request and the kind alone: each kind is told once, and one
 * that is sent again can be told from a new one.
 */
export function noticeOf(event: Event, request: AcceptedRequest, place: Place): PublishableNotice {
  const message = messageOf(event, request, place);
  const tags = request.createJob.Tags.filter(({ Key }) => request.watch.TagAttributes?.includes(Key));
  return {
    kind: event.kind,
    subject: asSubject(
      `${message.operation}: ${headlineOf(event)}${message.description ? ` (${message.description})` : ''}`,
    ),
    message: JSON.stringify(message),
    attributes: attributesOf({
      kind: event.kind,
      outcome: event.outcome,
      status: event.status,
      operation: message.operation,
      jobRequestId: request.jobRequestId,
      ...Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
    }),
  };
}
