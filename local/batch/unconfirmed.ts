import type { S3CopyObjectOperation, S3MetadataDirective } from '@aws-sdk/client-s3-control';

/**
 * Choices where Amazon's documentation is silent or contradicts itself. Nothing here is known AWS behaviour:
 * programs should not rely on it. Those that are a value can be flipped in this one place.
 *
 * Choices that lie in the shape of the code:
 * - The same ClientRequestToken with the same request answers the first JobId for as long as the job is kept, also
 *   after it ended; with another request IdempotencyException. The scope of a token is the account.
 * - ListJobs lists newest first, jobs of the same millisecond by JobId.
 * - Ready is only answered to a suspended job, Cancelled to every job that has not begun to end; a job that was not
 *   yet running goes over Cancelling too, a suspended one is Cancelled at once. Anything else is JobStatusException.
 * - UpdateJobPriority on a job that has ended is BadRequestException.
 * - A job beyond those that run makes the running job of the lowest priority pause, if its own is higher.
 * - A manifest may name objects of several buckets, although one page says "a single bucket".
 * - A generated list names current versions only, with their ids where the bucket has versions.
 * - EligibleForReplication false selects nothing.
 * - A LambdaInvoke event has one task, and no `userArguments` when the job has none; `s3Key` is URL-encoded in both
 *   schemas. Results for tasks that were not given are ignored.
 * - A result file without rows is not written: a FailedTasksOnly report without failures has empty `Results`.
 * - Tasks that are under way when a job is cancelled or paused are waited for, with their further attempts.
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

/** A manifest in CSV that is encrypted with SSE-KMS; known is only that it is not supported. */
export const KMS_FAULT = 'A manifest in CSV cannot be encrypted with a KMS key';

/** A row with more or fewer columns than `Fields`, blank rows included. */
export const CONTENT_FAULT = 'Invalid Manifest Content';

/** Raw spaces and raw non-ASCII characters in a key are taken as they are; a broken `%` is a fault. */
export const KEY_FAULT = 'Invalid object key format';

/** A version id with white space or over 1,024 characters. */
export const VERSION_FAULT = 'Invalid version ID format';

/** `version` in the manifest.json of a generated list; the layout is that of an inventory report. */
export const GENERATED_SCHEMA_VERSION = '2021-11-30';

/** A job whose tasks all ran but whose report could not be written: Failed, with its counts. */
export const UNWRITABLE_REPORT = {
  status: 'Failing',
  reason: 'The job report could not be written to your report bucket. Please check your permissions.',
} as const;

/** Rows of the report end with this; fixtures exist with both. */
export const REPORT_LINE_END = '\n';

/** One slash at the end of the report's prefix is not doubled. */
export const joinPrefix = (prefix: string | undefined, rest: string): string =>
  prefix ? `${prefix.replace(/\/$/, '')}/${rest}` : rest;

/**
 * A bucket without Object Lock fails a job of retentions or legal holds in Preparing. Code and text of the reason are
 * those with which S3 refuses GetObjectLockConfiguration, which is the call that the job's role must be allowed.
 */
export const objectLockReason = (bucket: string, refusal: string): string =>
  `${refusal}: ${bucket}`.slice(0, 256);

/** How S3PutObjectCopy puts its prefix before a key: as a folder, and a slash at its end is not doubled. */
export const joinTargetKey = joinPrefix;

/**
 * Whether S3PutObjectCopy replaces the metadata when MetadataDirective does not say so: new metadata replaces all
 * of the old, even where it holds nothing but an SSEAlgorithm, and with none the old is copied.
 */
export const metadataDirective = ({
  MetadataDirective,
  NewObjectMetadata,
}: S3CopyObjectOperation): S3MetadataDirective =>
  MetadataDirective ?? (NewObjectMetadata ? 'REPLACE' : 'COPY');

/** S3's messages end with a full stop, the published report rows do not. */
export const reportMessage = (message: string): string => message.replace(/\.$/, '');

/**
 * HTTP status in the report for a replication failure reason; undefined for other errors. One row is known, with
 * 500 for SrcObjectNotEligible; the other reasons are told as faults of the request.
 */
export function replicationStatus(reason: string): 400 | 500 | undefined {
  if (reason === 'SrcObjectNotEligible') return 500;
  return /^(Src|Dst)/.test(reason) ? 400 : undefined;
}

/** What S3ComputeObjectChecksum does where its job does not say. */
export const CHECKSUM = {
  defaultAlgorithm: 'CRC64NVME',
  defaultType: 'FULL_OBJECT',
  /** After the base64 of a composite checksum, as in S3's own; the hex goes without. */
  compositeSuffix: (partCount: number) => `-${partCount}`,
} as const;

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
