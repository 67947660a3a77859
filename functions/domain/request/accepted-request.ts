import { KnownError } from '../../core/errors.ts';
import type { Finding } from '../../core/generated/dry-run.mjs';
import type { JobRequest, Manifest } from '../../core/generated/job-request.mjs';
import { lastResortNoticeOf } from '../notice/last-resort-notice.ts';
import type { Deployment } from '../notice/notice.ts';
import {
  type AcceptedRequest,
  type Chain,
  createJobInputOf,
  type ManifestWithEtag,
  type Parent,
  type StackDefaults,
} from './create-job-input.ts';
import { instantOf } from './timestamps.ts';

/** Step Functions carries 256 KiB, and the input of SummarizeReport holds the request twice (once as S3 describes it). */
const MAX_ACCEPTED_BYTES = 100 * 1024;

const MAX_AHEAD_DAYS = 30;
const DEFAULT_AFTER_TASKS = 100;

/** `StartAt` in UTC; undefined if it is not later than the submission. Throws InvalidRequest beyond 30 days. */
export function startAtOf({ StartAt }: Pick<JobRequest, 'StartAt'>, submittedMs: number): string | undefined {
  if (StartAt === undefined) return undefined;
  const startMs = instantOf(StartAt).getTime();
  if (startMs <= submittedMs) return undefined;
  const latestMs = submittedMs + MAX_AHEAD_DAYS * 86_400_000;
  if (startMs <= latestMs) return new Date(startMs).toISOString();
  const detail = `is more than ${MAX_AHEAD_DAYS} days ahead; the latest time is ${new Date(latestMs).toISOString()}`;
  throw new KnownError('InvalidRequest', 'The start of the job request is too late; nothing was done.', {
    faults: [{ pointer: '/StartAt', detail, code: 'startAt' }],
  });
}

/**
 * The input of the execution for a request that has passed schema, rules and allow-lists. Throws BodyTooLarge when the
 * request is too large for Step Functions, and InvalidRequest for a `StartAt` that is too late.
 */
export function acceptJobRequest(
  jobRequest: JobRequest,
  stack: StackDefaults & Deployment,
  facts: {
    jobRequestId: string;
    requestHash: string;
    tenantHash: string;
    submittedBy: string | undefined;
    submittedAt: string;
    manifest: ManifestWithEtag | undefined;
    parent?: Parent;
    chain?: Chain;
    original?: Manifest;
    warnings?: Finding[];
  },
): AcceptedRequest {
  const { manifest, warnings = [], submittedBy, ...identity } = facts;
  const startAt = startAtOf(jobRequest, Date.parse(facts.submittedAt));
  const accepted = {
    ...identity,
    ...(startAt && { startAt }),
    createJob: createJobInputOf(jobRequest, stack, facts.jobRequestId, manifest),
    ...(jobRequest.Limits && { limits: { AfterTasks: DEFAULT_AFTER_TASKS, ...jobRequest.Limits } }),
    ...(jobRequest.Retry && { retry: jobRequest.Retry }),
    watch: jobRequest.Watch ?? {},
  };
  const bytes = Buffer.byteLength(JSON.stringify(accepted));
  if (bytes > MAX_ACCEPTED_BYTES)
    throw new KnownError('BodyTooLarge', `The job request has ${bytes} bytes without its objects.`, {
      faults: [
        {
          pointer: '',
          detail: `has at most ${MAX_ACCEPTED_BYTES} bytes without Objects`,
          code: 'maxBytes',
        },
      ],
    });
  // Not measured: these have limits of their own, and callers cannot shorten them.
  const request = { ...accepted, ...(submittedBy && { submittedBy }) };
  return {
    ...request,
    ...(warnings.length > 0 && { warnings }),
    lastResortNotice: lastResortNoticeOf(request, stack),
  };
}
