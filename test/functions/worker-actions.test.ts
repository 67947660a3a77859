import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectLegalHoldCommand,
  PutObjectTaggingCommand,
  RestoreObjectCommand,
} from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { setMetadata } from '../../functions/worker/actions/set-metadata.ts';
import type { ObjectVersion } from '../../functions/worker/contract.ts';
import { isTemporary } from '../../functions/worker/failures.ts';
import { createWorker, type Worker } from '../../functions/worker/worker.ts';
import { createBatch } from '../../local/batch/batch.ts';
import { AwsError } from '../../local/core/aws-error.ts';
import { createRandom } from '../../local/core/random.ts';
import { functionThat, jobRequest, manifestAt, reportOf, rowsOf } from '../support/batch.ts';
import { isIdempotent, shippedWorker, startActions } from '../support/worker-actions.ts';

const actions = await startActions({ limits: { minPartBytes: 10 } });
const worker = await shippedWorker();
const { objectProperties } = await import('../../functions/aws/objects/properties.ts');
const { logger } = await import('../../functions/core/logger.ts');
const { client } = actions;
const shared = { actions: () => actions, worker: () => worker };

const nameOf = ({ bucket, key, versionId }: ObjectVersion) => ({
  Bucket: bucket,
  Key: key,
  ...(versionId && { VersionId: versionId }),
});
async function put(key: string, input: Partial<PutObjectCommandInput> = {}): Promise<ObjectVersion> {
  await client.send(new PutObjectCommand({ Bucket: 'data', Key: key, Body: 'bucket brigade', ...input }));
  return { bucket: input.Bucket ?? 'data', key };
}
async function tagsOf(object: ObjectVersion): Promise<Record<string, string>> {
  const { TagSet = [] } = await client.send(new GetObjectTaggingCommand(nameOf(object)));
  return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
}
const setTags = (object: ObjectVersion, tags: Record<string, string>) =>
  client.send(
    new PutObjectTaggingCommand({
      ...nameOf(object),
      Tagging: { TagSet: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
    }),
  );
function withHeader(command: PutObjectCommand, name: string, value: string): PutObjectCommand {
  command.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: object }).headers, { [name]: value });
      return next(args);
    },
    { step: 'build' },
  );
  return command;
}
const run = async (object: ObjectVersion, values: Record<string, unknown>) =>
  (await actions.run(worker, object, values)).outcome;
const permanent = (resultString: unknown) => ({ resultCode: 'PermanentFailure', resultString });

describe('verify-checksum', () => {
  const digest = createHash('sha256').update('bucket brigade').digest();
  const hex = digest.toString('hex');
  const action = 'verify-checksum';

  isIdempotent({
    ...shared,
    values: { action, sha256: hex },
    arrange: put,
    effect: async (object) => (await client.send(new HeadObjectCommand(nameOf(object)))).ETag,
  });

  test.each([hex, hex.toUpperCase(), digest.toString('base64')])(
    'accepts %s as argument and as metadata',
    async (sha256) => {
      const success = { resultCode: 'Succeeded', resultString: JSON.stringify({ sha256: hex, bytes: 14 }) };
      expect(await run(await put('right'), { action, sha256 })).toEqual(success);
      expect(await run(await put('right', { Metadata: { sha256 } }), { action })).toEqual(success);
    },
  );

  test('reports both checksums when they differ, and prefers the argument to the metadata', async () => {
    const wrong = '0'.repeat(64);
    const outcome = await run(await put('wrong', { Metadata: { sha256: hex } }), { action, sha256: wrong });
    expect(outcome).toEqual(permanent(`SHA-256 differs: expected ${wrong}, found ${hex}`));
  });

  test('fails permanently without an expected checksum, or with an invalid one', async () => {
    expect(await run(await put('none'), { action })).toEqual(
      permanent(expect.stringContaining('no expected SHA-256')),
    );
    expect(await run(await put('odd', { Metadata: { sha256: 'abc' } }), { action })).toEqual(
      permanent(expect.stringContaining('in the metadata is neither')),
    );
    expect(await run(await put('odd'), { action, sha256: 'abc' })).toEqual(
      permanent(
        expect.stringContaining(
          'the user argument sha256 must be a SHA-256 in hexadecimal or base64, such as',
        ),
      ),
    );
  });
});

describe('merge-tags', () => {
  const action = 'merge-tags';
  const tags = { team: 'media', state: 'kept' };

  isIdempotent({
    ...shared,
    values: { action, tags },
    arrange: (key) => put(key, { Tagging: 'owner=me&state=new' }),
    effect: tagsOf,
  });

  test('adds tags, replaces the value of an existing tag, and keeps the others', async () => {
    const object = await put('mine', { Tagging: 'owner=me&state=new' });
    expect(await run(object, { action, tags })).toEqual({
      resultCode: 'Succeeded',
      resultString: '{"tags":3}',
    });
    expect(await tagsOf(object)).toEqual({ owner: 'me', ...tags });
  });

  test('writes nothing when the object already has the tags', async () => {
    const object = await put('same', { Tagging: 'owner=me&state=kept&team=media' });
    expect((await actions.run(worker, object, { action, tags })).calls).toEqual(['GetObjectTagging']);
  });

  test('merges any sets of tags into their union if it has at most ten, and otherwise changes nothing', async () => {
    const text = fc.stringMatching(/^[a-zäß中 _.:/=+@-]{1,12}$/).filter((key) => !/^aws:/i.test(key));
    const set = (minKeys: number) =>
      fc.dictionary(text, text, { minKeys, maxKeys: 8, noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(set(0), set(1), async (present, more) => {
        const object = await put('any');
        await setTags(object, present);
        const union = { ...present, ...more };
        const fits = Object.keys(union).length <= 10;
        const outcome = await run(object, { action, tags: more });
        expect(outcome?.resultCode).toBe(fits ? 'Succeeded' : 'PermanentFailure');
        expect(await tagsOf(object)).toEqual(fits ? union : present);
      }),
      { numRuns: 15 },
    );
  });

  test('merges again when another writer replaced the tags in between', async () => {
    const object = await put('shared');
    const { outcome, calls } = await actions.run(
      worker,
      object,
      { action, tags },
      {
        between: (soFar) => soFar.length === 3 && setTags(object, { theirs: 'yes' }),
      },
    );
    expect(outcome?.resultCode).toBe('Succeeded');
    expect(calls).toHaveLength(5);
    expect(await tagsOf(object)).toEqual({ theirs: 'yes', ...tags });
  });

  test('fails temporarily if other writers never stop', async () => {
    const object = await put('busy');
    let count = 0;
    const { outcome } = await actions.run(
      worker,
      object,
      { action, tags },
      {
        between: () => setTags(object, { theirs: String(count++) }),
      },
    );
    expect(outcome?.resultCode).toBe('TemporaryFailure');
  });

  test('changes the named version, and gives a newer version no tags of the older one', async () => {
    const object = await put('versioned', { Bucket: 'versions', Tagging: 'age=old' });
    const older = (await client.send(new HeadObjectCommand(nameOf(object)))).VersionId ?? '';
    const { outcome } = await actions.run(
      worker,
      object,
      { action, tags },
      {
        between: (soFar) =>
          soFar.length === 2 && put('versioned', { Bucket: 'versions', Tagging: 'age=new' }),
      },
    );
    expect(outcome?.resultCode).toBe('Succeeded');
    expect(await tagsOf(object)).toEqual({ age: 'new', ...tags });
    await run({ ...object, versionId: older }, { action, tags: { named: 'yes' } });
    expect(await tagsOf({ ...object, versionId: older })).toEqual({ age: 'old', ...tags, named: 'yes' });
    expect(await tagsOf(object)).toEqual({ age: 'new', ...tags });
  });
});

describe('remove-tags', () => {
  const action = 'remove-tags';

  isIdempotent({
    ...shared,
    values: { action, keys: ['state', 'old'] },
    arrange: (key) => put(key, { Tagging: 'owner=me&state=new' }),
    effect: tagsOf,
  });

  test('removes any set of keys and keeps the other tags', async () => {
    const text = fc.stringMatching(/^[a-f]{1,2}$/);
    const set = fc.dictionary(text, text, { maxKeys: 8, noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(set, fc.uniqueArray(text, { minLength: 1, maxLength: 6 }), async (present, keys) => {
        const object = await put('any');
        await setTags(object, present);
        const rest = Object.fromEntries(Object.entries(present).filter(([key]) => !keys.includes(key)));
        expect(await run(object, { action, keys })).toEqual({
          resultCode: 'Succeeded',
          resultString: JSON.stringify({ tags: Object.keys(rest).length }),
        });
        expect(await tagsOf(object)).toEqual(rest);
      }),
      { numRuns: 15 },
    );
  });

  test('keeps tags that another writer sets in between, and removes the keys from them', async () => {
    const object = await put('shared', { Tagging: 'state=new' });
    const { outcome } = await actions.run(
      worker,
      object,
      { action, keys: ['state'] },
      { between: (soFar) => soFar.length === 3 && setTags(object, { theirs: 'yes', state: 'new' }) },
    );
    expect(outcome?.resultCode).toBe('Succeeded');
    expect(await tagsOf(object)).toEqual({ theirs: 'yes' });
  });
});

describe('check-restored', () => {
  const action = 'check-restored';
  const archived = (key: string) => put(key, { StorageClass: 'GLACIER' });

  isIdempotent({ ...shared, values: { action }, arrange: put, effect: async () => '' });

  test('fails for an archived object until its restore is complete, and again after the restore has expired', async () => {
    const object = await archived('old');
    const no = permanent('is archived in GLACIER and is not being restored');
    expect(await run(object, { action })).toEqual(no);
    await client.send(new RestoreObjectCommand({ ...nameOf(object), RestoreRequest: { Days: 1 } }));
    expect(await run(object, { action })).toEqual(permanent('is still being restored from GLACIER'));
    await actions.clock.advance(6 * 3_600_000);
    expect(await run(object, { action })).toEqual({
      resultCode: 'Succeeded',
      resultString: '{"storageClass":"GLACIER","restored":true}',
    });
    await actions.clock.advance(3 * 86_400_000);
    expect(await run(object, { action })).toEqual(no);
  });

  test('with wait succeeds with the result waiting until the object can be read', async () => {
    const object = await archived('patient');
    const wait = { action, wait: 'true' };
    const waiting = { resultCode: 'Succeeded', resultString: 'waiting' };
    expect(await run(object, wait)).toEqual(waiting);
    await client.send(new RestoreObjectCommand({ ...nameOf(object), RestoreRequest: { Days: 1 } }));
    expect(await run(object, wait)).toEqual(waiting);
    await actions.clock.advance(6 * 3_600_000);
    expect(await run(object, wait)).toMatchObject({
      resultString: '{"storageClass":"GLACIER","restored":true}',
    });
    const gone = { ...object, key: 'gone' };
    expect(await run(gone, wait)).toMatchObject({ resultCode: 'PermanentFailure' });
  });
});

const lockable = 'locked';
await client.send(new CreateBucketCommand({ Bucket: lockable, ObjectLockEnabledForBucket: true }));
const hold = (object: ObjectVersion) =>
  client.send(new PutObjectLegalHoldCommand({ ...nameOf(object), LegalHold: { Status: 'ON' } }));
const retain = (key: string, days: number) =>
  put(key, {
    Bucket: lockable,
    ObjectLockMode: 'COMPLIANCE',
    ObjectLockRetainUntilDate: new Date(actions.clock.now() + days * 86_400_000),
  });
const locked = permanent(expect.stringContaining('Object Lock protects it'));

/** All versions and markers of an object, newest first. */
async function versionsOf({ bucket, key }: ObjectVersion): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }),
  );
  const isThat = (version: { Key?: string | undefined }) => version.Key === key;
  return [
    ...Versions.filter(isThat).map(({ ETag }) => `object ${ETag}`),
    ...DeleteMarkers.filter(isThat).map(() => 'marker'),
  ];
}

describe('delete-object', () => {
  const action = 'delete-object';
  const etag = createHash('md5').update('bucket brigade').digest('hex');
  const gone = { resultCode: 'Succeeded', resultString: '{"done":"nothing"}' };
  const newest = async (object: ObjectVersion) =>
    (await client.send(new HeadObjectCommand(nameOf(object)))).VersionId ?? '';
  const inVersions = (key: string) => put(key, { Bucket: 'versions' });
  const again = async (object: ObjectVersion, values = {}) => run(object, { action, ...values });

  describe('an object', () =>
    isIdempotent({
      ...shared,
      values: { action },
      arrange: put,
      effect: versionsOf,
      whenGone: 'Succeeded',
      hasOtherResultAgain: true,
    }));
  describe('an object with versions', () =>
    isIdempotent({
      ...shared,
      values: { action },
      arrange: inVersions,
      effect: versionsOf,
      whenGone: 'Succeeded',
      hasOtherResultAgain: true,
    }));
  describe('a version', () =>
    isIdempotent({
      ...shared,
      values: { action },
      arrange: async (key) => {
        const object = await inVersions(key);
        const versionId = await newest(object);
        await inVersions(key);
        return { ...object, versionId };
      },
      effect: versionsOf,
      whenGone: 'Succeeded',
      hasOtherResultAgain: true,
    }));

  test('reports the effect and the object', async () => {
    expect(await again(await put('mine'))).toEqual({
      resultCode: 'Succeeded',
      resultString: JSON.stringify({ done: 'deleted', etag, bytes: 14 }),
    });
    const object = await inVersions('mine');
    const versionId = await newest(object);
    expect(await again(object)).toEqual({
      resultCode: 'Succeeded',
      resultString: JSON.stringify({ done: 'marked', etag, bytes: 14, versionId }),
    });
    expect(await again({ ...object, versionId })).toMatchObject({
      resultString: expect.stringContaining('"done":"deleted"'),
    });
    expect(await versionsOf(object)).toEqual(['marker']);
  });

  test('removes a named delete marker, so that the object is current again', async () => {
    const object = await inVersions('undeleted');
    const { VersionId: versionId = '' } = await client.send(new DeleteObjectCommand(nameOf(object)));
    expect(await again({ ...object, versionId }, { etag })).toMatchObject({ resultCode: 'PermanentFailure' });
    expect(await again({ ...object, versionId })).toEqual({
      resultCode: 'Succeeded',
      resultString: '{"done":"unmarked"}',
    });
    expect(await versionsOf(object)).toEqual([`object "${etag}"`]);
    expect(await again({ ...object, versionId })).toEqual(gone);
  });

  test('mode report-only reports the effect and changes nothing', async () => {
    const object = await inVersions('reported');
    const { outcome, calls } = await actions.run(worker, object, { action, mode: 'report-only' });
    expect(outcome?.resultString).toContain('"would":"marked"');
    expect(calls).toEqual(['HeadObject']);
    expect(await versionsOf(object)).toHaveLength(1);
  });

  test('deletes only an object with the given ETag, with or without quotes', async () => {
    const object = await put('guarded');
    expect(await again(object, { etag: '0'.repeat(32) })).toEqual(
      permanent(`its ETag is ${etag}; nothing was deleted`),
    );
    expect(await again(object, { etag: `"${etag}"` })).toMatchObject({ resultCode: 'Succeeded' });
  });

  test('keeps an object that was replaced between the check and the deletion', async () => {
    const object = await put('replaced');
    const { outcome } = await actions.run(
      worker,
      object,
      { action },
      { between: (soFar) => soFar.length === 2 && put('replaced', { Body: 'newer' }) },
    );
    expect(outcome).toEqual(permanent('it was replaced in the meantime; nothing was deleted'));
    expect(await versionsOf(object)).toHaveLength(1);
  });

  test.each(['data', 'versions'])(
    'succeeds if another writer deleted the object in the meantime, in %s',
    async (Bucket) => {
      const object = await put('raced', { Bucket });
      const { outcome } = await actions.run(
        worker,
        object,
        { action },
        { between: (soFar) => soFar.length === 2 && client.send(new DeleteObjectCommand(nameOf(object))) },
      );
      expect(outcome).toEqual(gone);
    },
  );

  test('keeps an object that Object Lock protects, as a version and without a version, until the lock expires', async () => {
    for (const object of [await put('held', { Bucket: lockable }), await retain('retained', 1)]) {
      if (object.key === 'held') await hold(object);
      const versionId = await newest(object);
      for (const one of [object, { ...object, versionId }]) expect(await again(one)).toEqual(locked);
      expect(await versionsOf(object)).toHaveLength(1);
    }
    await actions.clock.advance(2 * 86_400_000);
    expect(await again({ bucket: lockable, key: 'retained' })).toMatchObject({ resultCode: 'Succeeded' });
  });

  test('succeeds if the object was deleted and the answer was lost', async () => {
    const object = await inVersions('lost');
    const { outcome } = await actions.run(
      worker,
      object,
      { action },
      {
        between: async (soFar) => {
          if (soFar.length !== 2) return;
          await client.send(new DeleteObjectCommand(nameOf(object)));
          throw new AwsError('PreconditionFailed', 412, 'no');
        },
      },
    );
    expect(outcome).toEqual(gone);
  });

  test('fails for a bucket that does not exist', async () => {
    expect(await again({ bucket: 'elsewhere', key: 'a' })).toMatchObject({ resultCode: 'PermanentFailure' });
  });
});

describe('set-metadata', () => {
  const action = 'set-metadata';
  const values = {
    action,
    contentType: 'text/plain',
    cacheControl: '',
    metadata: { Owner: 'me', draft: null },
  };
  const everything: Partial<PutObjectCommandInput> = {
    ContentType: 'text/html',
    CacheControl: 'no-cache',
    ContentLanguage: 'de',
    ContentDisposition: 'inline',
    Expires: new Date('2030-01-01T00:00:00Z'),
    WebsiteRedirectLocation: '/there',
    Metadata: { draft: 'yes', step: '1' },
    Tagging: 'owner=me&two+words=a%2Bb',
    StorageClass: 'STANDARD_IA',
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: 'arn:aws:kms:us-east-1:000000000000:key/mine',
    BucketKeyEnabled: true,
    ChecksumAlgorithm: 'CRC32C',
  };
  const open = 'acls';
  beforeAll(async () => {
    await client.send(new CreateBucketCommand({ Bucket: open, ObjectOwnership: 'ObjectWriter' }));
  });

  /** Everything that can be read of an object, except its dates and version. */
  async function stateOf(object: ObjectVersion) {
    const head = await client.send(new HeadObjectCommand({ ...nameOf(object), ChecksumMode: 'ENABLED' }));
    const { $metadata: _, LastModified: __, VersionId: ___, ...rest } = head;
    const { Body } = await client.send(new GetObjectCommand(nameOf(object)));
    const { Grants } = await client.send(new GetObjectAclCommand(nameOf(object)));
    const { Uploads = [] } = await client.send(
      new ListMultipartUploadsCommand({ Bucket: object.bucket, Prefix: object.key }),
    );
    return {
      ...rest,
      body: await Body?.transformToString(),
      tags: await tagsOf(object),
      Grants,
      uploads: Uploads.filter(({ Key }) => Key === object.key).length,
    };
  }

  describe('in one copy', () =>
    isIdempotent({
      ...shared,
      values,
      arrange: (key) => put(key, everything),
      effect: stateOf,
      hasOtherResultAgain: true,
    }));

  const inParts = createWorker({
    actions: [
      setMetadata.using(objectProperties(isTemporary, { wholeBytes: 10, partBytes: 10, partsInProgress: 2 })),
    ],
  });
  describe('in parts', () =>
    isIdempotent({
      ...shared,
      worker: () => inParts,
      values,
      arrange: (key) => put(key, everything),
      effect: stateOf,
      hasOtherResultAgain: true,
    }));

  test.each([
    ['at once', () => worker],
    ['in parts', () => inParts],
  ])('changes what the arguments name and keeps the rest, %s', async (_, by) => {
    const object = await put('kept', { ...everything, Bucket: open, ACL: 'public-read' });
    const before = await stateOf(object);
    const { outcome } = await actions.run(by(), object, values);
    expect(outcome).toEqual({ resultCode: 'Succeeded', resultString: '{"changed":true}' });
    const { CacheControl: __, ETag: ___, ...kept } = before;
    const { ETag: ____, ...after } = await stateOf(object);
    expect(after).toEqual({ ...kept, ContentType: 'text/plain', Metadata: { owner: 'me', step: '1' } });
  });

  test('writes nothing when the object already has the properties', async () => {
    const object = await put('same', {
      Bucket: 'versions',
      ContentType: 'text/plain',
      Metadata: { owner: 'me' },
    });
    const { outcome, calls } = await actions.run(worker, object, values);
    expect(outcome?.resultString).toBe('{"changed":false}');
    expect(calls).toEqual(['HeadObject']);
    expect(await versionsOf(object)).toHaveLength(1);
  });

  test('sets any headers and metadata exactly', async () => {
    const text = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
    const metadata = fc.dictionary(fc.stringMatching(/^[a-z-]{1,8}$/), fc.option(text), {
      minKeys: 1,
      maxKeys: 4,
      noNullPrototype: true,
    });
    await fc.assert(
      fc.asyncProperty(text, metadata, async (cacheControl, given) => {
        const object = await put('any', { Metadata: { a: '1', b: '2' } });
        await run(object, { action, cacheControl, metadata: given });
        const wanted = Object.entries({ a: '1', b: '2', ...given }).filter(([, value]) => value !== null);
        expect(await client.send(new HeadObjectCommand(nameOf(object)))).toMatchObject({
          CacheControl: cacheControl,
          Metadata: Object.fromEntries(wanted),
        });
      }),
      { numRuns: 15 },
    );
  });

  test.each([
    ['at once', () => worker],
    ['in parts', () => inParts],
  ])('keeps an object that is replaced in the meantime and fails temporarily, %s', async (_, by) => {
    const object = await put('replaced');
    let isReplaced = false;
    const { outcome } = await actions.run(by(), object, values, {
      between: (soFar) => {
        if (isReplaced || !/^C(opyObject|ompleteMultipartUpload)$/.test(soFar.at(-1) ?? '')) return;
        isReplaced = true;
        return put('replaced', { Body: 'somebody else was here' });
      },
    });
    expect(outcome).toMatchObject({ resultCode: 'TemporaryFailure' });
    expect(await stateOf(object)).toMatchObject({ body: 'somebody else was here', Metadata: {}, uploads: 0 });
  });

  test('fails temporarily when its upload is aborted before the end', async () => {
    const object = await put('aborted', everything);
    const { outcome } = await actions.run(inParts, object, values, {
      between: async (soFar) => {
        if (soFar.at(-1) !== 'CompleteMultipartUpload') return;
        const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: 'data' }));
        for (const { Key, UploadId } of Uploads)
          await client.send(new AbortMultipartUploadCommand({ Bucket: 'data', Key, UploadId }));
      },
    });
    expect(outcome).toMatchObject({ resultCode: 'TemporaryFailure' });
  });

  test.each([{ contentType: '' }, { cacheControl: ' a' }, { metadata: { a: 'b ' } }])(
    'refuses %j, which S3 would change',
    async (given) => {
      const { outcome, calls } = await actions.run(worker, await put('kept'), { action, ...given });
      expect(outcome).toEqual(permanent(expect.stringContaining(Object.keys(given)[0] ?? '')));
      expect(calls).toEqual([]);
    },
  );

  test('changes only the current version', async () => {
    const object = await put('older', { Bucket: 'versions' });
    const older = (await client.send(new HeadObjectCommand(nameOf(object)))).VersionId ?? '';
    expect(await run({ ...object, versionId: older }, values)).toMatchObject({ resultCode: 'Succeeded' });
    expect(await run({ ...object, versionId: older }, values)).toEqual(
      permanent('only the current version can be changed'),
    );
  });

  test('keeps an object that Object Lock protects', async () => {
    const object = await retain('constant', 1);
    expect(await run(object, values)).toEqual(locked);
    expect(await versionsOf(object)).toHaveLength(1);
  });

  test('refuses an object whose header Expires would be lost', async () => {
    const object = await put('odd');
    await client.send(withHeader(new PutObjectCommand({ ...nameOf(object), Body: 'x' }), 'expires', 'soon'));
    expect(await run(object, values)).toEqual(permanent(expect.stringContaining('Expires is not a date')));
  });

  test('fails for an archived object that is not restored', async () => {
    expect(await run(await put('cold', { StorageClass: 'GLACIER' }), values)).toEqual(
      permanent(expect.stringContaining('InvalidObjectState')),
    );
  });
});

describe('through S3 Batch Operations', () => {
  const keys = ['a+b', 'a%2Bb', 'two words ', 'ä/€/😀', 'line\nfeed', '?versionId=x&y', 'k'.repeat(1024)];
  beforeAll(async () => {
    for (const Bucket of ['manifests', 'reports']) await client.send(new CreateBucketCommand({ Bucket }));
  });

  /** Runs a job with this worker over the rows, and returns the rows of its report. */
  async function runJob(handler: Worker, rows: string, userArguments?: Record<string, string>) {
    const { clock, database, objects } = actions;
    const context = { getRemainingTimeInMillis: () => 900_000 };
    const lambda = functionThat((event) => clock.busy(() => handler(event, context)));
    const random = createRandom('jobs');
    const batch = createBatch({ objects, lambda, database, clock, random, log: () => {} });
    const { ETag = '' } = await client.send(
      new PutObjectCommand({ Bucket: 'manifests', Key: 'rows.csv', Body: rows }),
    );
    const Operation = {
      LambdaInvoke: {
        FunctionArn: 'worker',
        ...(userArguments && { InvocationSchemaVersion: '2.0', UserArguments: userArguments }),
      },
    };
    batch.start();
    const Manifest = manifestAt('rows.csv', ETag.replaceAll('"', ''));
    const { JobId = '' } = batch.createJob(jobRequest({ Manifest, Operation }));
    await clock.advance(60_000);
    await batch.stop();
    return (await reportOf(client, JobId)).rows;
  }

  test('schema 1.0: passes each key, decoded once, to a worker with one action', async () => {
    const received: ObjectVersion[] = [];
    const only = createWorker({
      actions: [
        {
          name: 'only',
          schema: { default: () => true, argumentTypes: {} },
          run: async (object) => {
            received.push(object);
            return 'done';
          },
        },
      ],
    });
    expect((await runJob(only, rowsOf(keys))).succeeded).toHaveLength(keys.length);
    expect(received.map(({ key }) => key).sort()).toEqual(keys.toSorted());
    expect(new Set(received.map(({ bucket }) => bucket))).toEqual(new Set(['data']));
  });

  test('schema 2.0: the deployed worker acts on exactly the objects of the manifest and reports each', async () => {
    for (const key of keys) await put(key);
    await put('untouched');
    const metadata = { action: 'set-metadata', contentType: 'text/plain', metadata: '{"step":"2"}' };
    expect((await runJob(worker, rowsOf(keys), metadata)).succeeded).toHaveLength(keys.length);
    for (const key of keys)
      expect(await client.send(new HeadObjectCommand({ Bucket: 'data', Key: key }))).toMatchObject({
        ContentType: 'text/plain',
        Metadata: { step: '2' },
      });

    const rows = rowsOf([...keys, 'was never here']);
    const deleted = await runJob(worker, rows, { action: 'delete-object' });
    expect(deleted.failed).toEqual([]);
    expect(deleted.succeeded.filter((row) => row.includes('""done"":""deleted""'))).toHaveLength(keys.length);
    for (const key of keys) expect(await versionsOf({ bucket: 'data', key })).toEqual([]);
    expect(await versionsOf({ bucket: 'data', key: 'untouched' })).toHaveLength(1);
  });

  test('logs a failed task once, without key, tags or message', async () => {
    const object = { bucket: 'data', key: 'secret key' };
    const lines: string[] = [];
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(`${line}`) > 0);
    logger.setLogLevel('INFO');
    try {
      await actions.run(worker, object, { action: 'merge-tags', tags: { secret: 'tag' } });
    } finally {
      logger.setLogLevel('SILENT');
      write.mockRestore();
    }
    expect(lines).toEqual([expect.stringContaining('"errorName":"NoSuchKey"')]);
    expect(lines.join()).not.toMatch(/secret|specified key/);
  });

  test('reports a failed task with its reason', async () => {
    await retain('constant', 1);
    const { failed } = await runJob(worker, rowsOf(['constant'], lockable), { action: 'delete-object' });
    expect(failed).toEqual([expect.stringContaining('Object Lock protects it')]);
  });
});
