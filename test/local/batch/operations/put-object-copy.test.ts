import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectAclCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import type { S3CopyObjectOperation } from '@aws-sdk/client-s3-control';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type BatchStack, DAY_MS, keysIn, rowsOf, startBatch, textOf } from '../../../support/batch.ts';
import {
  createBucket,
  headOf,
  putInParts,
  putObject,
  runOperation,
  setVersioning,
} from '../../../support/operations.ts';
import { START_MS } from '../../../support/s3.ts';

/** Canonical user ids. */
const ANN = 'a'.repeat(64);
const BOB = 'b'.repeat(64);

let stack: BatchStack;
beforeEach(async () => {
  stack = await startBatch({ limits: { maxUploadBytes: 2000, minPartBytes: 1 } });
  await createBucket(stack.s3, 'copies');
  await putObject(stack.s3, 'data', 'a', {
    ContentType: 'text/plain',
    CacheControl: 'no-cache',
    Metadata: { colour: 'red' },
    Tagging: 'team=media',
    StorageClass: 'STANDARD_IA',
  });
});

const copy = (operation: Partial<S3CopyObjectOperation> = {}, rows = rowsOf(['a'])) =>
  runOperation(stack, rows, {
    S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::copies', ...operation },
  });
const head = (Key = 'a') => headOf(stack.s3, 'copies', Key);
const tags = async (Key = 'a') =>
  (await stack.s3.send(new GetObjectTaggingCommand({ Bucket: 'copies', Key }))).TagSet;
const failure = async (operation: Partial<S3CopyObjectOperation>, rows?: string) => {
  const { job, failed } = await copy(operation, rows);
  expect(job).toMatchObject({ Status: 'Complete', ProgressSummary: { NumberOfTasksFailed: 1 } });
  return failed[0];
};

describe('S3PutObjectCopy', () => {
  test('copies body, headers, metadata and tags, and does not change the source', async () => {
    await putObject(stack.s3, 'data', 'b é+/c', { Body: 'other' });
    const { job, succeeded } = await copy({}, rowsOf(['a', 'b é+/c']));
    expect(job).toMatchObject({ Status: 'Complete', ProgressSummary: { NumberOfTasksSucceeded: 2 } });
    expect(succeeded).toEqual([
      'data,a,,succeeded,200,,Successful',
      'data,b%20%C3%A9%2B%2Fc,,succeeded,200,,Successful',
    ]);
    expect(await textOf(stack.s3, 'copies', 'b é+/c')).toBe('other');
    expect(await textOf(stack.s3, 'copies', 'a')).toBe('body');
    expect(await head()).toMatchObject({
      ContentType: 'text/plain',
      CacheControl: 'no-cache',
      Metadata: { colour: 'red' },
    });
    expect(await head()).not.toHaveProperty('StorageClass');
    expect(await tags()).toEqual([{ Key: 'team', Value: 'media' }]);
    expect(await headOf(stack.s3, 'data', 'a')).toMatchObject({ StorageClass: 'STANDARD_IA', TagCount: 1 });
  });

  test.each(['folder', 'folder/'])('puts the prefix %s before keys as a folder', async (TargetKeyPrefix) => {
    await copy({ TargetKeyPrefix });
    expect(await keysIn(stack.s3, 'copies')).toEqual(['folder/a']);
  });

  test('copies the versions that the manifest names', async () => {
    await setVersioning(stack.s3, 'data');
    const version = await putObject(stack.s3, 'data', 'v', { Body: 'first' });
    await putObject(stack.s3, 'data', 'v', { Body: 'second' });
    await copy({}, `data,v,${version}\n`);
    expect(await textOf(stack.s3, 'copies', 'v')).toBe('first');
  });

  test('replaces headers and metadata, and ignores deprecated members', async () => {
    const HttpExpiresDate = new Date(START_MS + DAY_MS);
    await copy({
      NewObjectMetadata: {
        ContentType: 'text/markdown',
        ContentLanguage: 'pl',
        HttpExpiresDate,
        UserMetadata: { Shape: 'round' },
        ContentLength: 3,
        ContentMD5: 'none',
        RequesterCharged: true,
      },
    });
    const copied = await head();
    expect(copied).toMatchObject({
      ContentType: 'text/markdown',
      ContentLanguage: 'pl',
      ExpiresString: HttpExpiresDate.toUTCString(),
      Metadata: { shape: 'round' },
    });
    expect(copied).not.toHaveProperty('CacheControl');
  });

  test.each([
    ['COPY', { ContentType: 'text/plain', Metadata: { colour: 'red' } }],
    ['REPLACE', { ContentType: 'text/html', Metadata: {} }],
  ] as const)('applies the metadata directive %s', async (MetadataDirective, shown) => {
    await copy({ MetadataDirective, NewObjectMetadata: { ContentType: 'text/html' } });
    expect(await head()).toMatchObject(shown);
  });

  test('sets exactly the new tags, or no tags, on the copies', async () => {
    await copy({ NewObjectTagging: [{ Key: 'a b', Value: 'c+d=/é' }] });
    expect(await tags()).toEqual([{ Key: 'a b', Value: 'c+d=/é' }]);
    await copy({ NewObjectTagging: [] });
    expect(await tags()).toEqual([]);
  });

  test('sets storage class, KMS key, redirect and checksum', async () => {
    await copy({
      StorageClass: 'GLACIER_IR',
      SSEAwsKmsKeyId: 'my-key',
      BucketKeyEnabled: true,
      RedirectLocation: '/elsewhere',
      ChecksumAlgorithm: 'SHA256',
      RequesterPays: true,
    });
    expect(await head()).toMatchObject({
      StorageClass: 'GLACIER_IR',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'arn:aws:kms:us-east-1:000000000000:key/my-key',
      BucketKeyEnabled: true,
      WebsiteRedirectLocation: '/elsewhere',
      ChecksumSHA256: createHash('sha256').update('body').digest('base64'),
    });
  });

  test.each([
    ['AES256', 'AES256'],
    ['KMS', 'aws:kms'],
  ] as const)('encrypts with %s', async (SSEAlgorithm, ServerSideEncryption) => {
    await copy({ MetadataDirective: 'COPY', NewObjectMetadata: { SSEAlgorithm } });
    expect(await head()).toMatchObject({ ServerSideEncryption, Metadata: { colour: 'red' } });
  });

  test('encrypts objects by copying them onto themselves', async () => {
    await copy({ TargetResource: 'arn:aws:s3:::data', SSEAwsKmsKeyId: 'my-key', MetadataDirective: 'COPY' });
    expect(await headOf(stack.s3, 'data', 'a')).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      Metadata: { colour: 'red' },
    });
  });

  test('sets a canned ACL or a list of grants', async () => {
    await createBucket(stack.s3, 'shared', { ObjectOwnership: 'ObjectWriter' });
    const TargetResource = 'arn:aws:s3:::shared';
    const grants = async () =>
      (await stack.s3.send(new GetObjectAclCommand({ Bucket: 'shared', Key: 'a' }))).Grants?.map(
        ({ Grantee, Permission }) => `${Grantee?.ID ?? Grantee?.URI?.split('/').at(-1)} ${Permission}`,
      );
    await copy({ TargetResource, CannedAccessControlList: 'public-read' });
    expect(await grants()).toEqual([expect.stringMatching(/^\w{64} FULL_CONTROL$/), 'AllUsers READ']);
    const URI = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';
    await copy({
      TargetResource,
      AccessControlGrants: [
        { Grantee: { TypeIdentifier: 'id', Identifier: ANN }, Permission: 'READ' },
        { Grantee: { TypeIdentifier: 'uri', Identifier: URI }, Permission: 'READ' },
        { Grantee: { TypeIdentifier: 'id', Identifier: BOB }, Permission: 'WRITE_ACP' },
      ],
    });
    expect(await grants()).toEqual([`${ANN} READ`, 'AuthenticatedUsers READ', `${BOB} WRITE_ACP`]);
  });

  test('locks the copies', async () => {
    await createBucket(stack.s3, 'locked', { ObjectLockEnabledForBucket: true });
    const ObjectLockRetainUntilDate = new Date(START_MS + DAY_MS);
    const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate, ObjectLockLegalHoldStatus: 'ON' };
    await copy({ TargetResource: 'arn:aws:s3:::locked', ...(lock as object) });
    expect(await headOf(stack.s3, 'locked', 'a')).toMatchObject(lock);
  });

  test('copies an object that was uploaded in parts into one part', async () => {
    await putInParts(stack.s3, 'data', 'parts', ['one', 'two']);
    await copy({}, rowsOf(['parts']));
    expect(await textOf(stack.s3, 'copies', 'parts')).toBe('onetwo');
    expect(await head('parts')).toMatchObject({ ETag: '"5b9164ad6f496d9dee12ec7634ce253f"' });
  });

  test('adds a version in a destination with versioning', async () => {
    await setVersioning(stack.s3, 'copies');
    await putObject(stack.s3, 'copies', 'a');
    await copy();
    const { Versions } = await stack.s3.send(new ListObjectVersionsCommand({ Bucket: 'copies' }));
    expect(Versions).toHaveLength(2);
  });

  test('commits the copy together with its outcome, also when the bytes must be read first', async () => {
    const finish = await stack.objects.copyObject(
      { bucket: 'data', key: 'a' },
      { Bucket: 'copies', Key: 'later', ChecksumAlgorithm: 'SHA1' },
    );
    await stack.s3.send(new DeleteObjectCommand({ Bucket: 'data', Key: 'a' }));
    expect(await keysIn(stack.s3, 'copies')).toEqual([]);
    finish?.();
    expect(await textOf(stack.s3, 'copies', 'later')).toBe('body');
  });
});

describe('S3PutObjectCopy reports', () => {
  test('objects over the size limit of a copy', async () => {
    await putInParts(stack.s3, 'data', 'large', [Buffer.alloc(1500), Buffer.alloc(501)]);
    expect(await failure({}, rowsOf(['large']))).toBe(
      'data,large,,failed,400,InvalidRequest,The specified copy source is larger than the maximum allowable size for a copy source: 2000',
    );
  });

  test.each(['GLACIER', 'DEEP_ARCHIVE'] as const)(
    'objects in %s that were not restored',
    async (StorageClass) => {
      await putObject(stack.s3, 'data', 'cold', { StorageClass });
      expect(await failure({}, rowsOf(['cold']))).toMatch(/^data,cold,,failed,403,InvalidObjectState,/);
    },
  );

  test.each([
    ['modified', { ModifiedSinceConstraint: new Date(START_MS) }],
    ['unmodified', { UnModifiedSinceConstraint: new Date(START_MS - 1000) }],
  ])('objects that are not %s since a time', async (_, constraint) => {
    expect(await failure(constraint)).toBe(
      'data,a,,failed,412,PreconditionFailed,At least one of the pre-conditions you specified did not hold',
    );
  });

  test('objects that meet both time conditions as copied', async () => {
    const { succeeded } = await copy({
      ModifiedSinceConstraint: new Date(START_MS - 1000),
      UnModifiedSinceConstraint: new Date(START_MS),
    });
    expect(succeeded).toHaveLength(1);
  });

  const KEY_ID = { NewObjectMetadata: { SSEAlgorithm: 'AES256' as const }, SSEAwsKmsKeyId: 'my-key' };
  const LOCK = { ObjectLockLegalHoldStatus: 'ON' as const };
  test('a missing source', async () => {
    expect(await failure({}, rowsOf(['none']))).toBe(
      'data,none,,failed,404,NoSuchKey,The specified key does not exist',
    );
  });

  test.each([
    ['a destination that is not there', { TargetResource: 'arn:aws:s3:::nowhere' }, '404,NoSuchBucket'],
    [
      'ACLs in a bucket without',
      { CannedAccessControlList: 'public-read' },
      '400,AccessControlListNotSupported',
    ],
    ['locks in a bucket without', LOCK, '400,InvalidRequest'],
    ['a KMS key for AES256', KEY_ID, '400,InvalidArgument'],
    ['a copy onto itself', { TargetResource: 'arn:aws:s3:::data' }, '400,InvalidRequest'],
    ['keys that become too long', { TargetKeyPrefix: 'p'.repeat(1024) }, '400,KeyTooLongError'],
  ] as const)('%s', async (_, operation, code) => {
    expect(await failure(operation)).toMatch(`,failed,${code},`);
    expect(await keysIn(stack.s3, 'copies')).toEqual([]);
  });
});
