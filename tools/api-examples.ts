/** Examples of the contract, by operation. test/docs/examples.test.ts sends the bodies and checks the answers. */
import { jobRequestIdOf, tenantHashOf, tenantMarkOf } from '../functions/domain/request/job-request-id.ts';

export interface Example {
  summary: string;
  value: object;
}

/** Bodies of requests. */
export const bodyExamples: Record<string, Record<string, Example>> = {
  submitJob: {
    objects: {
      summary: 'Tag one object that the body names',
      value: {
        Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'team', Value: 'media' }] } },
        Objects: [{ Bucket: 'data', Key: 'README.md' }],
        Description: 'monthly tidy-up',
      },
    },
    manifest: {
      summary: 'Copy the objects of a manifest after a confirmation',
      value: {
        Operation: { S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::data', TargetKeyPrefix: 'copies' } },
        Manifest: { Location: { ObjectArn: 'arn:aws:s3:::data/manifest.csv' } },
        ConfirmationRequired: true,
        Priority: 20,
        Tags: [{ Key: 'team', Value: 'media' }],
        Watch: { Notices: ['running-again'], TagAttributes: ['team'] },
      },
    },
    generator: {
      summary: 'Remove the tags of all objects in a bucket that match a filter',
      value: {
        Operation: { S3DeleteObjectTagging: {} },
        ManifestGenerator: {
          S3JobManifestGenerator: {
            SourceBucket: 'arn:aws:s3:::data',
            EnableManifestOutput: false,
            Filter: { KeyNameConstraint: { MatchAnyPrefix: ['README'] }, CreatedBefore: '2030-01-01' },
          },
        },
      },
    },
    worker: {
      summary: 'Verify checksums with the worker',
      value: {
        Operation: { LambdaInvoke: { UserArguments: { action: 'verify-checksum' } } },
        Objects: [{ Bucket: 'data', Key: 'README.md' }],
      },
    },
  },
  changeJob: { priority: { summary: 'Raise the priority', value: { Priority: 50 } } },
  cancelJob: { reason: { summary: 'Give a reason', value: { reason: 'wrong bucket' } } },
  putJobTags: { tags: { summary: 'One tag', value: { Tags: [{ Key: 'team', Value: 'media' }] } } },
  retryFailed: {
    codes: { summary: 'Retry the tasks that failed with AccessDenied', value: { Codes: ['AccessDenied'] } },
  },
  runRest: { priority: { summary: 'Run the rest before other jobs', value: { Priority: 20 } } },
};

export const EXAMPLE_KEY = 'monthly-2026-11';
const ID = jobRequestIdOf('deployment', { key: EXAMPLE_KEY });
const MARK = tenantMarkOf(tenantHashOf('deployment'));
export const EXAMPLE_JOB_ID = '5f8c1c3e-4b7e-4d8f-9a56-0f3d2c1b7a90';

const Manifest = {
  Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
  Location: {
    ObjectArn: `arn:aws:s3:::bucket-brigade-local/manifests/${MARK}/54022ff0d226820f0889afd74d6183c59602c1d72891714ca3e229d9229179c0.csv`,
    ETag: 'd69dc4e997c2ba57c16a2786a5cbfc74',
  },
};
const Operation = { S3PutObjectTagging: { TagSet: [{ Key: 'team', Value: 'media' }] } };

/** Bodies of answers with status 200. */
export const answerExamples: Record<string, Record<string, Example>> = {
  getJob: {
    ended: {
      summary: 'All objects are done',
      value: {
        jobRequestId: ID,
        state: 'Ended',
        outcome: 'Succeeded',
        operation: 'S3PutObjectTagging',
        description: 'monthly tidy-up',
        tags: [],
        status: 'Complete',
        jobId: EXAMPLE_JOB_ID,
        submittedAt: '2026-01-01T00:00:00.000Z',
        submittedBy: 'arn:aws:iam::000000000000:user/local',
        startAt: null,
        endedAt: '2026-01-01T00:00:00.000Z',
        progress: { total: 1, succeeded: 1, failed: 0, percent: 100, etaSeconds: null },
        failureReasons: [],
        report: {
          bucket: 'bucket-brigade-local',
          manifestKey: `reports/${MARK}/job-${EXAMPLE_JOB_ID}/manifest.json`,
        },
        digest: { failed: 0, isSample: false, byCode: [], byPrefix: [], samples: [], retryableShare: 0 },
        parent: null,
        children: [],
        request: {
          AccountId: '000000000000',
          ClientRequestToken: ID,
          ConfirmationRequired: false,
          Operation,
          Report: {
            Enabled: true,
            Format: 'Report_CSV_20180820',
            ReportScope: 'AllTasks',
            Bucket: 'arn:aws:s3:::bucket-brigade-local',
            Prefix: `reports/${MARK}`,
          },
          Priority: 10,
          RoleArn: 'arn:aws:iam::000000000000:role/BatchRole',
          Description: `monthly tidy-up [${ID}]`,
          Tags: [{ Key: 'bucket-brigade:jobRequestId', Value: ID }],
          Manifest,
        },
        job: {
          JobId: EXAMPLE_JOB_ID,
          Status: 'Complete',
          Description: 'monthly tidy-up',
          Priority: 10,
          Manifest,
          Operation,
          ProgressSummary: { TotalNumberOfTasks: 1, NumberOfTasksSucceeded: 1, NumberOfTasksFailed: 0 },
          FailureReasons: [],
          CreationTime: '2026-01-01T00:00:00.000Z',
          TerminationDate: '2026-01-01T00:00:00.000Z',
        },
        warnings: [],
        links: { self: `/jobs/${ID}`, report: `/jobs/${ID}/report`, results: `/jobs/${ID}/results` },
      },
    },
  },
};
