import type { AcceptedRequest } from '../request/create-job-input.ts';
import { type Deployment, noticeOf } from './notice.ts';
import type { PublishableNotice } from './publishable-notice.ts';

/**
 * The final notice for the case that create-job fails and no function can write a notice. The state machine adds the
 * time, and the code and the reason of the failure.
 */
export const lastResortNoticeOf = (
  request: Omit<AcceptedRequest, 'lastResortNotice'>,
  deployment: Deployment,
): PublishableNotice =>
  noticeOf(
    {
      kind: 'final',
      outcome: 'Lost',
      time: request.submittedAt,
      status: 'Unknown',
      refusal: {
        code: 'Unknown',
        reason: '',
        remedy:
          'Read the log of create-job. Search for the job in the S3 console before you submit the request again.',
      },
      watchStopped: 'Creating the job failed',
    },
    request,
    deployment,
  );
