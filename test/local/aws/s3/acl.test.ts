import {
  type CreateBucketCommandInput,
  DeleteBucketOwnershipControlsCommand,
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  GetObjectAclCommand,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutObjectAclCommand,
  type PutObjectAclCommandInput,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, startS3WithBucket, TARGET } from '../../../support/s3.ts';

/** Canonical user ids. */
const ANN = 'a'.repeat(64);
const BOB = 'b'.repeat(64);

let s3: S3Stack;
const create = async (ObjectOwnership?: CreateBucketCommandInput['ObjectOwnership']) => {
  s3 = await startS3WithBucket({}, { ObjectOwnership });
  await s3.client.send(new PutObjectCommand({ ...TARGET, Body: 'x' }));
};
const put = (input: Partial<PutObjectAclCommandInput>) =>
  s3.client.send(new PutObjectAclCommand({ ...TARGET, ...input }));
const grants = async () => {
  const { Grants = [] } = await s3.client.send(new GetObjectAclCommand(TARGET));
  return Grants.map(
    ({ Grantee, Permission }) =>
      `${Grantee?.URI?.split('/').at(-1) ?? Grantee?.ID?.slice(0, 4)} ${Permission}`,
  );
};
const owner = async () => (await s3.client.send(new GetObjectAclCommand(TARGET))).Owner ?? {};

describe('in a bucket with default ownership', () => {
  beforeEach(() => create());

  test('ACLs are disabled, except those that grant access only to the owner', async () => {
    const disabled = {
      name: 'AccessControlListNotSupported',
      message: 'The bucket does not allow ACLs',
      $metadata: { httpStatusCode: 400 },
    };
    await expect(put({ ACL: 'public-read' })).rejects.toMatchObject(disabled);
    await expect(put({ ACL: 'private' })).rejects.toMatchObject(disabled);
    await expect(put({ GrantRead: `id=${ANN}` })).rejects.toMatchObject(disabled);
    await expect(
      s3.client.send(new PutObjectCommand({ ...TARGET, ACL: 'public-read', Body: 'x' })),
    ).rejects.toMatchObject(disabled);
    await put({ ACL: 'bucket-owner-full-control' });
    await put({
      AccessControlPolicy: {
        Owner: await owner(),
        Grants: [{ Grantee: { Type: 'CanonicalUser', ...(await owner()) }, Permission: 'FULL_CONTROL' }],
      },
    });
    expect(await grants()).toEqual(['75aa FULL_CONTROL']);
  });

  test('the owner of the bucket owns the objects', async () => {
    const { OwnershipControls } = await s3.client.send(
      new GetBucketOwnershipControlsCommand({ Bucket: 'bucket' }),
    );
    expect(OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
  });
});

describe('with ACLs', () => {
  beforeEach(() => create('BucketOwnerPreferred'));

  test.each([
    ['private', ['75aa FULL_CONTROL']],
    ['public-read', ['75aa FULL_CONTROL', 'AllUsers READ']],
    ['public-read-write', ['75aa FULL_CONTROL', 'AllUsers READ', 'AllUsers WRITE']],
    ['authenticated-read', ['75aa FULL_CONTROL', 'AuthenticatedUsers READ']],
    ['bucket-owner-full-control', ['75aa FULL_CONTROL']],
  ] as const)('the canned ACL %s grants its permissions', async (ACL, expected) => {
    await put({ ACL });
    expect(await grants()).toEqual(expected);
    await s3.client.send(new PutObjectCommand({ ...TARGET, ACL, Body: 'x' }));
    expect(await grants()).toEqual(expected);
  });

  test('grants can be set by headers and by a body, and replace each other', async () => {
    await put({
      GrantRead: `id="${ANN}", uri="http://acs.amazonaws.com/groups/global/AllUsers"`,
      GrantWriteACP: `id=${BOB}`,
    });
    expect(await grants()).toEqual(['aaaa READ', 'AllUsers READ', 'bbbb WRITE_ACP']);
    await put({
      AccessControlPolicy: {
        Owner: await owner(),
        Grants: [{ Grantee: { Type: 'CanonicalUser', ID: ANN }, Permission: 'READ_ACP' }],
      },
    });
    expect(await grants()).toEqual(['aaaa READ_ACP']);
    await s3.client.send(new PutObjectCommand({ ...TARGET, Body: 'x' }));
    expect(await grants()).toEqual(['75aa FULL_CONTROL']);
  });

  test.each<[string, Partial<PutObjectAclCommandInput>]>([
    ['InvalidArgument', { ACL: 'everyone' as 'private' }],
    ['InvalidArgument', { GrantRead: 'abc' }],
    ['InvalidRequest', { ACL: 'private', GrantRead: `id=${ANN}` }],
    ['MissingSecurityHeader', {}],
    ['MalformedACLError', { AccessControlPolicy: { Grants: [] } }],
    ['AccessDenied', { AccessControlPolicy: { Owner: { ID: ANN }, Grants: [] } }],
  ])('%s is the answer to %j', async (name, input) => {
    await expect(put(input)).rejects.toMatchObject({ name });
  });

  test('a grant to an e-mail address or of an unknown permission is refused', async () => {
    const grant = async (Type: 'CanonicalUser' | 'AmazonCustomerByEmail', Permission: string) =>
      put({
        AccessControlPolicy: {
          Owner: await owner(),
          Grants: [{ Grantee: { Type, ID: ANN, EmailAddress: 'a@b' }, Permission: Permission as 'READ' }],
        },
      });
    await expect(grant('AmazonCustomerByEmail', 'READ')).rejects.toMatchObject({
      name: 'UnresolvableGrantByEmailAddress',
    });
    await expect(grant('CanonicalUser', 'EXECUTE')).rejects.toMatchObject({ name: 'MalformedACLError' });
  });

  test('a bucket can have one', async () => {
    await s3.client.send(
      new PutBucketAclCommand({ Bucket: 'bucket', ACL: 'log-delivery-write' as 'private' }),
    );
    const { Grants } = await s3.client.send(new GetBucketAclCommand({ Bucket: 'bucket' }));
    expect(Grants?.map(({ Permission }) => Permission)).toEqual(['FULL_CONTROL', 'WRITE', 'READ_ACP']);
  });

  test('have no effect while bucket owner enforced is set', async () => {
    await put({ ACL: 'public-read' });
    const control = (ObjectOwnership: 'BucketOwnerEnforced' | 'ObjectWriter') =>
      s3.client.send(
        new PutBucketOwnershipControlsCommand({
          Bucket: 'bucket',
          OwnershipControls: { Rules: [{ ObjectOwnership }] },
        }),
      );
    await control('BucketOwnerEnforced');
    expect(await grants()).toEqual(['75aa FULL_CONTROL']);
    await control('ObjectWriter');
    expect(await grants()).toEqual(['75aa FULL_CONTROL', 'AllUsers READ']);
    await s3.client.send(new DeleteBucketOwnershipControlsCommand({ Bucket: 'bucket' }));
    const get = s3.client.send(new GetBucketOwnershipControlsCommand({ Bucket: 'bucket' }));
    await expect(get).rejects.toMatchObject({ name: 'OwnershipControlsNotFoundError' });
    await put({ ACL: 'public-read' });
  });
});
