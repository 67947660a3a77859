import type { FailureReason } from '../core/generated/notice.mjs';
import type { Job } from './job.ts';

/** S3's words for why a job failed, and what mends it. The first row that matches counts. */
const remedies: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [
    /no keys matching the filter/i,
    'Loosen the Filter of the manifest generator, or check that the source bucket holds what you expect.',
  ],
  [
    /Reading the manifest is forbidden/i,
    'Let the job role read the manifest: s3:GetObject and s3:GetObjectVersion on it.',
  ],
  [
    /etag/i,
    'The manifest object changed after the job was made. Submit again without an ETag: it is looked up.',
  ],
  [
    /Required fields are missing/i,
    'Name the columns Bucket and Key in Manifest.Spec.Fields, in the order of the file.',
  ],
  [
    /Invalid Manifest Content|not properly formatted/i,
    'Give every row the same columns, no header, no blank line, no BOM; UTF-8 with URL-encoded keys.',
  ],
  [/Invalid object key format/i, 'URL-encode the keys: space as %20, + as %2B, % as %25.'],
  [/Invalid version ID format/i, 'Use the version ids as S3 lists them, or null for the null version.'],
  [
    /more keys than the maximum/i,
    'Split the manifest: S3 takes 4 billion objects in a job, 20 billion for some operations.',
  ],
  [
    /report could not be written/i,
    'Let the job role write to the report bucket (s3:PutObject); it must have no default Object Lock retention.',
  ],
  [
    /Failed to write manifest/i,
    'Let the job role write to the manifest bucket: s3:PutObject, and s3:PutObjectAcl with ACLs.',
  ],
  [
    /owner/i,
    'The bucket belongs to another account than the ExpectedBucketOwner says. Correct the one that is wrong.',
  ],
  [/assume/i, 'Let batchoperations.s3.amazonaws.com assume the job role (its trust policy).'],
  [
    /object lock/i,
    'Switch versioning and Object Lock on in the bucket, and let the role read s3:GetBucketObjectLockConfiguration.',
  ],
  [
    /threshold|failure rate|too many.*fail/i,
    'More than half of the first 1,000 or more tasks failed. See the completion report, mend the cause, run again.',
  ],
  [/confirm|suspended/i, 'Nobody confirmed the job for 30 days. Submit it again, and confirm it in time.'],
];

const UNKNOWN = 'Search the S3 Batch Operations troubleshooting guide for these words.';

export const remedyOf = (reason: string): string =>
  remedies.find(([pattern]) => pattern.test(reason))?.[1] ?? UNKNOWN;

/** The job's failure reasons, each with its remedy. */
export const failureReasonsOf = (job: Job): FailureReason[] =>
  (job.FailureReasons ?? []).map(({ FailureCode = 'Unknown', FailureReason: reason = '' }) => ({
    code: FailureCode,
    reason,
    remedy: remedyOf(`${FailureCode} ${reason}`),
  }));

/** Why S3 refused a request: `CODE: message`, with what mends it. */
export function refusalOf(message: string): FailureReason {
  const [, code = 'RequestRefused', reason = message] = /^([A-Za-z]+): (.*)$/s.exec(message) ?? [];
  const remedy =
    code === 'AccessDenied'
      ? 'Let create-job pass the role and create jobs (iam:PassRole, s3:CreateJob, s3:PutJobTagging).'
      : remedyOf(reason);
  return { code, reason, remedy };
}
