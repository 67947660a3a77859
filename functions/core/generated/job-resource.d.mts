/**
 * The present state of a job request.
 */
export interface JobResource {
  jobRequestId: string;
  /**
   * Requested: no job yet. Watched: the job is watched. Ended: the outcome is known. NotWatched: the watch stopped early; the job can still be running.
   */
  state: "Requested" | "Watched" | "Ended" | "NotWatched";
  outcome:
    ("Succeeded" | "CompletedWithFailures" | "Failed" | "Cancelled" | "NotCreated" | "Lost" | "WatchEnded") | null;
  /**
   * The operation of the job, as S3 Batch Operations names it.
   */
  operation: string;
  /**
   * The description in the request.
   */
  description: string | null;
  /**
   * S3's status of the job; null before the job exists.
   */
  status: string | null;
  jobId: string | null;
  /**
   * RFC 3339.
   */
  submittedAt: string;
  /**
   * RFC 3339.
   */
  endedAt: string | null;
  progress: Progress | null;
  failureReasons: FailureReason[];
  report: ReportLocation | null;
  /**
   * The digest of the failed rows of the report; null until the watch has read the report.
   */
  digest: Digest | null;
  /**
   * For a retry: the job request whose failed tasks it runs again.
   */
  parent: Parent | null;
  /**
   * The retries of this job request, newest first. Only in GET /jobs/{id}, and only if tasks failed.
   *
   * @maxItems 20
   */
  retries?: Retry[];
  request: CreateJobInput;
  job: Job | null;
  /**
   * The warnings that the checks found at submission.
   */
  warnings: Finding[];
  links: Links;
}
export interface Progress {
  total: number;
  succeeded: number;
  failed: number;
  percent: number;
  /**
   * Seconds until the end at the mean rate so far; null if unknown.
   */
  etaSeconds: number | null;
}
export interface FailureReason {
  code: string;
  /**
   * S3's text.
   */
  reason: string;
  remedy: string;
}
/**
 * The location of the completion report, also before the report exists.
 */
export interface ReportLocation {
  bucket: string;
  /**
   * The key of the report's manifest.json.
   */
  manifestKey: string;
}
/**
 * A summary of the failed rows.
 */
export interface Digest {
  /**
   * Failed rows that were read.
   */
  failed: number;
  /**
   * Whether only the first part of the failed rows was read; the numbers describe that part.
   */
  isSample: boolean;
  /**
   * Most frequent first.
   *
   * @maxItems 20
   */
  byCode: {
    errorCode: string;
    httpStatus: number;
    count: number;
    /**
     * Whether the failure is temporary, so that the same task can succeed later.
     */
    isRetryable: boolean;
  }[];
  /**
   * By the first folders of the keys, most frequent first.
   *
   * @maxItems 20
   */
  byPrefix: {
    prefix: string;
    count: number;
  }[];
  /**
   * The first row of each code.
   *
   * @maxItems 10
   */
  samples: FailedTask[];
  /**
   * The share of the failed rows whose tasks can succeed when they run again, from 0 to 1.
   */
  retryableShare: number;
}
export interface FailedTask {
  bucket: string;
  /**
   * Decoded.
   */
  key: string;
  versionId: string | null;
  errorCode: string;
  httpStatus: number;
  message: string;
}
export interface Parent {
  jobRequestId: string;
  /**
   * The error codes that the retry runs again, * for all; null for the retryable ones.
   */
  codes: string[] | null;
}
export interface Retry {
  jobRequestId: string;
  /**
   * The error codes that the retry runs again, * for all; null for the retryable ones.
   */
  codes: string[] | null;
  outcome:
    ("Succeeded" | "CompletedWithFailures" | "Failed" | "Cancelled" | "NotCreated" | "Lost" | "WatchEnded") | null;
  isUnderWay: boolean;
}
/**
 * The input of S3 Control CreateJob, with all defaults.
 */
export interface CreateJobInput {
  AccountId: string;
  ClientRequestToken: string;
  ConfirmationRequired: boolean;
  Operation: Operation;
  Report: Report;
  Priority: number;
  RoleArn: string;
  /**
   * The description in the request, followed by the job request id.
   */
  Description: string;
  Tags: S3Tag[];
  Manifest?: Manifest;
  ManifestGenerator?: ManifestGenerator;
}
/**
 * Exactly one operation, run once for each object.
 */
export interface Operation {
  LambdaInvoke?: LambdaInvoke;
  S3PutObjectCopy?: S3PutObjectCopy;
  S3PutObjectAcl?: S3PutObjectAcl;
  S3PutObjectTagging?: {
    /**
     * Replaces all tags of each object.
     *
     * @maxItems 10
     */
    TagSet?: S3Tag[];
  };
  S3DeleteObjectTagging?: Empty;
  S3InitiateRestoreObject?: {
    ExpirationInDays?: number;
    GlacierJobTier?: "BULK" | "STANDARD";
  };
  S3PutObjectLegalHold?: {
    LegalHold: {
      Status: "OFF" | "ON";
    };
  };
  S3PutObjectRetention?: {
    BypassGovernanceRetention?: boolean;
    Retention: {
      /**
       * RFC 3339. Without a zone it is UTC; a date without a time is midnight.
       */
      RetainUntilDate?: string;
      Mode?: "COMPLIANCE" | "GOVERNANCE";
    };
  };
  S3ReplicateObject?: Empty;
  S3ComputeObjectChecksum?: {
    ChecksumAlgorithm?:
      "CRC32" | "CRC32C" | "CRC64NVME" | "MD5" | "SHA1" | "SHA256" | "SHA512" | "XXHASH64" | "XXHASH3" | "XXHASH128";
    ChecksumType?: "FULL_OBJECT" | "COMPOSITE";
  };
  S3UpdateObjectEncryption?: {
    ObjectEncryption?: {
      SSEKMS?: {
        KMSKeyArn: string;
        BucketKeyEnabled?: boolean;
      };
    };
  };
}
export interface LambdaInvoke {
  /**
   * Default: the worker of this deployment.
   */
  FunctionArn?: string;
  InvocationSchemaVersion?: "1.0" | "2.0";
  UserArguments?: {
    [k: string]: string;
  };
}
export interface S3PutObjectCopy {
  TargetResource: string;
  CannedAccessControlList?:
    | "private"
    | "public-read"
    | "public-read-write"
    | "aws-exec-read"
    | "authenticated-read"
    | "bucket-owner-read"
    | "bucket-owner-full-control";
  AccessControlGrants?: S3Grant[];
  MetadataDirective?: "COPY" | "REPLACE";
  /**
   * RFC 3339. Without a zone it is UTC; a date without a time is midnight.
   */
  ModifiedSinceConstraint?: string;
  /**
   * RFC 3339. Without a zone it is UTC; a date without a time is midnight.
   */
  UnModifiedSinceConstraint?: string;
  NewObjectMetadata?: {
    CacheControl?: string;
    ContentDisposition?: string;
    ContentEncoding?: string;
    ContentLanguage?: string;
    UserMetadata?: {
      [k: string]: string;
    };
    ContentLength?: number;
    ContentMD5?: string;
    ContentType?: string;
    /**
     * RFC 3339. Without a zone it is UTC; a date without a time is midnight.
     */
    HttpExpiresDate?: string;
    RequesterCharged?: boolean;
    SSEAlgorithm?: "AES256" | "KMS";
  };
  /**
   * @maxItems 10
   */
  NewObjectTagging?: S3Tag[];
  RedirectLocation?: string;
  RequesterPays?: boolean;
  StorageClass?:
    "STANDARD" | "STANDARD_IA" | "ONEZONE_IA" | "GLACIER" | "INTELLIGENT_TIERING" | "DEEP_ARCHIVE" | "GLACIER_IR";
  SSEAwsKmsKeyId?: string;
  TargetKeyPrefix?: string;
  ObjectLockLegalHoldStatus?: "OFF" | "ON";
  ObjectLockMode?: "COMPLIANCE" | "GOVERNANCE";
  /**
   * RFC 3339. Without a zone it is UTC; a date without a time is midnight.
   */
  ObjectLockRetainUntilDate?: string;
  BucketKeyEnabled?: boolean;
  ChecksumAlgorithm?:
    "CRC32" | "CRC32C" | "CRC64NVME" | "MD5" | "SHA1" | "SHA256" | "SHA512" | "XXHASH64" | "XXHASH3" | "XXHASH128";
}
export interface S3Grant {
  Grantee?: {
    TypeIdentifier?: "id" | "emailAddress" | "uri";
    Identifier?: string;
    DisplayName?: string;
  };
  Permission?: "FULL_CONTROL" | "READ" | "WRITE" | "READ_ACP" | "WRITE_ACP";
}
export interface S3Tag {
  Key: string;
  Value: string;
}
export interface S3PutObjectAcl {
  AccessControlPolicy?: {
    AccessControlList?: {
      Owner: {
        ID?: string;
        DisplayName?: string;
      };
      Grants?: S3Grant[];
    };
    CannedAccessControlList?:
      | "private"
      | "public-read"
      | "public-read-write"
      | "aws-exec-read"
      | "authenticated-read"
      | "bucket-owner-read"
      | "bucket-owner-full-control";
  };
}
export interface Empty {}
/**
 * Completion report. Default: enabled, in the deployment's bucket, prefix reports, AllTasks.
 */
export interface Report {
  Enabled?: boolean;
  Bucket?: string;
  Format?: "Report_CSV_20180820";
  Prefix?: string;
  ReportScope?: "AllTasks" | "FailedTasksOnly";
  ExpectedBucketOwner?: string;
}
export interface Manifest {
  /**
   * Default: CSV of Bucket,Key.
   */
  Spec?: {
    Format?: "S3BatchOperations_CSV_20180820" | "S3InventoryReport_CSV_20161130";
    /**
     * @minItems 1
     */
    Fields?: ("Ignore" | "Bucket" | "Key" | "VersionId")[];
  };
  Location: {
    /**
     * arn:aws:s3:::bucket/key
     */
    ObjectArn: string;
    ObjectVersionId?: string;
    /**
     * Default: the object's current ETag.
     */
    ETag?: string;
  };
}
export interface ManifestGenerator {
  S3JobManifestGenerator: S3JobManifestGenerator;
}
export interface S3JobManifestGenerator {
  ExpectedBucketOwner?: string;
  SourceBucket: string;
  EnableManifestOutput: boolean;
  ManifestOutputLocation?: {
    ExpectedManifestBucketOwner?: string;
    Bucket: string;
    ManifestPrefix?: string;
    ManifestFormat: "S3InventoryReport_CSV_20211130";
    ManifestEncryption?: {
      SSES3?: Empty;
      SSEKMS?: {
        KeyId: string;
      };
    };
  };
  Filter?: {
    EligibleForReplication?: boolean;
    /**
     * RFC 3339. Without a zone it is UTC; a date without a time is midnight.
     */
    CreatedAfter?: string;
    /**
     * RFC 3339. Without a zone it is UTC; a date without a time is midnight.
     */
    CreatedBefore?: string;
    ObjectReplicationStatuses?: ("COMPLETED" | "FAILED" | "REPLICA" | "NONE")[];
    KeyNameConstraint?: {
      /**
       * @minItems 1
       * @maxItems 1
       */
      MatchAnyPrefix?: string[];
      /**
       * @minItems 1
       * @maxItems 1
       */
      MatchAnySuffix?: string[];
      /**
       * @minItems 1
       * @maxItems 1
       */
      MatchAnySubstring?: string[];
    };
    ObjectSizeGreaterThanBytes?: number;
    ObjectSizeLessThanBytes?: number;
    MatchAnyStorageClass?: (
      "STANDARD" | "STANDARD_IA" | "ONEZONE_IA" | "GLACIER" | "INTELLIGENT_TIERING" | "DEEP_ARCHIVE" | "GLACIER_IR"
    )[];
    /**
     * @minItems 1
     * @maxItems 1
     */
    MatchAnyObjectEncryption?: ObjectEncryptionFilter[];
  };
}
export interface ObjectEncryptionFilter {
  SSES3?: Empty;
  SSEKMS?: {
    KmsKeyArn?: string;
    BucketKeyEnabled?: boolean;
  };
  DSSEKMS?: {
    KmsKeyArn?: string;
  };
  SSEC?: Empty;
  NOTSSE?: Empty;
}
/**
 * The Job that DescribeJob returns, as JSON with all members of S3. This schema lists only some of them.
 */
export interface Job {
  JobId: string;
  Status: string;
  /**
   * The description in the request.
   */
  Description?: string;
  Priority?: number;
  /**
   * RFC 3339.
   */
  CreationTime?: string;
  /**
   * RFC 3339.
   */
  TerminationDate?: string;
  StatusUpdateReason?: string;
  ProgressSummary?: ProgressSummary;
  FailureReasons?: {
    FailureCode?: string;
    FailureReason?: string;
  }[];
  Report?: {
    Enabled?: boolean;
    Bucket?: string;
    Prefix?: string;
    ReportScope?: string;
    [k: string]: unknown;
  };
  [k: string]: unknown;
}
export interface ProgressSummary {
  TotalNumberOfTasks?: number;
  NumberOfTasksSucceeded?: number;
  NumberOfTasksFailed?: number;
  Timers?: {
    ElapsedTimeInActiveSeconds?: number;
    [k: string]: unknown;
  };
  [k: string]: unknown;
}
export interface Finding {
  /**
   * The code of the finding; docs/dry-run.md lists all of them.
   */
  code: string;
  /**
   * error: S3 would fail the job, or this deployment does not allow it, so the request is refused.
   */
  severity: "error" | "warning";
  detail: string;
  remedy: string;
  /**
   * JSON pointer into the request body.
   */
  pointer?: string;
  /**
   * The number of rows or objects with this finding.
   */
  count?: number;
  /**
   * The first lines of the manifest with this finding, counted from 1.
   */
  lines?: number[];
  /**
   * The data file of the inventory to which the lines belong.
   */
  file?: string;
}
/**
 * Paths of this API. A call is listed only while it is possible.
 */
export interface Links {
  self: string;
  /**
   * POST confirms the job.
   */
  confirm?: string;
  /**
   * POST cancels the job.
   */
  cancel?: string;
  /**
   * GET returns the digest of the report.
   */
  report?: string;
  /**
   * GET returns the failed tasks.
   */
  failures?: string;
  /**
   * POST retries the failed tasks.
   */
  retryFailed?: string;
  /**
   * The job request whose failed tasks this one runs again.
   */
  parent?: string;
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is JobResource; errors?: SchemaError[] | null };
export default validate;
