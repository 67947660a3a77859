import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { recordingServer } from '../../../support/s3control.ts';
import { callWire, parseCaptures } from '../../../support/wire.ts';

const captures = (name: string) =>
  parseCaptures(readFileSync(new URL(`captures/${name}.txt`, import.meta.url), 'utf8'));

describe('captured requests', () => {
  test('of the JavaScript SDK are read', async () => {
    const { handle, inputs } = recordingServer();
    for (const request of captures('js-sdk'))
      expect(await callWire(handle, request)).toMatchObject({ status: 200 });
    expect(inputs.map(([operation]) => operation)).toEqual([
      'CreateJob',
      'CreateJob',
      'CreateJob',
      'ListJobs',
      'UpdateJobStatus',
      'PutJobTagging',
      'DeleteJobTagging',
    ]);
    expect(inputs[0]?.[1]).toMatchObject({
      Operation: { LambdaInvoke: { UserArguments: expect.any(Object) } },
      Description: 'demo & <test> "q" \u017C\n2',
    });
    expect(inputs[2]?.[1]).toMatchObject({
      ManifestGenerator: {
        S3JobManifestGenerator: {
          ManifestOutputLocation: { ManifestEncryption: { SSES3: {} } },
          Filter: {
            CreatedAfter: new Date('2026-01-01T00:00:00Z'),
            ObjectReplicationStatuses: ['FAILED', 'NONE'],
          },
        },
      },
    });
  });

  test('of the AWS CLI, which sends no content type and no declaration, are read', async () => {
    const { handle, inputs } = recordingServer();
    for (const request of captures('aws-cli'))
      expect(await callWire(handle, request)).toMatchObject({ status: 200 });
    expect(inputs.map(([operation]) => operation)).toEqual([
      'CreateJob',
      'CreateJob',
      'CreateJob',
      'CreateJob',
      'ListJobs',
      'UpdateJobStatus',
      'UpdateJobPriority',
      'PutJobTagging',
    ]);
    expect(inputs[2]?.[1]).toMatchObject({
      AccountId: '123456789012',
      Operation: { S3DeleteObjectTagging: {} },
    });
    expect(inputs[5]?.[1]).toMatchObject({ StatusUpdateReason: 'no need & \u017C' });
  });
});
