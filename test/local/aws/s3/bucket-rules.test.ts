import {
  type BucketCannedACL,
  type CreateBucketCommandInput,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  type ObjectOwnership,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketTaggingCommand,
  PutObjectAclCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, START_MS, startS3WithBucket, TARGET } from '../../../support/s3.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

const { Bucket } = TARGET;
const invalidBucketAcl = { name: 'InvalidBucketAclWithObjectOwnership', $metadata: { httpStatusCode: 400 } };

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket();
});

const send = async (method: string, target: string, body = '') => {
  const { status, text } = await callWire(s3.handle, wireRequest(method, target, { body }));
  return { status, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1], text };
};

describe('CreateBucket', () => {
  const create = (more: Partial<CreateBucketCommandInput>) => s3.createBucket('another', more);

  test('accepts the canned ACL private with default ownership', async () => {
    expect((await create({ ACL: 'private' })).$metadata.httpStatusCode).toBe(200);
  });

  test.each<[BucketCannedACL]>([['public-read'], ['public-read-write'], ['authenticated-read']])(
    'refuses the canned ACL %s with default ownership',
    async (ACL) => {
      await expect(create({ ACL })).rejects.toMatchObject(invalidBucketAcl);
    },
  );

  test('refuses a grant to another user with default ownership', async () => {
    await expect(create({ GrantRead: `id=${'a'.repeat(64)}` })).rejects.toMatchObject(invalidBucketAcl);
  });

  test('accepts public-read with another ownership', async () => {
    const answer = await create({ ACL: 'public-read', ObjectOwnership: 'ObjectWriter' });
    expect(answer.$metadata.httpStatusCode).toBe(200);
  });

  test('refuses an unknown ownership in the header', async () => {
    await expect(create({ ObjectOwnership: 'Nobody' as 'ObjectWriter' })).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: 'Invalid x-amz-object-ownership header: Nobody',
    });
  });
});

describe('ownership controls', () => {
  const control = (ObjectOwnership: ObjectOwnership) =>
    s3.client.send(
      new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } }),
    );

  test('with an unknown value are MalformedXML', async () => {
    await expect(control('Nobody' as 'ObjectWriter')).rejects.toMatchObject({ name: 'MalformedXML' });
  });

  test('cannot enforce the bucket owner on a bucket with a public ACL', async () => {
    await control('ObjectWriter');
    await s3.client.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
    await expect(control('BucketOwnerEnforced')).rejects.toMatchObject(invalidBucketAcl);
  });

  test('can enforce the bucket owner on a bucket with a private ACL', async () => {
    await control('ObjectWriter');
    await s3.client.send(new PutBucketAclCommand({ Bucket, ACL: 'private' }));
    expect((await control('BucketOwnerEnforced')).$metadata.httpStatusCode).toBe(200);
  });
});

describe('a grant in a bucket without ACLs', () => {
  const grant = (more: object) => s3.client.send(new PutObjectAclCommand({ ...TARGET, ...more }));
  const Owner = { ID: '75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a' };
  const grantTo = (Grantee: object) =>
    grant({ AccessControlPolicy: { Owner, Grants: [{ Grantee, Permission: 'READ' }] } });
  beforeEach(() => s3.put());

  test('to a bad id in a header is InvalidArgument', async () => {
    await expect(grant({ GrantRead: 'id=abc' })).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: 'Invalid id',
      ArgumentName: 'id',
      ArgumentValue: 'abc',
    });
  });

  test('to an unknown group in a header is InvalidArgument', async () => {
    await expect(grant({ GrantRead: 'uri="http://acs.amazonaws.com/groups/nobody"' })).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: 'Invalid group uri',
      ArgumentName: 'uri',
    });
  });

  test('to a bad id in a body is InvalidArgument', async () => {
    await expect(grantTo({ Type: 'CanonicalUser', ID: 'abc' })).rejects.toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'CanonicalUser/ID',
    });
  });

  test('to an unknown group in a body is InvalidArgument', async () => {
    await expect(grantTo({ Type: 'Group', URI: 'http://example.com' })).rejects.toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'Group/URI',
    });
  });

  test('by a bad owner in a body is InvalidArgument', async () => {
    const call = grant({ AccessControlPolicy: { Owner: { ID: 'abc' }, Grants: [] } });
    await expect(call).rejects.toMatchObject({ name: 'InvalidArgument', ArgumentName: 'CanonicalUser/ID' });
  });

  test('in the ACL of a bucket to a bad id is InvalidArgument', async () => {
    const call = s3.client.send(new PutBucketAclCommand({ Bucket, GrantRead: 'id=abc' }));
    await expect(call).rejects.toMatchObject({ name: 'InvalidArgument', ArgumentName: 'id' });
  });

  test('of a new object to a bad id is InvalidArgument', async () => {
    await expect(s3.put('new', 'x', { GrantRead: 'id=abc' })).rejects.toMatchObject({
      name: 'InvalidArgument',
    });
  });
});

describe('tags', () => {
  const TagSet = [{ Key: 'team', Value: 'media' }];

  test('of a bucket are set with 204', async () => {
    const call = new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } });
    expect((await s3.client.send(call)).$metadata.httpStatusCode).toBe(204);
    expect((await s3.client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);
  });

  test('of a bucket can be removed by a Tagging element without a TagSet', async () => {
    expect((await send('PUT', '/bucket?tagging', '<Tagging/>')).status).toBe(204);
  });

  test('of an object can be removed by a Tagging element without a TagSet', async () => {
    await s3.put(TARGET.Key, 'x', { Tagging: 'a=1' });
    expect((await send('PUT', '/bucket/key?tagging', '<Tagging/>')).status).toBe(200);
    expect((await s3.head()).TagCount).toBeUndefined();
  });

  test('in a header can be separated by several ampersands', async () => {
    await s3.put(TARGET.Key, 'x', { Tagging: 'key1&&&key2' });
    expect((await s3.head()).TagCount).toBe(2);
  });

  test('in a header separated by commas are InvalidArgument', async () => {
    await expect(s3.put(TARGET.Key, 'x', { Tagging: 'k=v,k=v' })).rejects.toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'x-amz-tagging',
      ArgumentValue: 'k=v,k=v',
    });
  });

  test('with a forbidden value name the value', async () => {
    const call = new PutBucketTaggingCommand({
      Bucket,
      Tagging: { TagSet: [{ Key: 'k', Value: 'a,b' }] },
    });
    await expect(s3.client.send(call)).rejects.toMatchObject({
      name: 'InvalidTag',
      TagKey: 'k',
      TagValue: 'a,b',
    });
  });

  test('of a bucket with a system prefix are refused with their own message', async () => {
    const call = new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'aws:x', Value: '' }] } });
    await expect(s3.client.send(call)).rejects.toMatchObject({
      message: 'System tags cannot be added/updated by requester',
    });
  });
});

describe('a request without a body', () => {
  test.each([
    ['/bucket?object-lock'],
    ['/bucket?versioning'],
    ['/bucket?encryption'],
    ['/bucket?tagging'],
    ['/bucket?ownershipControls'],
    ['/bucket?replication'],
    ['/bucket/key?tagging'],
  ])('is MissingRequestBodyError: PUT %s', async (target) => {
    await s3.put();
    await s3.setVersioning('Enabled');
    expect(await send('PUT', target)).toMatchObject({ status: 400, code: 'MissingRequestBodyError' });
  });

  test('is InvalidRequest for CompleteMultipartUpload', async () => {
    const { code, text } = await send('POST', `/bucket/key?uploadId=${await s3.startUpload()}`);
    expect([code, text.includes('You must specify at least one part')]).toEqual(['InvalidRequest', true]);
  });
});

test('PutBucketVersioning without a status is IllegalVersioningConfigurationException', async () => {
  expect(await send('PUT', '/bucket?versioning', '<VersioningConfiguration/>')).toMatchObject({
    status: 400,
    code: 'IllegalVersioningConfigurationException',
  });
});

test('an Object Lock configuration with an empty rule is MalformedXML', async () => {
  await s3.setVersioning('Enabled');
  const body =
    '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule/></ObjectLockConfiguration>';
  expect(await send('PUT', '/bucket?object-lock', body)).toMatchObject({ status: 400, code: 'MalformedXML' });
});

describe('the bypass header on a bucket without Object Lock', () => {
  const refused = {
    name: 'InvalidArgument',
    ArgumentName: 'x-amz-bypass-governance-retention',
    message: 'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
  };
  beforeEach(() => s3.put());

  test.each([[true], [false]])(
    'is InvalidArgument for DeleteObject: %s',
    async (BypassGovernanceRetention) => {
      const call = s3.client.send(new DeleteObjectCommand({ ...TARGET, BypassGovernanceRetention }));
      await expect(call).rejects.toMatchObject(refused);
    },
  );

  test('is InvalidArgument for DeleteObjects', async () => {
    const Delete = { Objects: [{ Key: TARGET.Key }] };
    const call = new DeleteObjectsCommand({ Bucket, Delete, BypassGovernanceRetention: true });
    await expect(s3.client.send(call)).rejects.toMatchObject(refused);
  });
});

describe('retention in GOVERNANCE mode', () => {
  const inHours = (hours: number) => new Date(START_MS + hours * 60 * 60 * 1000);
  const retain = (Mode: 'GOVERNANCE' | 'COMPLIANCE', hours: number, BypassGovernanceRetention?: boolean) =>
    s3.client.send(
      new PutObjectRetentionCommand({
        ...TARGET,
        Retention: { Mode, RetainUntilDate: inHours(hours) },
        BypassGovernanceRetention,
      }),
    );
  beforeEach(async () => {
    s3 = await startS3WithBucket({}, { ObjectLockEnabledForBucket: true });
    await s3.put();
    await retain('GOVERNANCE', 1);
  });

  test('cannot become COMPLIANCE without a bypass', async () => {
    await expect(retain('COMPLIANCE', 2)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('can become COMPLIANCE with a bypass', async () => {
    await retain('COMPLIANCE', 2, true);
    expect((await s3.head()).ObjectLockMode).toBe('COMPLIANCE');
  });

  test('can be extended without a bypass', async () => {
    await retain('GOVERNANCE', 2);
    expect((await s3.head()).ObjectLockRetainUntilDate).toEqual(inHours(2));
  });
});

test('PutObject with a lock needs a digest of the body', async () => {
  s3 = await startS3WithBucket({}, { ObjectLockEnabledForBucket: true });
  const headers = { 'x-amz-object-lock-legal-hold': 'ON' };
  const { text } = await callWire(s3.handle, wireRequest('PUT', '/bucket/key', { headers, body: 'x' }));
  expect(text).toContain('Content-MD5 OR x-amz-checksum- HTTP header is required');
});
