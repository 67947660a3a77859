import { KnownError } from '../../core/errors.ts';
import type { Finding } from '../../core/generated/dry-run.mjs';
import type { JobRequest } from '../../core/generated/job-request.mjs';
import { lastResortNoticeOf } from '../notice/last-resort-notice.ts';
import type { Deployment } from '../notice/notice.ts';
import {
  type AcceptedRequest,
  createJobInputOf,
  type ManifestWithEtag,
  type Parent,
  type StackDefaults,
} from './create-job-input.ts';

/** Step Functions carries 256 KiB, and the input of SummarizeReport holds the request twice (once as S3 describes it). */
const MAX_ACCEPTED_BYTES = 100 * 1024;

/**
 * The input of the execution for a request that has passed schema, rules and allow-lists. Throws BodyTooLarge when the
 * request is too large for Step Functions.
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
    warnings?: Finding[];
  },
): AcceptedRequest {
  const { manifest, warnings = [], submittedBy, ...identity } = facts;
  const accepted = {
    ...identity,
    createJob: createJobInputOf(jobRequest, stack, facts.jobRequestId, manifest),
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
