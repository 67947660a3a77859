import type { FailureReason, Notice, Outcome } from '../../core/generated/notice.mjs';
import type { Job } from '../job/job.ts';
import type { ReportDigest } from '../report/report-digest.ts';
import type { NoticeKind } from './publishable-notice.ts';

/** What a notice reports. */
export interface Event {
  kind: NoticeKind;
  /** RFC 3339. */
  time: string;
  /** S3's status, `NotCreated` or `Unknown`. */
  status: string;
  outcome?: Outcome;
  jobId?: string;
  job?: Job;
  /** Why S3 refused the job, in S3's words, or why the request was cancelled before there was a job. */
  refusal?: FailureReason;
  report?: ReportState;
  /** The automatic retry, if the request asked for one and tasks qualify. */
  retry?: Notice['retry'];
  /** Why the watch ended before its job, unless it reached its deadline. */
  watchStopped?: string;
}

/** The completion report, with its digest when the report was read. */
export interface ReportState {
  bucket: string;
  manifestKey: string;
  state: 'summarized' | 'not-there-yet' | 'not-readable';
  digest?: ReportDigest;
}
