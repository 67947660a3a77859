import { describe, expect, test } from '@jest/globals';
import { fitRole, functionFaults } from '../../tools/limits.ts';
import { roleOf } from '../support/iam-policy.ts';
import { rolesOf } from '../support/packaged-template.ts';

const bucketNames = (count: number, kind = 'b') =>
  Array.from({ length: count }, (_, i) => `${kind}-${i}-`.padEnd(40, 'x')).join(',');
const options = {
  workerActions: 'delete-object,webhook',
  webhookSecret: 'hooks',
  governanceBypass: 'true',
  kmsKeys: Array.from(
    { length: 5 },
    (_, i) => `arn:aws:kms:us-east-1:000000000000:key/0000000${i}-0000-4000-8000-000000000000`,
  ).join(','),
};

describe('roles', () => {
  test('fit 50 buckets of 40 characters with every option on, and grant the same', () => {
    const dataBuckets = bucketNames(50);
    const roles = rolesOf({ ...options, dataBuckets });
    const resource = `arn:aws:s3:::${dataBuckets.split(',')[49]}/key`;
    for (const [role, action] of [
      ['BatchRole', 's3:PutObjectTagging'],
      ['BatchRole', 's3:BypassGovernanceRetention'],
      ['WorkerRole', 's3:DeleteObject'],
      ['WorkerRole', 's3:PutObject'],
    ] as const)
      expect(roleOf(roles, role)({ action, resource })).toBe('allowed');
    for (const role of ['BatchRole', 'WorkerRole'])
      expect(roleOf(roles, role)({ action: 's3:DeleteBucket', resource })).not.toBe('allowed');
  });

  test('fit with other lists for manifests, and still list a bucket without a prefix', () => {
    const dataBuckets = bucketNames(50);
    const roles = rolesOf({
      ...options,
      dataBuckets,
      manifestBuckets: 'lists,more/2026*',
      functions: 'tagger',
    });
    const resource = `arn:aws:s3:::${dataBuckets.split(',')[49]}`;
    const role = roleOf(roles, 'SubmitJobRole');
    expect(role({ action: 's3:ListBucket', resource })).toBe('allowed');
    expect(role({ action: 's3:ListBucket', resource: 'arn:aws:s3:::other' })).not.toBe('allowed');
  });

  test('that do not fit are refused with their size and what to do', () => {
    const lists = { dataBuckets: bucketNames(60, 'd'), reportBuckets: bucketNames(60, 'r') };
    expect(() => rolesOf({ ...options, ...lists, targetBuckets: bucketNames(60, 't') })).toThrow(
      /^The policies of \w+ have about \d{5} characters\. IAM allows 10240\. List fewer buckets/,
    );
  });

  test('that fit stay as they are', () => {
    const statements = [{ Sid: 'One', Effect: 'Allow', Action: 's3:GetObject', Resource: ['a'] }];
    expect(fitRole('Role', statements)).toEqual(statements);
  });
});

test('a function with a long name or a large environment is refused with its size', () => {
  const name = `bucket-brigade-${'s'.repeat(40)}-announce-stopped-watch`;
  expect(functionFaults(name, {})).toEqual([expect.stringMatching(/has 78 characters\. Lambda allows 64\./)]);
  expect(functionFaults('f', { LIST: bucketNames(120) })).toEqual([
    expect.stringMatching(/has about \d{4} bytes\. Lambda allows 4096\./),
  ]);
  expect(functionFaults('f', { LIST: bucketNames(50) })).toEqual([]);
});
