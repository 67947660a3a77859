import type { S3CopyObjectOperation, S3MetadataDirective } from '@aws-sdk/client-s3-control';

/**
 * Choices where Amazon's documentation is silent or contradicts itself. None of them is confirmed AWS behaviour:
 * programs should not rely on it. Every choice that is a value can be changed here.
 *
 * Choices in the structure of the code:
 * - The same ClientRequestToken with the same request returns the first JobId for as long as the job is kept, also
 *   after it ended; with another request it is IdempotencyException. A token is unique within its account.
 * - ListJobs lists newest first, jobs of the same millisecond by JobId.
 * - A suspended job can become Ready. Every job whose tasks have not all run can become Cancelled: a suspended job at
 *   once, any other by way of Cancelling. Every other change is JobStatusException.
 * - UpdateJobPriority on a job that has ended is BadRequestException.
 * - A waiting job makes the running job of the lowest priority pause, if its own priority is higher.
 * - A manifest may name objects of several buckets, although one page says "a single bucket".
 * - A generated list names current versions only, with their ids where the bucket has versions.
 * - EligibleForReplication false selects nothing.
 * - A LambdaInvoke event has one task, and no `userArguments` when the job has none; `s3Key` is URL-encoded in both
 *   schemas. Results for unknown tasks are ignored.
 * - A result file without rows is not written: a FailedTasksOnly report without failures has empty `Results`.
 * - A job that is cancelled or paused waits for its tasks in progress, with their further attempts.
 */

/** The error for an unknown job; other emulators answer `NotFoundException` with 400. */
export const UNKNOWN_JOB = { code: 'NoSuchJob', status: 404 } as const;

/** ListJobs without `maxResults`, or with 0. */
export const DEFAULT_PAGE_SIZE = 1000;

/** `SuspendedCause`: the value comes from the documentation of an IAM condition key. */
export const SUSPENDED_CAUSE = 'AWAITING_CONFIRMATION';

/** Whether `SuspendedDate` and `SuspendedCause` stay in DescribeJob after the job was confirmed. */
export const KEEPS_SUSPENSION = true;

/** How many jobs run at a time; the others wait in Ready. One page says six jobs, another six replication jobs. */
export const MAX_RUNNING_JOBS = 6;

/** FailureCodes that no page documents; the reasons with them are ours too unless AWS documents them. */
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

/** The manifest object has another ETag than the job names: the job fails in Preparing with this text. */
export const ETAG_MISMATCH =
  "The manifest object's ETag differs from the ETag in the job's manifest location";

/** A manifest ETag that does not have the form of an ETag fails the job in Preparing; only the text is known. */
export const ETAG_FORMAT_FAULT = 'ETag format is invalid';

/** An empty manifest, a byte order mark, broken quotes or bytes that are not UTF-8. */
export const FORMAT_FAULT = 'Manifest file is not properly formatted';

/** A manifest in CSV that is encrypted with SSE-KMS. AWS says only that it is not supported. */
export const KMS_FAULT = 'A manifest in CSV cannot be encrypted with a KMS key';

/** A row with more or fewer columns than `Fields`, blank rows included. */
export const CONTENT_FAULT = 'Invalid Manifest Content';

/** Raw spaces and raw non-ASCII characters in a key are accepted; an invalid `%` escape is a fault. */
export const KEY_FAULT = 'Invalid object key format';

/** A version id with white space or over 1,024 characters. */
export const VERSION_FAULT = 'Invalid version ID format';

/** `version` in the manifest.json of a generated list, which has the layout of an inventory report. */
export const GENERATED_SCHEMA_VERSION = '2021-11-30';

/** A job whose report could not be written fails with its counts, even when all tasks succeeded. */
export const UNWRITABLE_REPORT = {
  status: 'Failing',
  reason: 'The job report could not be written to your report bucket. Please check your permissions.',
} as const;

/** Line end of the report's rows; published reports use LF or CRLF. */
export const REPORT_LINE_END = '\n';

/** A slash at the end of the report's prefix is not doubled. */
export const joinPrefix = (prefix: string | undefined, rest: string): string =>
  prefix ? `${prefix.replace(/\/$/, '')}/${rest}` : rest;

/**
 * A bucket without Object Lock fails a job of retentions or legal holds in Preparing. The reason has the code and text
 * of GetObjectLockConfiguration's error, because the job's role needs the permission for that call.
 */
export const objectLockReason = (bucket: string, refusal: string): string =>
  `${refusal}: ${bucket}`.slice(0, 256);

/** S3PutObjectCopy puts its prefix before a key as a folder; a slash at its end is not doubled. */
export const joinTargetKey = joinPrefix;

/**
 * The directive of S3PutObjectCopy when the job has none: new metadata replaces all old metadata, even if it holds
 * only an SSEAlgorithm; without new metadata the old metadata is copied.
 */
export const metadataDirective = ({
  MetadataDirective,
  NewObjectMetadata,
}: S3CopyObjectOperation): S3MetadataDirective =>
  MetadataDirective ?? (NewObjectMetadata ? 'REPLACE' : 'COPY');

/** S3's messages end with a full stop; the published report rows do not. */
export const reportMessage = (message: string): string => message.replace(/\.$/, '');

/**
 * HTTP status in the report for a replication failure reason; undefined for other errors. AWS publishes one row, with
 * 500 for SrcObjectNotEligible; the other reasons have 400 here.
 */
export function replicationStatus(reason: string): 400 | 500 | undefined {
  if (reason === 'SrcObjectNotEligible') return 500;
  return /^(Src|Dst)/.test(reason) ? 400 : undefined;
}

/** Defaults of S3ComputeObjectChecksum. */
export const CHECKSUM = {
  defaultAlgorithm: 'CRC64NVME',
  defaultType: 'FULL_OBJECT',
  /** After the base64 of a composite checksum, as S3 writes it; the hexadecimal form has no suffix. */
  compositeSuffix: (partCount: number) => `-${partCount}`,
} as const;

/** How LambdaInvoke treats a function that answers neither Succeeded nor PermanentFailure. */
export const LAMBDA = {
  /** Total attempts for a task that answers TemporaryFailure or nothing. */
  temporaryFailureAttempts: 3,
  /** Total attempts while Lambda throttles or is unavailable. */
  invocationAttempts: 10,
  /** Pause before the second attempt; it doubles with each further attempt. */
  firstPauseMs: 1000,
  longestPauseMs: 60_000,
  /** A function that threw or timed out fails its task at once. */
  retriesFunctionErrors: false,
  /** `resultString` is truncated to this length in the report (source: an AWS sample). */
  resultStringLimit: 1024,
  /** ErrorCode in the report after the last attempt. */
  lastTemporaryFailureCode: 'TemporaryFailure',
  /** ResultMessage when the last temporary failure had no text. */
  lastTemporaryFailureMessage: 'The task failed temporarily in its last attempt',
} as const;
