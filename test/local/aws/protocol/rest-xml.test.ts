import {
  CreateJobCommand,
  type CreateJobRequest,
  DeleteJobTaggingCommand,
  DescribeJobCommand,
  type JobDescriptor,
  JobStatusException,
  ListJobsCommand,
  PutJobTaggingCommand,
  S3ControlServiceException,
  UpdateJobStatusCommand,
} from '@aws-sdk/client-s3-control';
import { describe, expect, test } from '@jest/globals';
import { AwsError } from '../../../../local/core/aws-error.ts';
import { recordingServer, s3ControlClient, s3ControlServer } from '../../../support/s3control.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

const JOB: CreateJobRequest = {
  AccountId: '000000000000',
  Operation: {
    S3PutObjectCopy: {
      TargetResource: 'arn:aws:s3:::target',
      AccessControlGrants: [
        { Grantee: { TypeIdentifier: 'id', Identifier: 'canon', DisplayName: 'd' }, Permission: 'READ' },
      ],
      ModifiedSinceConstraint: new Date('2026-01-02T03:04:05.678Z'),
      NewObjectMetadata: {
        UserMetadata: { a: '1', 'b-c': 'x & <y> "z"' },
        HttpExpiresDate: new Date('2027-01-01T00:00:00Z'),
        RequesterCharged: false,
      },
      NewObjectTagging: [],
      BucketKeyEnabled: true,
    },
  },
  Report: { Enabled: false },
  Priority: 10,
  RoleArn: 'arn:aws:iam::000000000000:role/batch',
  ConfirmationRequired: false,
  ClientRequestToken: 'token',
  Description: 'demo & <test> "q" \u017C\n2 \u{1F600}',
  ManifestGenerator: {
    S3JobManifestGenerator: {
      SourceBucket: 'arn:aws:s3:::source',
      EnableManifestOutput: false,
      Filter: {
        EligibleForReplication: true,
        MatchAnyStorageClass: ['STANDARD', 'GLACIER'],
        MatchAnyObjectEncryption: [{ SSES3: {} }, { SSEKMS: { KmsKeyArn: 'arn' } }],
      },
    },
  },
};

describe('a request of the SDK', () => {
  test('arrives as the object that the caller gave the client', async () => {
    const { client, inputs } = recordingServer();
    await client.send(new CreateJobCommand(JOB));
    expect(inputs).toStrictEqual([['CreateJob', JOB]]);
  });

  test('distinguishes an empty list from an absent one', async () => {
    const { client, inputs } = recordingServer();
    await client.send(new CreateJobCommand({ ...JOB, Tags: [] }));
    await client.send(new CreateJobCommand(JOB));
    expect(inputs.map(([, input]) => 'Tags' in input)).toEqual([true, false]);
  });

  test('has decoded query parameters and labels', async () => {
    const { client, inputs } = recordingServer();
    const list = {
      AccountId: '1',
      JobStatuses: ['Active', 'Complete'] as const,
      NextToken: 'a+/= &',
      MaxResults: 5,
    };
    const update = {
      AccountId: '1',
      JobId: 'job-1',
      RequestedJobStatus: 'Cancelled' as const,
      StatusUpdateReason: 'a+b & \u017C',
    };
    await client.send(new ListJobsCommand({ ...list, JobStatuses: [...list.JobStatuses] }));
    await client.send(new UpdateJobStatusCommand(update));
    expect(inputs).toStrictEqual([
      ['ListJobs', list],
      ['UpdateJobStatus', update],
    ]);
  });
});

describe('an answer', () => {
  const job: JobDescriptor = {
    JobId: 'job-1',
    Description: 'a & <b> "c" \n \u017C \u{1F600}',
    Operation: { S3DeleteObjectTagging: {} },
    ProgressSummary: { TotalNumberOfTasks: 3, Timers: { ElapsedTimeInActiveSeconds: 5 } },
    FailureReasons: [],
    CreationTime: new Date('2026-11-22T01:02:03.456Z'),
    ConfirmationRequired: true,
  };

  test('is read by the client as the object that the action returned', async () => {
    const client = s3ControlClient(s3ControlServer({ DescribeJob: () => ({ Job: job }) }));
    const { Job } = await client.send(new DescribeJobCommand({ AccountId: '1', JobId: 'job-1' }));
    expect(Job).toStrictEqual(job);
  });

  test('has the XML document that S3 Control sends', async () => {
    const handle = s3ControlServer({ CreateJob: () => ({ JobId: 'a-job' }) });
    const { status, text } = await callWire(
      handle,
      wireRequest('POST', '/v20180820/jobs', {
        body: '<CreateJobRequest><Operation/><Report><Enabled>false</Enabled></Report><Priority>1</Priority><RoleArn>r</RoleArn></CreateJobRequest>',
      }),
    );
    expect(status).toBe(200);
    expect(text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<CreateJobResult xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><JobId>a-job</JobId></CreateJobResult>',
    );
  });

  test('without members has an empty body', async () => {
    const { handle } = recordingServer();
    const response = await callWire(handle, wireRequest('DELETE', '/v20180820/jobs/job-1/tagging'));
    expect(response).toMatchObject({ status: 200, text: '' });
  });
});

describe('an error', () => {
  test('of the model reaches the client with its class, message, status and request id', async () => {
    const client = s3ControlClient(
      s3ControlServer({
        UpdateJobStatus: () => {
          throw new AwsError('JobStatusException', 400, 'no & never');
        },
      }),
    );
    const call = client.send(
      new UpdateJobStatusCommand({ AccountId: '1', JobId: 'job-1', RequestedJobStatus: 'Ready' }),
    );
    await expect(call).rejects.toBeInstanceOf(JobStatusException);
    await expect(call).rejects.toMatchObject({
      message: 'no & never',
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9A-F]{16}$/) },
    });
  });

  test('outside the model reaches the client with its name', async () => {
    const client = s3ControlClient(
      s3ControlServer({
        DescribeJob: () => {
          throw new AwsError('NoSuchJob', 404, 'gone', { JobId: 'job-1' });
        },
      }),
    );
    const call = client.send(new DescribeJobCommand({ AccountId: '1', JobId: 'job-1' }));
    await expect(call).rejects.toBeInstanceOf(S3ControlServiceException);
    await expect(call).rejects.toMatchObject({ name: 'NoSuchJob', JobId: 'job-1' });
  });

  test('for an operation without an action is 501 with its name', async () => {
    const client = s3ControlClient(s3ControlServer({}));
    const call = client.send(new PutJobTaggingCommand({ AccountId: '1', JobId: 'job-1', Tags: [] }));
    await expect(call).rejects.toMatchObject({
      name: 'NotImplemented',
      message: 'PutJobTagging is not implemented here.',
      $metadata: { httpStatusCode: 501 },
    });
  });

  test('for an unknown path is 501', async () => {
    const { handle } = recordingServer();
    const { status, text } = await callWire(handle, wireRequest('PATCH', '/v20180820/jobs'));
    expect(status).toBe(501);
    expect(text).toContain('PATCH /v20180820/jobs');
  });

  test('that is unexpected is a 500 without details, and its stack is in the log', async () => {
    const lines: string[] = [];
    const client = s3ControlClient(
      s3ControlServer(
        {
          DeleteJobTagging: () => {
            throw new TypeError('secret');
          },
        },
        (line) => lines.push(line),
      ),
    );
    const call = client.send(new DeleteJobTaggingCommand({ AccountId: '1', JobId: 'job-1' }));
    await expect(call).rejects.toMatchObject({ name: 'InternalError', $metadata: { httpStatusCode: 500 } });
    await expect(call).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
    expect(lines.join()).toContain('TypeError: secret');
  });
});

describe('the caller', () => {
  const principalFor = async (headers: Record<string, string>) => {
    let principal = '';
    const handle = s3ControlServer({
      DeleteJobTagging: (_, context) => {
        principal = context.principal;
        return {};
      },
    });
    await handle(wireRequest('DELETE', '/v20180820/jobs/job-1/tagging', { headers }));
    return principal;
  };

  test('is the user that the access key names, or the local user', async () => {
    expect(
      await principalFor({
        authorization: 'AWS4-HMAC-SHA256 Credential=alice/20261122/us-east-1/s3/aws4_request, Sig',
      }),
    ).toBe('arn:aws:iam::000000000000:user/alice');
    expect(await principalFor({})).toBe('arn:aws:iam::000000000000:user/local');
  });
});
