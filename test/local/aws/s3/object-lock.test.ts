import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  type ObjectLockConfiguration,
  type ObjectLockRetention,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, START_MS, startS3WithBucket, TARGET } from '../../../support/s3.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const inDays = (days: number) => new Date(START_MS + days * DAY_MS);

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket({}, { ObjectLockEnabledForBucket: true });
  await s3.createBucket('plain');
});

const put = async (more: Partial<PutObjectCommandInput> = {}) =>
  (await s3.client.send(new PutObjectCommand({ ...TARGET, Body: 'x', ...more }))).VersionId;
const head = () => s3.client.send(new HeadObjectCommand(TARGET));
const remove = (VersionId: string | undefined, BypassGovernanceRetention?: boolean) =>
  s3.client.send(new DeleteObjectCommand({ ...TARGET, VersionId, BypassGovernanceRetention }));
const retain = (Retention: ObjectLockRetention, BypassGovernanceRetention?: boolean) =>
  s3.client.send(new PutObjectRetentionCommand({ ...TARGET, Retention, BypassGovernanceRetention }));
const hold = (Status: 'ON' | 'OFF', Bucket = 'bucket') =>
  s3.client.send(new PutObjectLegalHoldCommand({ ...TARGET, Bucket, LegalHold: { Status } }));
const configure = (ObjectLockConfiguration: ObjectLockConfiguration, Bucket = 'bucket') =>
  s3.client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
const locked = { name: 'AccessDenied', message: 'Access Denied because object protected by object lock.' };

describe('a bucket with Object Lock', () => {
  test('has versioning, which cannot be suspended', async () => {
    expect(await put()).toHaveLength(32);
    const suspend = s3.client.send(
      new PutBucketVersioningCommand({ Bucket: 'bucket', VersioningConfiguration: { Status: 'Suspended' } }),
    );
    await expect(suspend).rejects.toMatchObject({
      name: 'InvalidBucketState',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test('applies its default retention to new objects without a retention', async () => {
    const rule = { DefaultRetention: { Mode: 'GOVERNANCE', Days: 3 } } as const;
    await configure({ ObjectLockEnabled: 'Enabled', Rule: rule });
    expect(
      (await s3.client.send(new GetObjectLockConfigurationCommand({ Bucket: 'bucket' })))
        .ObjectLockConfiguration,
    ).toEqual({ ObjectLockEnabled: 'Enabled', Rule: rule });
    await put();
    expect(await head()).toMatchObject({
      ObjectLockMode: 'GOVERNANCE',
      ObjectLockRetainUntilDate: inDays(3),
    });
    await put({
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: inDays(1),
      ObjectLockLegalHoldStatus: 'ON',
    });
    expect(await head()).toMatchObject({
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: inDays(1),
      ObjectLockLegalHoldStatus: 'ON',
    });
    await configure({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Years: 1 } },
    });
    await put();
    expect((await head()).ObjectLockRetainUntilDate).toEqual(new Date('2027-11-22T10:00:00Z'));
  });

  test.each<[string, ObjectLockConfiguration]>([
    ['MalformedXML', {}],
    ['MalformedXML', { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE' } } }],
    [
      'MalformedXML',
      { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1, Years: 1 } } },
    ],
    ['MalformedXML', { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Days: 1 } } }],
    [
      'InvalidArgument',
      { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 0 } } },
    ],
  ])('answers %s to the configuration %j', async (name, configuration) => {
    await expect(configure(configuration)).rejects.toMatchObject({ name });
  });

  test('can be configured for an existing bucket with versioning', async () => {
    const enabled: ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled' };
    await expect(configure(enabled, 'plain')).rejects.toMatchObject({ name: 'InvalidBucketState' });
    const get = () => s3.client.send(new GetObjectLockConfigurationCommand({ Bucket: 'plain' }));
    await expect(get()).rejects.toMatchObject({ name: 'ObjectLockConfigurationNotFoundError' });
    await s3.client.send(
      new PutBucketVersioningCommand({ Bucket: 'plain', VersioningConfiguration: { Status: 'Enabled' } }),
    );
    await configure(enabled, 'plain');
    expect((await get()).ObjectLockConfiguration).toEqual(enabled);
  });

  test('is required for locks', async () => {
    await s3.client.send(new PutObjectCommand({ ...TARGET, Bucket: 'plain', Body: 'x' }));
    const missing = { name: 'InvalidRequest', message: 'Bucket is missing Object Lock Configuration' };
    await expect(hold('ON', 'plain')).rejects.toMatchObject(missing);
    await expect(put({ Bucket: 'plain', ObjectLockLegalHoldStatus: 'ON' })).rejects.toMatchObject(missing);
    const retention = { Mode: 'GOVERNANCE', RetainUntilDate: inDays(1) } as const;
    await expect(
      s3.client.send(new PutObjectRetentionCommand({ ...TARGET, Bucket: 'plain', Retention: retention })),
    ).rejects.toMatchObject(missing);
  });
});

describe('a legal hold', () => {
  test('protects a version from removal, but not from a delete marker or a newer version', async () => {
    const id = await put();
    await hold('ON');
    expect((await s3.client.send(new GetObjectLegalHoldCommand(TARGET))).LegalHold).toEqual({ Status: 'ON' });
    await put();
    await remove(undefined);
    await expect(remove(id, true)).rejects.toMatchObject(locked);
    const { Errors } = await s3.client.send(
      new DeleteObjectsCommand({ Bucket: 'bucket', Delete: { Objects: [{ Key: 'key', VersionId: id }] } }),
    );
    expect(Errors).toMatchObject([{ Key: 'key', Code: 'AccessDenied' }]);
    await s3.client.send(
      new PutObjectLegalHoldCommand({ ...TARGET, VersionId: id, LegalHold: { Status: 'OFF' } }),
    );
    await remove(id);
  });

  test('that was never set is NoSuchObjectLockConfiguration', async () => {
    await put();
    await expect(s3.client.send(new GetObjectLegalHoldCommand(TARGET))).rejects.toMatchObject({
      name: 'NoSuchObjectLockConfiguration',
    });
    await expect(s3.client.send(new GetObjectRetentionCommand(TARGET))).rejects.toMatchObject({
      name: 'NoSuchObjectLockConfiguration',
    });
  });
});

describe('retention', () => {
  test('in COMPLIANCE mode can only be extended, and expires', async () => {
    const id = await put();
    await retain({ Mode: 'COMPLIANCE', RetainUntilDate: inDays(2) });
    await expect(remove(id, true)).rejects.toMatchObject(locked);
    for (const change of [
      { Mode: 'COMPLIANCE', RetainUntilDate: inDays(1) },
      { Mode: 'GOVERNANCE', RetainUntilDate: inDays(9) },
      {},
    ] as const)
      await expect(retain(change, true)).rejects.toMatchObject(locked);
    await retain({ Mode: 'COMPLIANCE', RetainUntilDate: inDays(3) });
    const { Retention } = await s3.client.send(new GetObjectRetentionCommand(TARGET));
    expect(Retention).toEqual({ Mode: 'COMPLIANCE', RetainUntilDate: inDays(3) });
    await s3.clock.advance(3 * DAY_MS);
    await remove(id);
  });

  test('in GOVERNANCE mode can be changed with a bypass', async () => {
    const id = await put();
    await retain({ Mode: 'GOVERNANCE', RetainUntilDate: inDays(2) });
    await expect(remove(id)).rejects.toMatchObject(locked);
    await expect(retain({ Mode: 'GOVERNANCE', RetainUntilDate: inDays(1) })).rejects.toMatchObject(locked);
    await expect(retain({})).rejects.toMatchObject(locked);
    await retain({ Mode: 'GOVERNANCE', RetainUntilDate: inDays(1) }, true);
    await retain({}, true);
    await retain({ Mode: 'GOVERNANCE', RetainUntilDate: inDays(2) });
    await remove(id, true);
  });

  test.each<[string, ObjectLockRetention]>([
    ['InvalidArgument', { Mode: 'GOVERNANCE', RetainUntilDate: new Date(START_MS) }],
    ['MalformedXML', { Mode: 'GOVERNANCE' }],
    ['MalformedXML', { RetainUntilDate: inDays(1) }],
    ['MalformedXML', { Mode: 'FOREVER' as 'GOVERNANCE', RetainUntilDate: inDays(1) }],
    ['NotImplemented', { Mode: 'GOVERNANCE', RetainUntilDate: inDays(1), EventHold: 'ON' }],
  ])('answers %s to %j', async (name, retention) => {
    await put();
    await expect(retain(retention)).rejects.toMatchObject({ name });
  });

  test.each<[Partial<PutObjectCommandInput>]>([
    [{ ObjectLockMode: 'GOVERNANCE' }],
    [{ ObjectLockRetainUntilDate: inDays(1) }],
    [{ ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: inDays(-1) }],
    [{ ObjectLockMode: 'FOREVER' as 'GOVERNANCE', ObjectLockRetainUntilDate: inDays(1) }],
    [{ ObjectLockLegalHoldStatus: 'MAYBE' as 'ON' }],
  ])('with PutObject must be complete and valid: %j', async (input) => {
    await expect(put(input)).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});
