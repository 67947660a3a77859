/**
 * An RFC 3339 time. Without a zone it is UTC; a date without a time is midnight.
 */
export type Timestamp = string;
/**
 * An account id of 12 digits.
 */
export type AccountId = string;
/**
 * The ARN of a bucket.
 */
export type BucketArn = string;
/**
 * Body of POST /jobs: the input of S3 Control CreateJob with its member names, and in addition Objects, RowsOf, MaxObjects, StartAt, Limits, Retry and Watch. Members that the service can look up are optional. Limits are those of the S3 Control API.
 */
export interface JobRequest {
  /**
   * An account id of 12 digits. The account of this deployment; optional.
   */
  AccountId?: string;
  Operation: Operation;
  Manifest?: Manifest;
  ManifestGenerator?: ManifestGenerator;
  /**
   * The objects, instead of a manifest. All are in one bucket; all or none have a VersionId.
   *
   * @minItems 1
   * @maxItems 10000
   */
  Objects?: ObjectReference[];
  RowsOf?: RowsOf;
  /**
   * Run only so many objects, the first ones of the manifest, as a canary. POST /jobs/{id}/run-rest then runs those that follow. Not for an inventory or a manifest generator.
   */
  MaxObjects?: number;
  Report?: Report;
  /**
   * Jobs with a higher priority run first. Default: 10, or maxPriority of the deployment if that is lower.
   */
  Priority?: number;
  /**
   * ARN or name of a role that this deployment lists for S3 Batch Operations. Default: the deployment's own.
   */
  RoleArn?: string;
  /**
   * Whether the job waits for POST /jobs/{id}/confirm before it runs. Default false.
   */
  ConfirmationRequired?: boolean;
  /**
   * A text of printable ASCII characters. The idempotency key, if there is no Idempotency-Key header.
   */
  ClientRequestToken?: string;
  /**
   * At most 200 characters, because the service appends the job request id.
   */
  Description?: string;
  /**
   * Job tags. S3 allows 50, and the service adds one.
   *
   * @maxItems 49
   */
  Tags?: JobTag[];
  /**
   * An RFC 3339 time. Without a zone it is UTC; a date without a time is midnight.
   */
  StartAt?: string;
  Limits?: Limits;
  Retry?: Retry;
  Watch?: Watch;
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
      RetainUntilDate?: Timestamp;
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
        /**
         * The ARN of a KMS key.
         */
        KMSKeyArn: string;
        BucketKeyEnabled?: boolean;
      };
    };
  };
}
export interface LambdaInvoke {
  /**
   * The name or the ARN of a Lambda function. Default: the worker of this deployment.
   */
  FunctionArn?: string;
  InvocationSchemaVersion?: "1.0" | "2.0";
  UserArguments?: {
    /**
     * S3 stores text. Any other value is sent to S3 as its JSON text, at most 1,024 characters.
     */
    [k: string]: string | number | boolean | unknown[] | {};
  };
}
export interface S3PutObjectCopy {
  /**
   * The ARN of a bucket.
   */
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
  ModifiedSinceConstraint?: Timestamp;
  UnModifiedSinceConstraint?: Timestamp;
  NewObjectMetadata?: {
    /**
     * A header value without control characters, and without spaces at either end.
     */
    CacheControl?: string;
    /**
     * A header value without control characters, and without spaces at either end.
     */
    ContentDisposition?: string;
    /**
     * A header value without control characters, and without spaces at either end.
     */
    ContentEncoding?: string;
    /**
     * A header value without control characters, and without spaces at either end.
     */
    ContentLanguage?: string;
    /**
     * Names without x-amz-meta-, as HTTP allows them in headers: letters, digits and !#$%&'*+-.^_`|~. Values have no control characters, and no white space at either end.
     */
    UserMetadata?: {
      /**
       * A header value without control characters, and without spaces at either end.
       */
      [k: string]: string;
    };
    ContentLength?: number;
    /**
     * A header value without control characters, and without spaces at either end.
     */
    ContentMD5?: string;
    /**
     * A header value without control characters, and without spaces at either end.
     */
    ContentType?: string;
    HttpExpiresDate?: Timestamp;
    RequesterCharged?: boolean;
    SSEAlgorithm?: "AES256" | "KMS";
  };
  /**
   * @maxItems 10
   */
  NewObjectTagging?: S3Tag[];
  /**
   * A header value without control characters, and without spaces at either end.
   */
  RedirectLocation?: string;
  RequesterPays?: boolean;
  StorageClass?:
    "STANDARD" | "STANDARD_IA" | "ONEZONE_IA" | "GLACIER" | "INTELLIGENT_TIERING" | "DEEP_ARCHIVE" | "GLACIER_IR";
  /**
   * A header value without control characters, and without spaces at either end.
   */
  SSEAwsKmsKeyId?: string;
  TargetKeyPrefix?: string;
  ObjectLockLegalHoldStatus?: "OFF" | "ON";
  ObjectLockMode?: "COMPLIANCE" | "GOVERNANCE";
  ObjectLockRetainUntilDate?: Timestamp;
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
  /**
   * A key of letters, digits, spaces and _.:/=+-@.
   */
  Key: string;
  /**
   * A value of letters, digits, spaces and _.:/=+-@.
   */
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
     * The ARN of an object.
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
  ExpectedBucketOwner?: AccountId;
  SourceBucket: BucketArn;
  EnableManifestOutput: boolean;
  ManifestOutputLocation?: {
    ExpectedManifestBucketOwner?: AccountId;
    Bucket: BucketArn;
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
    CreatedAfter?: Timestamp;
    CreatedBefore?: Timestamp;
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
export interface ObjectReference {
  /**
   * The plain name of a bucket.
   */
  Bucket: string;
  /**
   * The key, not URL-encoded.
   */
  Key: string;
  /**
   * A version id as S3 lists it. null for the null version.
   */
  VersionId?: string;
}
/**
 * Objects of an earlier job request of the same tenant, whose job has ended. The service makes the manifest from the job's report and manifest, with the versions.
 */
export interface RowsOf {
  /**
   * The jobRequestId of a job request.
   */
  JobRequestId: string;
  /**
   * The tasks that succeeded, that failed, or that never ran. Succeeded and NotRun need a job with the ReportScope AllTasks.
   */
  Rows: "Succeeded" | "Failed" | "NotRun";
  /**
   * Only with Failed: error codes as in the report; ["*"] for all. Default: the retryable ones, for example throttling, internal errors of S3, TemporaryFailure.
   *
   * @minItems 1
   * @maxItems 20
   */
  Codes?: string[];
  /**
   * Only with Succeeded: results as in the report, in which * stands for any characters. Default: all.
   *
   * @minItems 1
   * @maxItems 20
   */
  Results?: string[];
}
/**
 * Completion report. Default: enabled, in the deployment's bucket, prefix reports, AllTasks.
 */
export interface Report {
  Enabled?: boolean;
  Bucket?: BucketArn;
  Format?: "Report_CSV_20180820";
  Prefix?: string;
  ReportScope?: "AllTasks" | "FailedTasksOnly";
  ExpectedBucketOwner?: AccountId;
}
export interface JobTag {
  /**
   * A key of letters, digits, spaces and _.:/=+-@, without the prefix bucket-brigade:.
   */
  Key: string;
  /**
   * A value of letters, digits, spaces and _.:/=+-@.
   */
  Value: string;
}
/**
 * When this service cancels the job. S3 does not receive it.
 */
export interface Limits {
  /**
   * The job is cancelled when more than this share of the tasks that ran have failed.
   */
  MaxFailedPercent: number;
  /**
   * The limit applies once so many tasks have run. Default 100.
   */
  AfterTasks?: number;
}
/**
 * How this service retries failed tasks by itself. Times multiplied by AfterSeconds is at most 30 days. S3 does not receive it.
 */
export interface Retry {
  /**
   * The most retries, one after the other.
   */
  Times: number;
  /**
   * The time from the end of a job to the start of its retry.
   */
  AfterSeconds: number;
  /**
   * Error codes of the failed tasks to retry; ["*"] for all. Default: the retryable ones.
   *
   * @minItems 1
   * @maxItems 20
   */
  Codes?: string[];
  /**
   * Also run the tasks again that succeeded with these results, in which * stands for any characters. Needs the ReportScope AllTasks.
   *
   * @minItems 1
   * @maxItems 20
   */
  Results?: string[];
}
/**
 * How this service watches the job. S3 does not receive it.
 */
export interface Watch {
  /**
   * The watch ends this long after the request or, if it has one, after StartAt (at most 360 days). The S3 job continues.
   */
  DeadlineSeconds?: number;
  /**
   * Kinds of notices to publish. needs-confirmation and final are always published. Default: those and status-unreadable.
   */
  Notices?: ("created" | "needs-confirmation" | "running-again" | "status-unreadable" | "final")[];
  /**
   * Keys of job tags that become message attributes of each notice.
   *
   * @maxItems 5
   */
  TagAttributes?: string[];
}
import type { SchemaError } from '../schema-advice.ts';
declare const validate: { (data: unknown): data is JobRequest; errors?: SchemaError[] | null };
export default validate;
