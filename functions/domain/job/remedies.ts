import type { FailureReason } from '../../core/generated/notice.mjs';
import type { Job } from './job.ts';

type Remedies = readonly (readonly [pattern: RegExp, remedy: string])[];

/** Before those of every job, for S3ReplicateObject. */
const replicationRemedies: Remedies = [
  [
    /no keys matching/i,
    'Check that the source bucket has an enabled replication rule whose filter includes the objects. Then check the `Filter`.',
  ],
];

/** Failure reasons of S3, each with its remedy. The first row that matches is used. */
const jobRemedies: Remedies = [
  [
    /no keys matching the filter/i,
    'Widen the `Filter` of the manifest generator, or check the objects in the source bucket.',
  ],
  [
    /Failed to write manifest/i,
    'Allow the job role to write to the manifest bucket: `s3:PutObject`, and `s3:PutObjectAcl` if it uses ACLs.',
  ],
  [
    /ManifestGenerationFailed|source bucket could not be listed/i,
    'Allow the job role to list the source bucket: `s3:PutInventoryConfiguration` and `s3:ListBucket`.',
  ],
  [
    /Reading the manifest is forbidden/i,
    'Allow the job role to read the manifest: `s3:GetObject` and `s3:GetObjectVersion`.',
  ],
  [/ETag format is invalid/i, 'Omit `Manifest.Location.ETag`: the service reads it.'],
  [
    /^(?!.*Unable to get).*etag/i,
    'The manifest object changed after the job was created. Submit the request again without `ETag`: the service reads it.',
  ],
  [
    /KMS key|SSE-C/i,
    'Store a CSV manifest with SSE-S3. For an inventory report with a KMS key, allow the job role to use the key: `kms:Decrypt` and `kms:GenerateDataKey`.',
  ],
  [
    /Required fields are missing/i,
    'Name the columns `Bucket` and `Key` in `Manifest.Spec.Fields`, in the order of the file.',
  ],
  [/Invalid object key format/i, 'URL-encode the keys: a space as `%20`, `+` as `%2B`, `%` as `%25`.'],
  [/Invalid version ID format/i, 'Use version ids as S3 lists them, or `null` for the null version.'],
  [
    /Invalid ?Manifest ?Content|not properly formatted/i,
    'Use UTF-8 without a byte order mark, URL-encoded keys, and the same columns in every row. Remove the header row and blank lines.',
  ],
  [
    /ManifestReadFailed|Reading the manifest was not possible|Unable to get the manifest/i,
    'Check bucket, key and version of the manifest. Do not change or delete it before the job has ended.',
  ],
  [
    /TooManyTasks|more keys than the maximum/i,
    'Split the manifest: a job can have 4 billion objects, for some operations 20 billion.',
  ],
  [
    /ReportWriteFailed|report could not be written/i,
    'Allow the job role to write to the report bucket (`s3:PutObject`). The bucket must have no default Object Lock retention.',
  ],
  [
    /owner/i,
    'The owner of the bucket is not the account in `ExpectedBucketOwner`. Correct the bucket or the account.',
  ],
  [
    /assume/i,
    'Allow `batchoperations.s3.amazonaws.com` to assume the job role, in the trust policy of the role.',
  ],
  [
    /object ?lock/i,
    'Turn on versioning and Object Lock for the bucket, and allow the job role `s3:GetBucketObjectLockConfiguration`.',
  ],
  [
    /threshold|failure rate|more than half/i,
    'More than half of at least 1,000 tasks failed. Find the cause in the completion report, fix it, and submit the request again.',
  ],
  [
    /confirm|suspended/i,
    'The job was not confirmed within 30 days. Submit the request again, and confirm the job in time.',
  ],
  [/InternalError|internal error/i, 'S3 had an internal error. Submit the request again.'],
  [
    /AccessDenied|Access Denied|not authorized|forbidden/i,
    'Allow the job role to perform the actions of the operation on the bucket and its objects.',
  ],
];

/** Reasons of S3 to refuse CreateJob, each with its remedy. */
const refusalRemedies: Remedies = [
  [/Cross-account pass role/i, 'Name a role in the account of this deployment.'],
  [/bucket policy/i, 'Change the bucket policy so that it allows the operation.'],
  [
    /^AccessDenied|not authorized/i,
    'Allow the function create-job to create jobs and pass the role: `iam:PassRole`, `s3:CreateJob`, `s3:PutJobTagging`.',
  ],
  [
    /^IdempotencyException/,
    'The client token belongs to another job. Send the request with a new `Idempotency-Key`.',
  ],
  [/Missing role arn/i, 'Name a role in `RoleArn`.'],
  [
    /Invalid job manifest/i,
    'Check `Manifest`: the ARN of one object, its `ETag` and its `Format`; `Fields` only for CSV.',
  ],
  [/^TooManyTags/, 'Remove tags: a job has at most 50, and this service adds one.'],
  [/^NotImplemented/, 'S3 does not offer this operation here. Use another operation or Region.'],
  [
    /Request invalid/i,
    'Check the members that only S3 validates, for example `UserArguments`: it must not be empty and needs schema 2.0.',
  ],
];

const UNKNOWN = 'Search the S3 Batch Operations troubleshooting guide for this reason.';

const remedyOf = (remedies: Remedies, words: string): string =>
  remedies.find(([pattern]) => pattern.test(words))?.[1] ?? UNKNOWN;

/** The job's failure reasons, each with its remedy. */
export const failureReasonsOf = ({ FailureReasons = [], Operation }: Job): FailureReason[] =>
  FailureReasons.map(({ FailureCode = 'Unknown', FailureReason: reason = '' }) => ({
    code: FailureCode,
    reason,
    remedy: remedyOf(
      Object.hasOwn(Operation ?? {}, 'S3ReplicateObject')
        ? [...replicationRemedies, ...jobRemedies]
        : jobRemedies,
      `${FailureCode} ${reason}`,
    ),
  }));

/** The failure reason of a refused request, from `CODE: message`. */
export function refusalOf(message: string): FailureReason {
  const [, code = 'RequestRefused', reason = message] = /^([A-Za-z]+): (.*)$/s.exec(message) ?? [];
  return { code, reason, remedy: remedyOf([...refusalRemedies, ...jobRemedies], `${code}: ${reason}`) };
}
