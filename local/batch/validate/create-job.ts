import type { CreateJobRequest } from '@aws-sdk/client-s3-control';
import { accessDenied, invalidRequest } from '../errors.ts';
import { flag, integer, required, structure, text } from './checks.ts';
import { accountId, MAX_JOB_TAGS, tagSet } from './common.ts';
import { manifest } from './manifest.ts';
import { manifestGenerator } from './manifest-generator.ts';
import { operation } from './operations.ts';
import { report } from './report.ts';

const MAX_PRIORITY = 2147483647;

export const priority = required(integer({ min: 0, max: MAX_PRIORITY }));

/** Checked first: AWS refuses an almost empty request for its missing role. */
const roleArn = required(
  text({ max: 2048, pattern: /^arn:[^:]+:iam::\d{12}:role\/.*$/s, form: 'the ARN of an IAM role' }),
);

const members = structure<CreateJobRequest>({
  AccountId: required(accountId),
  Operation: required(operation),
  Report: required(report),
  ClientRequestToken: required(text({ max: 64 })),
  Priority: priority,
  RoleArn: roleArn,
  ConfirmationRequired: flag,
  Manifest: manifest,
  ManifestGenerator: manifestGenerator,
  Description: text({ max: 256 }),
  Tags: tagSet(MAX_JOB_TAGS),
});

/** Throws `InvalidRequest` or `AccessDenied` for a request that S3 refuses before it makes a job. */
export function checkCreateJob(request: CreateJobRequest): void {
  roleArn(request.RoleArn, 'RoleArn');
  members(request, '');
  if ((request.Manifest === undefined) === (request.ManifestGenerator === undefined)) {
    throw invalidRequest('Manifest', 'or ManifestGenerator is required, but not both');
  }
  if (request.RoleArn?.split(':')[4] !== request.AccountId) {
    throw accessDenied('Cross-account pass role is not allowed');
  }
  checkChecksumReport(request);
}

/** Only the report has the checksums. */
function checkChecksumReport({ Operation, Report }: CreateJobRequest): void {
  if (!Operation?.S3ComputeObjectChecksum) return;
  if (!Report?.Enabled) throw invalidRequest('Report.Enabled', 'must be true for S3ComputeObjectChecksum');
  if (!Report.ExpectedBucketOwner) {
    throw invalidRequest('Report.ExpectedBucketOwner', 'is required for S3ComputeObjectChecksum');
  }
}
