import type { FailureReason, Notice, Outcome } from '../../core/generated/notice.mjs';
import { countsOf, type Job } from '../job/job.ts';
import { failureReasonsOf } from '../job/remedies.ts';
import type { ReportDigest } from '../report/report-digest.ts';
import { type AcceptedRequest, callersDescription } from '../request/create-job-input.ts';
import { operationNameOf } from '../request/operation.ts';
import { headlineOf, nextOf, summaryOf } from './notice-words.ts';

export type NoticeKind = Notice['kind'];

/** Where this deployment is, for the links in a notice. */
export interface Place {
  region: string;
  /** Base URL of the API. */
  apiUrl: string;
}

/** Message attributes of every notice; the tags that a job request names come beside them. */
export const noticeAttributes = ['kind', 'outcome', 'status', 'operation', 'jobRequestId'] as const;

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

function durationSecondsOf(job: Job, time: string): number {
  const end = Date.parse(job.TerminationDate ?? time);
  return Math.max(0, Math.round((end - Date.parse(job.CreationTime ?? time)) / 1000));
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
