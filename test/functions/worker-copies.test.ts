import { gunzipSync, gzipSync } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectLegalHoldCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { ObjectVersion } from '../../functions/worker/contract.ts';
import type { CopyStore } from '../../functions/worker/object-copy.ts';
import type { Worker } from '../../functions/worker/worker.ts';
import { AwsError } from '../../local/core/aws-error.ts';
import { s3Client } from '../support/s3.ts';
import { isIdempotent, shippedWorker, startActions } from '../support/worker-actions.ts';

process.env['TARGET_BUCKETS'] = 'data,copies,versions,locked,parts/only/*';
process.env['KMS_KEYS'] = 'alias/listed';

const actions = await startActions({ limits: { minPartBytes: 1 } });
const { client } = actions;
const { createWorker } = await import('../../functions/worker/worker.ts');
const { copyLarge } = await import('../../functions/worker/actions/copy-large.ts');
const { gunzip } = await import('../../functions/worker/actions/gunzip.ts');
const { gzip } = await import('../../functions/worker/actions/gzip.ts');
const { objectStreams } = await import('../../functions/aws/objects/streams.ts');
const { MAX_PARTS, planParts } = await import('../../functions/aws/objects/multipart-copy.ts');
const { objectCopies } = await import('../../functions/aws/objects/copies.ts');
const shipped = await shippedWorker();

/** Copies objects above 10 bytes in parts of 8, and streams in parts of 16. */
const workerOn = (store: CopyStore) =>
  createWorker({
    actions: [
      gunzip.using(objectStreams(16)),
      gzip.using(objectStreams(16)),
      copyLarge.using({
        store,
        isTarget: () => true,
        isKmsKey: () => true,
        sizes: { wholeBytes: 10, partBytes: 8, partsInProgress: 2 },
      }),
    ],
  });
const worker = workerOn(objectCopies);
/** The same worker with nothing in memory. */
async function newContainer(): Promise<Worker> {
  jest.resetModules();
  return workerOn((await import('../../functions/aws/objects/copies.ts')).objectCopies);
}
for (const Bucket of ['copies', 'parts']) await client.send(new CreateBucketCommand({ Bucket }));
await client.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true }));

const action = 'copy-large';
const BYTES = Buffer.from('one two three four five'); // three parts
const everything: Partial<PutObjectCommandInput> = {
  ContentType: 'text/plain',
  CacheControl: 'max-age=60',
  ContentLanguage: 'en',
  Expires: new Date('2030-01-01T00:00:00Z'),
  Metadata: { owner: 'media' },
  Tagging: 'state=new&team=a%20b',
  StorageClass: 'STANDARD_IA',
  ServerSideEncryption: 'aws:kms',
  SSEKMSKeyId: 'alias/own',
  BucketKeyEnabled: true,
};

const nameOf = ({ bucket, key, versionId }: ObjectVersion) => ({
  Bucket: bucket,
  Key: key,
  ...(versionId && { VersionId: versionId }),
});
async function put(key: string, input: Partial<PutObjectCommandInput> = {}): Promise<ObjectVersion> {
  const { VersionId } = await client.send(
    new PutObjectCommand({
      Bucket: 'data',
      Key: key,
      Body: BYTES,
      ChecksumAlgorithm: 'CRC64NVME',
      ...input,
    }),
  );
  return { bucket: input.Bucket ?? 'data', key, ...(VersionId && { versionId: VersionId }) };
}
const run = async (object: ObjectVersion, values: Record<string, unknown>) =>
  (await actions.run(worker, object, { action, ...values })).outcome;
const permanent = (resultString: unknown) => ({ resultCode: 'PermanentFailure', resultString });
const bytesOf = async (object: ObjectVersion) => {
  const { Body } = await client.send(new GetObjectCommand(nameOf(object)));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};
const uploadsOf = async ({ bucket, key }: ObjectVersion) =>
  (await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }))).Uploads ?? [];

/** Everything that can be read of an object, with the unfinished uploads at its key. */
async function stateOf(object: ObjectVersion) {
  const {
    LastModified: _,
    VersionId: __,
    $metadata: ___,
    ...head
  } = await client.send(new HeadObjectCommand({ ...nameOf(object), ChecksumMode: 'ENABLED' }));
  const { TagSet } = await client.send(new GetObjectTaggingCommand(nameOf(object)));
  return { head, TagSet, bytes: (await bytesOf(object)).toString(), uploads: await uploadsOf(object) };
}
const copyOf = ({ key }: ObjectVersion) => ({ bucket: 'copies', key: `by/${key}` });
const toCopies = { targetBucket: 'copies', targetPrefix: 'by/' };
const success = (bytes: number) => ({
  resultCode: 'Succeeded',
  resultString: expect.stringMatching(new RegExp(`^\\{"bytes":${bytes},"etag":"[0-9a-f]{32}(-\\d+)?"\\}$`)),
});

describe('copy-large', () => {
  describe('in parts', () =>
    isIdempotent({
      actions: () => actions,
      worker: () => worker,
      values: { action, ...toCopies },
      arrange: (key) => put(key, everything),
      effect: (object) => stateOf(copyOf(object)),
    }));

  describe('in one call', () =>
    isIdempotent({
      actions: () => actions,
      worker: () => worker,
      values: { action, ...toCopies },
      arrange: (key) => put(key, { ...everything, Body: 'small' }),
      effect: (object) => stateOf(copyOf(object)),
    }));

  test.each(['small', BYTES])('keeps all properties of the object: %s', async (Body) => {
    const object = await put('kept', { ...everything, Body });
    expect(await run(object, toCopies)).toEqual(success(Body.length));
    const [source, copy] = [await stateOf(object), await stateOf(copyOf(object))];
    const { ETag: _, ...sourceHead } = source.head;
    expect(copy).toEqual({ ...source, head: { ...sourceHead, ETag: expect.any(String) } });
    expect(copy.head).toMatchObject({
      ContentType: 'text/plain',
      Metadata: { owner: 'media' },
      StorageClass: 'STANDARD_IA',
      TagCount: 2,
      SSEKMSKeyId: expect.stringContaining('alias/own'),
      ChecksumType: 'FULL_OBJECT',
    });
  });

  test.each(['small', BYTES])('replaces what the arguments name, and keeps the rest: %s', async (Body) => {
    const object = await put('replaced', { ...everything, Body });
    const values = {
      ...toCopies,
      storageClass: 'STANDARD',
      encryption: 'aws:kms',
      kmsKey: 'alias/other',
      metadata: { a: 'b' },
      tags: {},
      acl: 'bucket-owner-full-control',
    };
    expect(await run(object, values)).toEqual(success(Body.length));
    const { head, TagSet } = await stateOf(copyOf(object));
    expect(TagSet).toEqual([]);
    expect(head).toMatchObject({
      ContentType: 'text/plain',
      Metadata: { a: 'b' },
      SSEKMSKeyId: expect.stringContaining('alias/other'),
    });
    expect(head.StorageClass).toBeUndefined();
  });

  test('keeps grants on request, and refuses grants to groups', async () => {
    const reader = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';
    const own = { Bucket: 'copies', GrantRead: `id="${reader}"` };
    await client.send(
      new CreateBucketCommand({ Bucket: 'granted', ObjectOwnership: 'BucketOwnerPreferred' }),
    );
    const object = await put('granted', { ...own, Bucket: 'granted' });
    const values = { targetBucket: 'granted', targetPrefix: 'by/', acl: 'keep' };
    expect(await run(object, values)).toEqual(success(BYTES.length));
    const { Grants = [] } = await client.send(
      new GetObjectAclCommand({ Bucket: 'granted', Key: 'by/granted' }),
    );
    expect(Grants.map(({ Grantee, Permission }) => [Grantee?.ID, Permission])).toContainEqual([
      reader,
      'READ',
    ]);
    const open = await put('open', { Bucket: 'granted', ACL: 'public-read' });
    expect(await run(open, values)).toEqual({
      resultCode: 'PermanentFailure',
      resultString: 'its ACL grants access to a group; such grants are not copied',
    });
  });

  test('copies objects exactly with parts of any size, and leaves no unfinished upload', async () => {
    const awkward = ['a+b', 'a%2Bb c', 'ä/ö 中', 'new\nline', `${'k'.repeat(1021)}`];
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 0, maxLength: 90 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(...awkward),
        async (bytes, partBytes, key) => {
          const some = createWorker({
            actions: [
              copyLarge.using({
                store: objectCopies,
                isTarget: () => true,
                isKmsKey: () => true,
                sizes: { wholeBytes: 10, partBytes, partsInProgress: 4 },
              }),
            ],
          });
          const object = await put(key, { Body: bytes });
          const { outcome } = await actions.run(some, object, { action, targetPrefix: 'to' });
          expect(outcome).toEqual(success(bytes.length));
          const copy = { bucket: 'data', key: `to${key}` };
          expect(await bytesOf(copy)).toEqual(Buffer.from(bytes));
          expect(await uploadsOf(copy)).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('plans at most 9,999 parts that cover the object without gap or overlap', () => {
    const MIB = 1024 ** 2;
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 1, max: 300_000 }), fc.integer({ min: 1, max: 48 * 1024 ** 4 })),
        fc.constantFrom(MIB, 8 * MIB, 128 * MIB),
        (bytes, partBytes) => {
          const plan = planParts(bytes, partBytes);
          expect(plan.length).toBeLessThanOrEqual(MAX_PARTS);
          expect([plan[0]?.from, plan.at(-1)?.to]).toEqual([0, bytes]);
          const step = (plan[0]?.to ?? 0) - 0;
          const isTight = plan.every(
            ({ number, from, to }, index) =>
              number === index + 1 && from === index * step && to > from && to - from <= step,
          );
          expect(isTight).toBe(true);
          if (partBytes === 128 * MIB) expect(step).toBeLessThanOrEqual(5 * 1024 ** 3);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('resumes with the parts that are already copied', async () => {
    const object = await put('resumed');
    const { calls } = await actions.run(
      worker,
      object,
      { action, ...toCopies },
      {
        fault: { at: 9, kind: 'killedBefore' },
      },
    );
    expect(calls.at(-1)).toBe('UploadPartCopy');
    const again = await actions.run(worker, object, { action, ...toCopies });
    expect(again.outcome).toEqual(success(BYTES.length));
    expect(again.calls.filter((name) => name === 'UploadPartCopy').length).toBeLessThan(3);
    expect(again.calls).not.toContain('CreateMultipartUpload');
    expect(await bytesOf(copyOf(object))).toEqual(BYTES);
  });

  test('never mixes the parts of two versions, and removes those of the older one', async () => {
    const object = await put('changed');
    await actions.run(worker, object, { action, ...toCopies }, { fault: { at: 9, kind: 'killedBefore' } });
    const other = Buffer.from(BYTES).reverse();
    await put('changed', { Body: other });
    expect(await run(object, toCopies)).toEqual(success(BYTES.length));
    expect(await bytesOf(copyOf(object))).toEqual(other);
    expect(await uploadsOf(copyOf(object))).toEqual([]);
  });

  test('does not resume an upload for other arguments', async () => {
    const object = await put('two-minds');
    await actions.run(worker, object, { action, ...toCopies }, { fault: { at: 9, kind: 'killedBefore' } });
    expect(await run(object, { ...toCopies, metadata: { a: 'b' } })).toEqual(success(BYTES.length));
    expect((await stateOf(copyOf(object))).head.Metadata).toEqual({ a: 'b' });
    expect(await uploadsOf(copyOf(object))).toEqual([]);
  });

  test('keeps its parts when another writer aborts a stray upload first', async () => {
    const object = await put('both-abort');
    await actions.run(worker, object, { action, ...toCopies }, { fault: { at: 9, kind: 'killedBefore' } });
    const [left] = await uploadsOf(copyOf(object));
    const { outcome, calls } = await actions.run(
      worker,
      object,
      { action, ...toCopies, metadata: { a: 'b' } },
      {
        between: (soFar) => {
          const { Bucket, Key } = nameOf(copyOf(object));
          if (soFar.at(-1) === 'AbortMultipartUpload')
            return client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: left?.UploadId }));
        },
      },
    );
    expect(outcome).toEqual(success(BYTES.length));
    expect(calls.filter((name) => name === 'AbortMultipartUpload')).toHaveLength(1);
    expect(await uploadsOf(copyOf(object))).toEqual([]);
  });

  test('starts again when the source changes while it is copied', async () => {
    const object = await put('moving');
    const other = Buffer.from(BYTES).reverse();
    const { outcome } = await actions.run(
      worker,
      object,
      { action, ...toCopies },
      {
        between: (calls) =>
          calls.filter((name) => name === 'UploadPartCopy').length === 2 && put('moving', { Body: other }),
      },
    );
    expect(outcome).toEqual({
      resultCode: 'TemporaryFailure',
      resultString: 'source or target changed in the meantime; try again',
    });
    expect(await uploadsOf(copyOf(object))).toEqual([]);
    expect(await run(object, toCopies)).toEqual(success(BYTES.length));
    expect(await bytesOf(copyOf(object))).toEqual(other);
  });

  test.each(['small', BYTES])(
    'keeps what another writer stores at the target in the meantime: %s',
    async (Body) => {
      const object = await put(`raced-${Body.length}`, { Body });
      const target = copyOf(object);
      const { outcome } = await actions.run(
        worker,
        object,
        { action, ...toCopies },
        {
          between: (calls) =>
            ['CopyObject', 'CompleteMultipartUpload'].includes(calls.at(-1) ?? '') &&
            put(target.key, { Bucket: target.bucket, Body: 'theirs' }),
        },
      );
      expect(outcome?.resultCode).toBe('TemporaryFailure');
      expect((await bytesOf(target)).toString()).toBe('theirs');
      expect(await uploadsOf(target)).toEqual([]);
    },
  );

  test.each(['ConditionalRequestConflict', 'InvalidPart', 'NoSuchKey', 'NoSuchUpload'])(
    'starts a copy in parts again after %s at its end',
    async (code) => {
      const object = await put(`refused with ${code}`);
      await put(copyOf(object).key, { Bucket: 'copies', Body: 'before' });
      const { outcome } = await actions.run(
        worker,
        object,
        { action, ...toCopies },
        {
          between: (calls) => {
            if (calls.at(-1) === 'CompleteMultipartUpload') throw new AwsError(code, 409, 'moved');
          },
        },
      );
      expect(outcome?.resultCode).toBe('TemporaryFailure');
      expect(await uploadsOf(copyOf(object))).toEqual([]);
      expect(await run(object, toCopies)).toEqual(success(BYTES.length));
      expect(await bytesOf(copyOf(object))).toEqual(BYTES);
    },
  );

  test('keeps uploads of others to the same key', async () => {
    const object = await put('shared');
    const target = nameOf(copyOf(object));
    const plain = await client.send(new CreateMultipartUploadCommand(target));
    const alike = await client.send(
      new CreateMultipartUploadCommand({
        ...target,
        ChecksumAlgorithm: 'CRC64NVME',
        ChecksumType: 'FULL_OBJECT',
      }),
    );
    await client.send(
      new UploadPartCommand({
        ...target,
        UploadId: alike.UploadId,
        PartNumber: 1,
        Body: 'part',
        ChecksumAlgorithm: 'CRC64NVME',
      }),
    );
    expect(await run(object, toCopies)).toEqual(success(BYTES.length));
    expect((await uploadsOf(copyOf(object))).map(({ UploadId }) => UploadId).sort()).toEqual(
      [plain.UploadId, alike.UploadId].sort(),
    );
  });

  describe('with uploads that another principal started', () => {
    const others = s3Client(actions.handle, {
      credentials: { accessKeyId: 'somebody', secretAccessKey: 'x' },
    });

    /** The fingerprint of the unfinished upload at the target: the content of its last part. */
    async function fingerprintAt(target: ObjectVersion): Promise<string> {
      const name = nameOf(target);
      const [upload] = await uploadsOf(target);
      const { Parts = [] } = await client.send(
        new ListPartsCommand({ ...name, UploadId: upload?.UploadId, PartNumberMarker: '9999' }),
      );
      const MultipartUpload = { Parts: Parts.map(({ ETag }) => ({ ETag, PartNumber: 10_000 })) };
      await client.send(
        new CompleteMultipartUploadCommand({ ...name, UploadId: upload?.UploadId, MultipartUpload }),
      );
      const fingerprint = (await bytesOf(target)).toString();
      await client.send(new DeleteObjectCommand(name));
      return fingerprint;
    }

    /** An upload like those of the worker. A part with `undefined` is not uploaded. */
    async function forge(target: ObjectVersion, mark: string, parts: readonly (Buffer | undefined)[]) {
      const name = nameOf(target);
      const { UploadId } = await others.send(
        new CreateMultipartUploadCommand({
          ...name,
          ChecksumAlgorithm: 'CRC64NVME',
          ChecksumType: 'FULL_OBJECT',
        }),
      );
      const numbered = [...parts.map((Body, index) => [index + 1, Body] as const), [10_000, mark] as const];
      for (const [PartNumber, Body] of numbered)
        if (Body !== undefined)
          await others.send(
            new UploadPartCommand({ ...name, UploadId, PartNumber, Body, ChecksumAlgorithm: 'CRC64NVME' }),
          );
      return UploadId;
    }

    const part = (bytes: number) =>
      fc.option(fc.uint8Array({ minLength: bytes, maxLength: bytes }), { nil: undefined });
    const forged = fc.array(fc.tuple(part(8), part(8), part(BYTES.length - 16)), {
      minLength: 1,
      maxLength: 3,
    });

    test.each([
      ['in a container that has started an upload before', false, 15],
      // Each loads all modules again. What uploads hold is drawn above; new is only that nothing is in memory.
      ['in a new container', true, 4],
    ])('copies the source, whatever their parts hold, %s', async (_, isNew, numRuns) => {
      // Without a checksum of the whole object, S3 compares only the size.
      const object = await put(`forged ${isNew}`, { ChecksumAlgorithm: 'SHA256' });
      const target = copyOf(object);
      await actions.run(worker, object, { action, ...toCopies }, { fault: { at: 9, kind: 'killedBefore' } });
      const fingerprint = await fingerprintAt(target);
      await fc.assert(
        fc.asyncProperty(forged, async (uploads) => {
          const ids: (string | undefined)[] = [];
          for (const parts of uploads)
            ids.push(
              await forge(
                target,
                fingerprint,
                parts.map((bytes) => bytes && Buffer.from(bytes)),
              ),
            );
          const one = isNew ? await newContainer() : worker;
          expect((await actions.run(one, object, { action, ...toCopies })).outcome).toEqual(
            success(BYTES.length),
          );
          expect(await bytesOf(target)).toEqual(BYTES);
          expect((await uploadsOf(target)).map(({ UploadId }) => UploadId).sort()).toEqual(ids.sort());
          for (const UploadId of ids)
            await client.send(new AbortMultipartUploadCommand({ ...nameOf(target), UploadId }));
          await client.send(new DeleteObjectCommand(nameOf(target)));
        }),
        { numRuns },
      );
    });

    test('still resumes its own upload in a new container', async () => {
      const object = await put('own and others');
      await actions.run(worker, object, { action, ...toCopies }, { fault: { at: 9, kind: 'killedBefore' } });
      const other = await forge(copyOf(object), 'f'.repeat(64), [undefined]);
      const again = await actions.run(await newContainer(), object, { action, ...toCopies });
      expect(again.outcome).toEqual(success(BYTES.length));
      expect(again.calls.filter((name) => name === 'UploadPartCopy').length).toBeLessThan(3);
      expect(await bytesOf(copyOf(object))).toEqual(BYTES);
      expect((await uploadsOf(copyOf(object))).map(({ UploadId }) => UploadId)).toEqual([other]);
    });
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)(
    'keeps the checksum of a whole object: %s',
    async (name) => {
      const object = await put(name, { ChecksumAlgorithm: name });
      expect(await run(object, toCopies)).toEqual(success(BYTES.length));
      const [source, copy] = [await stateOf(object), await stateOf(copyOf(object))];
      expect(copy.head[`Checksum${name}`]).toBe(source.head[`Checksum${name}`]);
      expect(source.head[`Checksum${name}`]).toBeDefined();
      expect(copy.head.ChecksumType).toBe('FULL_OBJECT');
    },
  );

  test('copies nothing when the target is already equal, and onto itself also without a checksum', async () => {
    const object = await put('alike');
    await run(object, toCopies);
    const calls = async (values: object) => (await actions.run(worker, object, { action, ...values })).calls;
    expect(await calls(toCopies)).toEqual([
      'HeadObject',
      'GetObjectTagging',
      'HeadObject',
      'GetObjectTagging',
    ]);
    expect(await calls({ storageClass: 'STANDARD' })).not.toContain('CompleteMultipartUpload');
  });

  test('changes what the arguments name once when it copies an object onto itself', async () => {
    const object = await put('self', everything);
    const values = { storageClass: 'GLACIER_IR', tags: { new: 'yes' } };
    const before = await stateOf(object);
    const first = await run(object, values);
    expect(first).toEqual(success(BYTES.length));
    const after = await stateOf(object);
    expect(after).toMatchObject({ bytes: before.bytes, TagSet: [{ Key: 'new', Value: 'yes' }], uploads: [] });
    expect(after.head).toEqual({
      ...before.head,
      ETag: after.head.ETag,
      StorageClass: 'GLACIER_IR',
      TagCount: 1,
    });
    const { outcome, calls } = await actions.run(worker, object, { action, ...values });
    expect(outcome).toEqual(first);
    expect(calls).not.toContain('CompleteMultipartUpload');
  });

  test('copies the named version', async () => {
    const older = await put('versioned', { Bucket: 'versions' });
    await put('versioned', { Bucket: 'versions', Body: Buffer.from(BYTES).reverse() });
    expect(await run(older, toCopies)).toEqual(success(BYTES.length));
    expect(await bytesOf(copyOf(older))).toEqual(BYTES);
  });

  test('adds a newer version to a locked target', async () => {
    const object = await put('held');
    const held = await put('held', { Bucket: 'locked', Body: 'locked' });
    await client.send(new PutObjectLegalHoldCommand({ ...nameOf(held), LegalHold: { Status: 'ON' } }));
    expect(await run(object, { targetBucket: 'locked' })).toEqual(success(BYTES.length));
    expect((await bytesOf(held)).toString()).toBe('locked');
    expect(await bytesOf({ bucket: 'locked', key: 'held' })).toEqual(BYTES);
  });

  test.each([
    [{ targetBucket: 'elsewhere' }, 'targetBuckets of this deployment does not list the target'],
    [{ targetBucket: 'parts' }, 'targetBuckets of this deployment does not list the target'],
    [
      { targetBucket: 'parts', targetPrefix: 'only' },
      'targetBuckets of this deployment does not list the target',
    ],
    [
      { targetBucket: 'copies', encryption: 'aws:kms', kmsKey: 'alias/other' },
      'kmsKeys of this deployment does not list kmsKey',
    ],
    [
      { targetBucket: 'copies', encryption: 'AES256', kmsKey: 'alias/listed' },
      expect.stringContaining('encryption'),
    ],
    [{ targetBucket: 'copies', kmsKey: 'alias/listed' }, expect.stringContaining('encryption')],
  ])('the deployed worker refuses %j without a call', async (values, resultString) => {
    const { outcome, calls } = await actions.run(shipped, await put('refused'), { action, ...values });
    expect(outcome).toEqual({ resultCode: 'PermanentFailure', resultString });
    expect(calls).toEqual([]);
  });

  test('the deployed worker copies to a listed prefix', async () => {
    const { outcome } = await actions.run(shipped, await put('listed'), {
      action,
      targetBucket: 'parts',
      targetPrefix: 'only/',
    });
    expect(outcome).toEqual(success(BYTES.length));
  });
});

describe('gzip and gunzip', () => {
  const TEXT = 'a line that comes again and again, '.repeat(3);
  const PACKED = gzipSync(TEXT);
  const packed: Partial<PutObjectCommandInput> = { ...everything, Body: PACKED, ContentEncoding: 'gzip' };
  const at = (key: string): ObjectVersion => ({ bucket: 'data', key });

  /** Everything except what differs between an upload in parts and in one call. */
  async function propertiesOf(object: ObjectVersion) {
    const { head, TagSet } = await stateOf(object);
    return { head, TagSet };
  }

  describe.each([
    ['gzip', {}, { ...everything, Body: TEXT }, (key: string) => key],
    ['gzip', { prefix: 'z/', suffix: '.gz' }, { ...everything, Body: TEXT }, (key: string) => `z/${key}.gz`],
    ['gunzip', {}, packed, (key: string) => key],
  ] as const)('%s with %j', (name, more, input, targetOf) =>
    isIdempotent({
      actions: () => actions,
      worker: () => worker,
      values: { action: name, ...more },
      arrange: (key) => put(key, input),
      effect: async ({ key }) => ({
        ...(await propertiesOf(at(targetOf(key)))),
        bytes: await bytesOf(at(targetOf(key))),
      }),
    }),
  );

  test('gzip and then gunzip of the object itself restores it with all properties', async () => {
    const object = await put('there-and-back', { ...everything, Body: TEXT });
    const before = await propertiesOf(object);
    const zipped = await run(object, { action: 'gzip' });
    const bytes = await bytesOf(object);
    expect(gunzipSync(bytes).toString()).toBe(TEXT);
    expect(zipped).toEqual({
      resultCode: 'Succeeded',
      resultString: JSON.stringify({ bytes: bytes.length }),
    });
    const { head } = await propertiesOf(object);
    expect(head).toMatchObject({
      ContentEncoding: 'gzip',
      ContentType: 'text/plain',
      Metadata: { owner: 'media' },
    });
    expect(await run(object, { action: 'gunzip' })).toEqual({
      resultCode: 'Succeeded',
      resultString: JSON.stringify({ bytes: TEXT.length }),
    });
    const after = await propertiesOf(object);
    const { ETag: _, ChecksumCRC64NVME: __, ChecksumType: ___, ...same } = before.head;
    expect(after).toMatchObject({ head: same, TagSet: before.TagSet });
    expect(after.head.ContentEncoding).toBeUndefined();
    expect((await bytesOf(object)).toString()).toBe(TEXT);
  });

  test('gzip and gunzip restore any bytes under any key, with parts of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('a+b', 'a%2Bb c', 'ä/ö 中', 'new\nline', 'k'.repeat(1019)),
        async (bytes, partBytes, level, key) => {
          // Bytes that start like gzip are not compressed.
          fc.pre(!(bytes[0] === 0x1f && bytes[1] === 0x8b));
          const some = createWorker({
            actions: [gzip.using(objectStreams(partBytes)), gunzip.using(objectStreams(partBytes))],
          });
          const object = await put(key, { Body: bytes });
          const { outcome } = await actions.run(some, object, { action: 'gzip', suffix: '.gz', level });
          expect(outcome?.resultCode).toBe('Succeeded');
          const values = { action: 'gunzip', removeSuffix: '.gz', prefix: 'un' };
          const back = await actions.run(some, at(`${key}.gz`), values);
          expect(back.outcome?.resultString).toBe(JSON.stringify({ bytes: bytes.length }));
          expect(await bytesOf(at(`un${key}`))).toEqual(Buffer.from(bytes));
          expect(await uploadsOf(at(`un${key}`))).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('keeps an object that needs no change, and does not write it to another key', async () => {
    const [zipped, plain] = [await put('is-gzip', packed), await put('is-plain', { Body: TEXT })];
    const bare = await put('is-gzip-by-its-bytes', { Body: PACKED });
    const unchanged = (bytes: number) => ({
      resultCode: 'Succeeded',
      resultString: JSON.stringify({ bytes }),
    });
    expect(await run(zipped, { action: 'gzip' })).toEqual(unchanged(PACKED.length));
    expect(await run(bare, { action: 'gzip' })).toEqual(unchanged(PACKED.length));
    expect(await run(plain, { action: 'gunzip' })).toEqual(unchanged(TEXT.length));
    expect(await run(bare, { action: 'gunzip' })).toEqual(unchanged(PACKED.length));
    expect(await run(zipped, { action: 'gzip', suffix: '.gz' })).toEqual(
      permanent('it is already gzip; nothing was written'),
    );
    expect(await run(plain, { action: 'gunzip', prefix: 'un/' })).toEqual(
      permanent('it is not gzip; nothing was written'),
    );
  });

  test.each<[string, Partial<PutObjectCommandInput>, object, unknown]>([
    [
      'not gzip despite its content encoding',
      { ContentEncoding: 'gzip', Body: TEXT },
      {},
      'its content encoding is gzip, but its bytes are not',
    ],
    [
      'compressed twice',
      { ContentEncoding: 'gzip, gzip' },
      {},
      'its content encoding names gzip more than once',
    ],
    [
      'also encoded in another way',
      { ContentEncoding: 'gzip, br' },
      {},
      'its content encoding names another encoding after gzip',
    ],
    ['truncated', { Body: PACKED.subarray(0, 20) }, {}, expect.stringContaining('unexpected end of file')],
    [
      'corrupt',
      { Body: Buffer.concat([PACKED.subarray(0, 20), Buffer.alloc(40, 7)]) },
      {},
      expect.stringMatching(/invalid|incorrect/),
    ],
    ...['zeros', 'zeros and more', 'a member with a corrupt first byte'].map((what, index) => {
      const rest = [Buffer.alloc(9), Buffer.from('\0more'), Buffer.from([0, ...PACKED.subarray(1)])][index];
      const Body = Buffer.concat([PACKED, rest ?? PACKED]);
      const why = `only ${PACKED.length} of its ${Body.length} bytes could be used`;
      return [`followed by ${what}`, { Body }, {}, why] satisfies [string, object, object, string];
    }),
    ['without the suffix', {}, { removeSuffix: '.gz' }, 'the key does not end with removeSuffix'],
  ])('gunzip keeps an object that is %s', async (_, input, more, resultString) => {
    const object = await put('odd', { ...packed, ...input });
    const before = await bytesOf(object);
    expect(await run(object, { action: 'gunzip', ...more })).toEqual(permanent(resultString));
    expect(await bytesOf(object)).toEqual(before);
    expect(await uploadsOf(object)).toEqual([]);
  });

  test('gunzip keeps an object that is a bomb', async () => {
    const object = await put('bomb', { ...packed, Body: gzipSync(Buffer.alloc(17 * 1024 ** 2)) });
    // Parts of 16 bytes would be a thousand.
    const some = createWorker({ actions: [gunzip.using(objectStreams(8 * 1024 ** 2))] });
    const { outcome } = await actions.run(some, object, { action: 'gunzip' });
    expect(outcome).toEqual(permanent(expect.stringContaining('it would become larger than 16777216 bytes')));
    expect((await bytesOf(object)).length).toBeLessThan(100_000);
    expect(await uploadsOf(object)).toEqual([]);
  });

  test.each([
    ['breaks off', 'TemporaryFailure', 'aborted'],
    [
      'ends too soon',
      'PermanentFailure',
      `only ${TEXT.length / 3} of its ${TEXT.length} bytes could be used`,
    ],
  ])('writes nothing of an object whose body %s', async (how, resultCode, why) => {
    async function* read() {
      yield Buffer.from(TEXT.slice(0, TEXT.length / 3));
      if (how === 'breaks off') throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    }
    for (const partBytes of [16, 1024]) {
      const store = { ...objectStreams(partBytes), read: async () => read() };
      const object = await put('half-read', { Body: TEXT });
      const some = createWorker({ actions: [gzip.using(store)] });
      const { outcome } = await actions.run(some, object, { action: 'gzip' });
      expect(outcome).toEqual({ resultCode, resultString: expect.stringContaining(why) });
      expect((await bytesOf(object)).toString()).toBe(TEXT);
      expect(await uploadsOf(object)).toEqual([]);
    }
  });

  test('decompresses all gzip members', async () => {
    const object = await put('members', { ...packed, Body: Buffer.concat([PACKED, gzipSync('and more')]) });
    expect((await run(object, { action: 'gunzip' }))?.resultCode).toBe('Succeeded');
    expect((await bytesOf(object)).toString()).toBe(`${TEXT}and more`);
  });

  test('treats arguments that give the same key as the object itself', async () => {
    const held = await put('aaa', { ...packed, Bucket: 'locked' });
    await client.send(new PutObjectLegalHoldCommand({ ...nameOf(held), LegalHold: { Status: 'ON' } }));
    expect(await run(held, { action: 'gunzip', prefix: 'a', removeSuffix: 'a' })).toEqual(
      permanent('Object Lock protects it; nothing was changed'),
    );
  });

  test.each([16, 1024])(
    'keeps what another writer stores in the meantime: parts of %i',
    async (partBytes) => {
      const some = createWorker({ actions: [gzip.using(objectStreams(partBytes))] });
      const object = await put('written', { Body: TEXT });
      const last = partBytes === 16 ? 'CompleteMultipartUpload' : 'PutObject';
      const { outcome } = await actions.run(
        some,
        object,
        { action: 'gzip' },
        {
          between: (calls) => calls.at(-1) === last && put('written', { Body: 'theirs' }),
        },
      );
      expect(outcome).toEqual({
        resultCode: 'TemporaryFailure',
        resultString: 'source or target changed in the meantime; try again',
      });
      expect((await bytesOf(object)).toString()).toBe('theirs');
      expect(await uploadsOf(object)).toEqual([]);
    },
  );

  test('replaces only the current version, and nothing that is locked', async () => {
    const older = await put('versions', { Bucket: 'versions', Body: TEXT });
    const newer = await put('versions', { Bucket: 'versions', Body: TEXT });
    expect(await run(older, { action: 'gzip' })).toEqual(
      permanent('only the current version can be changed'),
    );
    expect((await run(older, { action: 'gzip', suffix: '.gz' }))?.resultCode).toBe('Succeeded');
    expect((await run(newer, { action: 'gzip' }))?.resultCode).toBe('Succeeded');
    const held = await put('zipped', { Bucket: 'locked', Body: TEXT });
    await client.send(new PutObjectLegalHoldCommand({ ...nameOf(held), LegalHold: { Status: 'ON' } }));
    expect(await run(held, { action: 'gzip' })).toEqual(
      permanent('Object Lock protects it; nothing was changed'),
    );
  });
});
