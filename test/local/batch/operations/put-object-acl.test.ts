import { DeleteObjectCommand, GetObjectAclCommand } from '@aws-sdk/client-s3';
import type { S3AccessControlPolicy } from '@aws-sdk/client-s3-control';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { OWNER_ID } from '../../../../local/aws/s3/core.ts';
import { type BatchStack, startBatch } from '../../../support/batch.ts';
import { createBucket, putObject, runOperation, setVersioning } from '../../../support/operations.ts';

/** Canonical user ids. */
const ANN = 'a'.repeat(64);

let stack: BatchStack;
beforeEach(async () => {
  stack = await startBatch();
  await createBucket(stack.s3, 'shared', { ObjectOwnership: 'BucketOwnerPreferred' });
});

const setAcl = (rows: string, AccessControlPolicy?: S3AccessControlPolicy) =>
  runOperation(stack, rows, { S3PutObjectAcl: { AccessControlPolicy } });
const grants = async (Bucket: string, VersionId?: string) =>
  (await stack.s3.send(new GetObjectAclCommand({ Bucket, Key: 'a', VersionId }))).Grants?.map(
    ({ Grantee, Permission }) => `${Grantee?.ID ?? Grantee?.URI} ${Permission}`,
  );
const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';
const owners = `${OWNER_ID} FULL_CONTROL`;
const OWN_GRANT = {
  Grantee: { TypeIdentifier: 'id', Identifier: OWNER_ID },
  Permission: 'FULL_CONTROL',
} as const;

describe('S3PutObjectAcl', () => {
  test('replaces the ACL by a canned ACL, and that by another', async () => {
    await putObject(stack.s3, 'shared', 'a');
    expect(await grants('shared')).toEqual([owners]);
    const { succeeded } = await setAcl('shared,a\n', { CannedAccessControlList: 'public-read' });
    expect(succeeded).toEqual(['shared,a,,succeeded,200,,Successful']);
    expect(await grants('shared')).toEqual([owners, `${ALL_USERS} READ`]);
    await setAcl('shared,a\n', { CannedAccessControlList: 'private' });
    expect(await grants('shared')).toEqual([owners]);
  });

  test('replaces the ACL by a list of grants', async () => {
    await putObject(stack.s3, 'shared', 'a', { ACL: 'public-read' });
    const { succeeded } = await setAcl('shared,a\n', {
      AccessControlList: {
        Owner: { ID: OWNER_ID, DisplayName: 'me' },
        Grants: [
          OWN_GRANT,
          {
            Grantee: { TypeIdentifier: 'id', Identifier: ANN, DisplayName: 'Ann' },
            Permission: 'READ_ACP',
          },
          { Grantee: { TypeIdentifier: 'uri', Identifier: ALL_USERS }, Permission: 'WRITE_ACP' },
        ],
      },
    });
    expect(succeeded).toHaveLength(1);
    expect(await grants('shared')).toEqual([owners, `${ANN} READ_ACP`, `${ALL_USERS} WRITE_ACP`]);
  });

  test('applies to the versions that the manifest names', async () => {
    await setVersioning(stack.s3, 'shared');
    const first = await putObject(stack.s3, 'shared', 'a');
    const second = await putObject(stack.s3, 'shared', 'a');
    await setAcl(`shared,a,${first}\n`, { CannedAccessControlList: 'public-read' });
    expect(await grants('shared', first)).toHaveLength(2);
    expect(await grants('shared', second)).toHaveLength(1);
  });

  test('accepts full control for the owner in a bucket with disabled ACLs', async () => {
    await putObject(stack.s3, 'data', 'a');
    const { succeeded } = await setAcl('data,a\n', { CannedAccessControlList: 'bucket-owner-full-control' });
    expect(succeeded).toHaveLength(1);
  });

  test('reports that the bucket has disabled ACLs', async () => {
    await putObject(stack.s3, 'data', 'a');
    const { job, failed } = await setAcl('data,a\n', { CannedAccessControlList: 'public-read' });
    expect(job).toMatchObject({ Status: 'Complete', ProgressSummary: { NumberOfTasksFailed: 1 } });
    expect(failed).toEqual([
      'data,a,,failed,400,AccessControlListNotSupported,The bucket does not allow ACLs',
    ]);
    expect(await grants('data')).toEqual([owners]);
  });

  const Owner = { ID: OWNER_ID };
  const byMail = { TypeIdentifier: 'emailAddress', Identifier: 'ann@example.com' } as const;
  test.each<[string, S3AccessControlPolicy | undefined, string]>([
    ['a policy of nothing', {}, '400,MissingSecurityHeader'],
    ['no policy', undefined, '400,MissingSecurityHeader'],
    [
      'an owner without id',
      { AccessControlList: { Owner: {}, Grants: [OWN_GRANT] } },
      '400,MalformedACLError',
    ],
    ['another owner', { AccessControlList: { Owner: { ID: ANN }, Grants: [OWN_GRANT] } }, '403,AccessDenied'],
    [
      'a grant without a grantee',
      { AccessControlList: { Owner, Grants: [{ Permission: 'READ' }] } },
      '400,MalformedACLError',
    ],
    [
      'an address that S3 does not know',
      { AccessControlList: { Owner, Grants: [{ Grantee: byMail, Permission: 'READ' }] } },
      '400,UnresolvableGrantByEmailAddress',
    ],
    [
      'a canned ACL beside a list',
      { CannedAccessControlList: 'private', AccessControlList: { Owner, Grants: [OWN_GRANT] } },
      '400,InvalidRequest',
    ],
  ])('reports %s', async (_, policy, code) => {
    await putObject(stack.s3, 'shared', 'a', { ACL: 'public-read' });
    const { failed } = await setAcl('shared,a\n', policy);
    expect(failed[0]).toMatch(`shared,a,,failed,${code},`);
    expect(await grants('shared')).toHaveLength(2);
  });

  test('reports objects whose current version is a delete marker', async () => {
    await setVersioning(stack.s3, 'shared');
    await putObject(stack.s3, 'shared', 'a');
    await stack.s3.send(new DeleteObjectCommand({ Bucket: 'shared', Key: 'a' }));
    const { failed } = await setAcl('shared,a\n', { CannedAccessControlList: 'private' });
    expect(failed[0]).toMatch('shared,a,,failed,405,MethodNotAllowed,');
  });

  test('reports missing objects', async () => {
    const { failed } = await setAcl('shared,none\n', { CannedAccessControlList: 'private' });
    expect(failed).toEqual(['shared,none,,failed,404,NoSuchKey,The specified key does not exist']);
  });
});
