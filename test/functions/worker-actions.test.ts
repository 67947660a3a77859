import { createHash } from 'node:crypto';
import {
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ObjectVersion } from '../../functions/worker/contract.ts';
import { holdsUp, shippedWorker, startActions } from '../support/worker-actions.ts';

const actions = await startActions();
const worker = await shippedWorker();
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
const run = async (object: ObjectVersion, values: Record<string, unknown>) =>
  (await actions.run(worker, object, values)).outcome;
const permanent = (resultString: unknown) => ({ resultCode: 'PermanentFailure', resultString });

describe('verify-checksum', () => {
  const digest = createHash('sha256').update('bucket brigade').digest();
  const hex = digest.toString('hex');
  const action = 'verify-checksum';

  holdsUp({
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

  test('reports both checksums when they differ; the argument counts before the metadata', async () => {
    const wrong = '0'.repeat(64);
    const outcome = await run(await put('wrong', { Metadata: { sha256: hex } }), { action, sha256: wrong });
    expect(outcome).toEqual(permanent(`SHA-256 differs: expected ${wrong}, found ${hex}`));
  });

  test('fails for good without anything to compare with, or with what is no SHA-256', async () => {
    expect(await run(await put('none'), { action })).toEqual(
      permanent(expect.stringContaining('nothing to compare')),
    );
    expect(await run(await put('odd', { Metadata: { sha256: 'abc' } }), { action })).toEqual(
      permanent(expect.stringContaining('in the metadata is neither')),
    );
    expect(await run(await put('odd'), { action, sha256: 'abc' })).toEqual(
      permanent(expect.stringContaining('the user argument sha256 must match')),
    );
  });
});

describe('merge-tags', () => {
  const action = 'merge-tags';
  const tags = { team: 'media', state: 'kept' };

  holdsUp({
    ...shared,
    values: { action, tags },
    arrange: (key) => put(key, { Tagging: 'owner=me&state=new' }),
    effect: tagsOf,
  });

  test('adds, replaces the value of a tag that is there, and leaves the others', async () => {
    const object = await put('mine', { Tagging: 'owner=me&state=new' });
    expect(await run(object, { action, tags })).toEqual({
      resultCode: 'Succeeded',
      resultString: '{"tags":3}',
    });
    expect(await tagsOf(object)).toEqual({ owner: 'me', ...tags });
  });

  test('writes nothing when all is there already', async () => {
    const object = await put('same', { Tagging: 'owner=me&state=kept&team=media' });
    expect((await actions.run(worker, object, { action, tags })).calls).toEqual(['GetObjectTagging']);
  });

  test('any sets of tags come to their union, at most ten; else nothing is changed', async () => {
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
      { numRuns: 25 },
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

  test('is to be tried again when others never stop', async () => {
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

  test('a version that is named is the one that is changed; a newer one does not get tags of the older', async () => {
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
