import {
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type Tag,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, startS3WithBucket, TARGET } from '../../../support/s3.ts';

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket();
  await s3.client.send(new PutObjectCommand({ ...TARGET, Body: 'body' }));
});

const tag = (TagSet: Tag[]) =>
  s3.client.send(new PutObjectTaggingCommand({ ...TARGET, Tagging: { TagSet } }));
const tags = async () => (await s3.client.send(new GetObjectTaggingCommand(TARGET))).TagSet;
const putTagged = (Tagging: string) =>
  s3.client.send(new PutObjectCommand({ ...TARGET, Body: 'new', Tagging }));

describe('tags', () => {
  test('can be set, replaced as a set, and deleted, without a change of the body', async () => {
    await tag([{ Key: 'a', Value: '1' }]);
    await tag([
      { Key: 'b', Value: 'x y +-=._:/@ \u017C' },
      { Key: 'c', Value: '' },
    ]);
    expect(await tags()).toEqual([
      { Key: 'b', Value: 'x y +-=._:/@ \u017C' },
      { Key: 'c', Value: '' },
    ]);
    await s3.client.send(new DeleteObjectTaggingCommand(TARGET));
    expect(await tags()).toEqual([]);
    expect(await (await s3.client.send(new GetObjectCommand(TARGET))).Body?.transformToString()).toBe('body');
  });

  test('can be set by PutObject', async () => {
    await putTagged('a=1&b=x%2By+z&c');
    expect(await tags()).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: 'x+y z' },
      { Key: 'c', Value: '' },
    ]);
  });

  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));

  test('are at most ten', async () => {
    await tag(many(10));
    await expect(tag(many(11))).rejects.toMatchObject({
      name: 'BadRequest',
      message: 'Object tags cannot be greater than 10',
    });
  });

  test.each<[string, string, Tag[]]>([
    [
      'two of one key',
      'Cannot provide multiple Tags with the same key',
      [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
    ],
    ['an empty key', 'The TagKey you have provided is invalid', [{ Key: '', Value: '' }]],
    ['a long key', 'The TagKey you have provided is invalid', [{ Key: 'k'.repeat(129), Value: '' }]],
    ['a long value', 'The TagValue you have provided is invalid', [{ Key: 'k', Value: 'v'.repeat(257) }]],
    ['a forbidden character', 'The TagValue you have provided is invalid', [{ Key: 'k', Value: 'a*b' }]],
    ['a system tag', 'Your TagKey cannot be prefixed with aws:', [{ Key: 'aws:x', Value: '' }]],
  ])('are refused: %s', async (_, message, set) => {
    await expect(tag(set)).rejects.toMatchObject({ name: 'InvalidTag', message });
    expect(await tags()).toEqual([]);
  });

  test('in a header are refused if they are not a query string or repeat a key', async () => {
    for (const header of ['a=%zz', 'a=1&a=2', 'a=b*c', 'k=v,k=v'])
      await expect(putTagged(header)).rejects.toMatchObject({
        name: 'InvalidArgument',
        ArgumentName: 'x-amz-tagging',
      });
  });

  test('of a missing object are NoSuchKey', async () => {
    const missing = { Bucket: 'bucket', Key: 'missing' };
    await expect(s3.client.send(new GetObjectTaggingCommand(missing))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    const call = s3.client.send(new PutObjectTaggingCommand({ ...missing, Tagging: { TagSet: [] } }));
    await expect(call).rejects.toMatchObject({ name: 'NoSuchKey', Key: 'missing' });
  });
});
