import type { Notice } from '../../core/generated/notice.mjs';
import { countsOf, durationSecondsOf } from '../job/job.ts';
import { failureReasonsOf } from '../job/remedies.ts';
import { type AcceptedRequest, callersDescription } from '../request/create-job-input.ts';
import { operationNameOf } from '../request/operation.ts';
import { totalsOf } from '../rows/retry-chain.ts';
import type { Event, ReportState } from './event.ts';
import { headlineOf, nextOf, summaryOf } from './notice-words.ts';
import type { PublishableNotice } from './publishable-notice.ts';

/** The deployment, for the links in a notice. */
export interface Deployment {
  region: string;
  /** Base URL of the API. */
  apiUrl: string;
}

/** Message attributes of every notice. The tags in `Watch.TagAttributes` are added to them. */
export const noticeAttributes = ['kind', 'outcome', 'status', 'operation', 'jobRequestId'] as const;

/** The members of a job request that its notices use. */
type Subject = Pick<
  AcceptedRequest,
  'jobRequestId' | 'createJob' | 'original' | 'watch' | 'submittedBy' | 'chain'
>;

const SUBJECT_LIMIT = 99;
const TOP_ERRORS = 5;

/** SNS accepts fewer than 100 characters of printable ASCII, without line breaks. */
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
}: ReportState): Pick<Notice, 'report' | 'topErrors' | 'retryableShare'> {
  if (!digest || digest.failed === 0) return { report };
  const topErrors = digest.byCode
    .slice(0, TOP_ERRORS)
    .map(({ errorCode, httpStatus, count }) => ({ errorCode, httpStatus, count }));
  return { report, topErrors, retryableShare: digest.retryableShare };
}

function messageOf(event: Event, request: Subject, deployment: Deployment): Notice {
  const { job, jobId, refusal } = event;
  const { jobRequestId, createJob, submittedBy, chain } = request;
  const isLast = event.kind === 'final' && event.outcome !== 'WatchEnded' && event.retry?.state !== 'started';
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
    ...(submittedBy && { submittedBy }),
    status: event.status,
    summary: summaryOf(event),
    ...(job && { counts: countsOf(job), durationSeconds: durationSecondsOf(job, event.time) }),
    failureReasons: refusal ? [refusal] : job ? failureReasonsOf(job) : [],
    ...(event.report && reportMembers(event.report)),
    ...(event.retry && { retry: event.retry }),
    ...(chain && isLast && { totals: totalsOf(chain, job) }),
    next: nextOf(event, request),
    links: {
      job: `${deployment.apiUrl}/jobs/${jobRequestId}`,
      ...(jobId && {
        console: `https://${deployment.region}.console.aws.amazon.com/s3/jobs/${jobId}?region=${deployment.region}`,
      }),
    },
  };
}

/**
 * The notice of an event. Its noticeId depends only on the job request and the kind. Each kind is published once, so a
 * subscriber recognizes a repeated notice by its noticeId.
 */
export function noticeOf(event: Event, request: Subject, deployment: Deployment): PublishableNotice {
  const message = messageOf(event, request, deployment);
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
