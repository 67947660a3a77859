/**
 * Choices where Amazon's documentation is silent or contradicts itself. Nothing here is known AWS behaviour:
 * programs should not rely on it, and each can be flipped in this one place.
 */

/** How an unknown job is answered; other emulators say `NotFoundException` with 400. */
export const UNKNOWN_JOB = { code: 'NoSuchJob', status: 404 } as const;

/** ListJobs without `maxResults`, or with 0. */
export const DEFAULT_PAGE_SIZE = 1000;

/** `SuspendedCause`: the literal comes from the documentation of an IAM condition key. */
export const SUSPENDED_CAUSE = 'AWAITING_CONFIRMATION';

/** Whether `SuspendedDate` and `SuspendedCause` stay in DescribeJob after the job was confirmed. */
export const KEEPS_SUSPENSION = true;

/** How many jobs run at a time; the others wait in Ready. One page says six of all jobs, another six of replication. */
export const MAX_RUNNING_JOBS = 6;

/** FailureCodes that no page gives; the reasons beside them are ours too unless the reference quotes them. */
export const FAILURE_CODES = {
  manifestUnreadable: 'ManifestReadFailed',
  generator: 'ManifestGenerationFailed',
  tooManyTasks: 'TooManyTasks',
  wrongOwner: 'ExpectedBucketOwnerMismatch',
  threshold: 'TaskFailureThresholdExceeded',
  expired: 'ConfirmationExpired',
  report: 'ReportWriteFailed',
  internal: 'InternalError',
} as const;

/** The manifest object changed after its ETag was noted: the job fails in Preparing, with this text. */
export const ETAG_MISMATCH = "The manifest object's ETag is not the one that the job was given";

/** A manifest ETag that is no ETag at all fails the job in Preparing too; only the text is known. */
export const ETAG_FORMAT_FAULT = 'ETag format is invalid';

/** An empty manifest, a byte order mark, broken quotes or bytes that are not UTF-8. */
export const FORMAT_FAULT = 'Manifest file is not properly formatted';

/** A row with more or fewer columns than `Fields`, blank rows included. */
export const CONTENT_FAULT = 'Invalid Manifest Content';

/** Raw spaces and raw non-ASCII characters in a key are taken as they are; a broken `%` is a fault. */
export const KEY_FAULT = 'Invalid object key format';

/** A version id with white space or over 1,024 characters. */
export const VERSION_FAULT = 'Invalid version ID format';

/** Rows of several buckets in one manifest are let through, although one page says "a single bucket". */
export const ONE_BUCKET_ONLY = false;

/** A job whose tasks all ran but whose report could not be written: Failed, with its counts. */
export const UNWRITABLE_REPORT = {
  status: 'Failing',
  reason: 'The job report could not be written to your report bucket. Please check your permissions.',
} as const;

/** A result file without rows is not written, so a report of no failures in scope FailedTasksOnly has no `Results`. */
export const WRITES_EMPTY_RESULT_FILES = false;

/** Rows of the report end with this; fixtures exist with both. */
export const REPORT_LINE_END = '\n';

/** One slash at the end of the report's prefix is not doubled. */
export const joinPrefix = (prefix: string | undefined, rest: string): string =>
  prefix ? `${prefix.replace(/\/$/, '')}/${rest}` : rest;

/** S3's messages end with a full stop, the published report rows do not. */
export const reportMessage = (message: string): string => message.replace(/\.$/, '');

/** How LambdaInvoke deals with a function that did not say Succeeded or PermanentFailure. */
export const LAMBDA = {
  /** Attempts in all for a task that answers TemporaryFailure, or nothing. */
  temporaryFailureAttempts: 3,
  /** Attempts in all while Lambda throttles or is out of order. */
  invocationAttempts: 10,
  /** Pause before the second attempt; it doubles with each further one. */
  firstPauseMs: 1000,
  longestPauseMs: 60_000,
  /** A function that threw or timed out fails its task at once. */
  retriesFunctionErrors: false,
  /** `resultString` is cut at this length in the report (seen in an AWS sample). */
  resultStringLimit: 1024,
  /** ErrorCode in the report after the last attempt. */
  lastTemporaryFailureCode: 'TemporaryFailure',
  /** ResultMessage when the last temporary failure had no string. */
  lastTemporaryFailureMessage: 'The task failed temporarily and was not tried again',
} as const;
