import type { FailureReason } from '../../core/generated/notice.mjs';
import type { Job } from './job.ts';

type Remedies = readonly (readonly [pattern: RegExp, remedy: string])[];

/** S3's words for why a job failed, and what mends it. The first row that matches counts. */
const jobRemedies: Remedies = [
  [
    /no keys matching the filter/i,
    'Loosen the Filter of the manifest generator, or check that the source bucket holds what you expect.',
  ],
  [
    /Failed to write manifest/i,
    'Let the job role write to the manifest bucket: s3:PutObject, and s3:PutObjectAcl with ACLs.',
  ],
  [
    /ManifestGenerationFailed|source bucket could not be listed/i,
    'Let the job role list the source bucket: s3:PutInventoryConfiguration and s3:ListBucket.',
  ],
  [
    /Reading the manifest is forbidden/i,
    'Let the job role read the manifest: s3:GetObject and s3:GetObjectVersion on it.',
  ],
  [/ETag format is invalid/i, 'Leave Manifest.Location.ETag out: it is looked up.'],
  [
    /^(?!.*Unable to get).*etag/i,
    'The manifest object changed after the job was made. Submit again without an ETag: it is looked up.',
  ],
  [
    /KMS key|SSE-C/i,
    'Encrypt a CSV manifest with SSE-S3. The key of an inventory report has to let the job role in: kms:Decrypt and kms:GenerateDataKey.',
  ],
  [
    /Required fields are missing/i,
    'Name the columns Bucket and Key in Manifest.Spec.Fields, in the order of the file.',
  ],
  [/Invalid object key format/i, 'URL-encode the keys: space as %20, + as %2B, % as %25.'],
  [/Invalid version ID format/i, 'Use the version ids as S3 lists them, or null for the null version.'],
  [
    /Invalid ?Manifest ?Content|not properly formatted/i,
    'Give every row the same columns, no header, no blank line, no BOM; UTF-8 with URL-encoded keys.',
  ],
  [
    /ManifestReadFailed|Reading the manifest was not possible|Unable to get the manifest/i,
    'Check bucket, key and version of the manifest: it has to stay as it is until the job has ended.',
  ],
  [
    /TooManyTasks|more keys than the maximum/i,
    'Split the manifest: S3 takes 4 billion objects in a job, 20 billion for some operations.',
  ],
  [
    /ReportWriteFailed|report could not be written/i,
    'Let the job role write to the report bucket (s3:PutObject); it must have no default Object Lock retention.',
  ],
  [
    /owner/i,
    'The bucket belongs to another account than the ExpectedBucketOwner says. Correct the one that is wrong.',
  ],
  [/assume/i, 'Let batchoperations.s3.amazonaws.com assume the job role (its trust policy).'],
  [
    /object ?lock/i,
    'Switch versioning and Object Lock on in the bucket, and let the role read s3:GetBucketObjectLockConfiguration.',
  ],
  [
    /threshold|failure rate|more than half/i,
    'More than half of the first 1,000 or more tasks failed. See the completion report, mend the cause, run again.',
  ],
  [/confirm|suspended/i, 'Nobody confirmed the job for 30 days. Submit it again, and confirm it in time.'],
  [/InternalError|internal error/i, 'S3 broke down on its own side. Submit the request again.'],
  [
    /AccessDenied|Access Denied|not authorized|forbidden/i,
    'Let the job role do what the operation needs, on the bucket and on its objects.',
  ],
];

/** The codes and words with which S3 refuses to create a job. */
const refusalRemedies: Remedies = [
  [/Cross-account pass role/i, 'Name a role of the account of this deployment.'],
  [
    /bucket policy/i,
    'Change the policy of the bucket that the request names, so that it allows the operation.',
  ],
  [
    /^AccessDenied|not authorized/i,
    'Let create-job pass the role and create jobs (iam:PassRole, s3:CreateJob, s3:PutJobTagging).',
  ],
  [
    /^IdempotencyException/,
    'This client token has made another job. Send the request with a new Idempotency-Key.',
  ],
  [/Missing role arn/i, 'Name a role in RoleArn.'],
  [
    /Invalid job manifest/i,
    'Check the Manifest: the ARN of one object, its ETag, its format, and Fields for CSV only.',
  ],
  [/^TooManyTags/, 'Take tags away: a job has at most 50, and one of them is ours.'],
  [/^NotImplemented/, 'S3 does not offer this here. Take another operation or Region.'],
  [
    /Request invalid/i,
    'Check the members of the request that S3 alone can judge, such as UserArguments: not empty, and with schema 2.0.',
  ],
];

const UNKNOWN = 'Search the S3 Batch Operations troubleshooting guide for these words.';

const remedyOf = (remedies: Remedies, words: string): string =>
  remedies.find(([pattern]) => pattern.test(words))?.[1] ?? UNKNOWN;

/** The job's failure reasons, each with its remedy. */
export const failureReasonsOf = (job: Job): FailureReason[] =>
  (job.FailureReasons ?? []).map(({ FailureCode = 'Unknown', FailureReason: reason = '' }) => ({
    code: FailureCode,
    reason,
    remedy: remedyOf(jobRemedies, `${FailureCode} ${reason}`),
  }));

/** Why S3 refused a request: `CODE: message`, with what mends it. */
export function refusalOf(message: string): FailureReason {
  const [, code = 'RequestRefused', reason = message] = /^([A-Za-z]+): (.*)$/s.exec(message) ?? [];
  return { code, reason, remedy: remedyOf([...refusalRemedies, ...jobRemedies], `${code}: ${reason}`) };
}
