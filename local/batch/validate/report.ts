import { type JobReport, JobReportFormat, JobReportScope } from '@aws-sdk/client-s3-control';
import { all, flag, oneOf, required, structure, text, whenPresent } from './checks.ts';
import { accountId, bucketArn } from './common.ts';

const enabledNeedsLocation = whenPresent((value, path) => {
  const report = value as JobReport;
  if (!report.Enabled) return;
  for (const name of ['Bucket', 'Format', 'ReportScope'] as const) {
    required(() => {})(report[name], `${path}.${name}`);
  }
});

export const report = all(
  structure<JobReport>({
    Enabled: required(flag),
    Bucket: bucketArn,
    Format: oneOf(JobReportFormat),
    ReportScope: oneOf(JobReportScope),
    Prefix: text({ max: 512 }),
    ExpectedBucketOwner: accountId,
  }),
  enabledNeedsLocation,
);
