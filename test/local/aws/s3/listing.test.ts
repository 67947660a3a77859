import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type S3Stack, startS3WithBucket } from '../../../support/s3.ts';

let s3: S3Stack;
const fill = async (keys: readonly string[], bucket = 'bucket') => {
  for (const key of keys) await s3.objects.putObject({ bucket, key }, Buffer.from(key));
};
const start = async (keys: readonly string[]) => {
  s3 = await startS3WithBucket();
  await fill(keys);
};
const list = async (input: Partial<ListObjectsV2CommandInput> = {}) => {
  const page = await s3.client.send(new ListObjectsV2Command({ Bucket: 'bucket', ...input }));
  return {
    ...page,
    keys: page.Contents?.map(({ Key }) => Key),
    prefixes: page.CommonPrefixes?.map(({ Prefix }) => Prefix),
  };
};

/** The order of S3: that of the UTF-8 bytes, which is not that of JavaScript strings. */
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** All entries of a list, page by page. */
async function listAll(input: Omit<ListObjectsV2CommandInput, 'Bucket'>, pageSize: number) {
  const entries: string[] = [];
  const pages = paginateListObjectsV2({ client: s3.client, pageSize }, { Bucket: 'bucket', ...input });
  for await (const { Contents = [], CommonPrefixes = [], KeyCount, IsTruncated } of pages) {
    expect(KeyCount).toBe(Contents.length + CommonPrefixes.length);
    expect(IsTruncated ? KeyCount : pageSize).toBe(pageSize);
    entries.push(...Contents.map(({ Key = '' }) => Key), ...CommonPrefixes.map(({ Prefix = '' }) => Prefix));
  }
  return entries.sort(byBytes);
}

describe('ListObjectsV2', () => {
  beforeAll(() => start(['a', 'b/1', 'b/2', 'b/c/3', 'b0', 'd/', 'é', '\u{1F600}', '\uFFFD']));

  test('returns all keys in byte order, with their properties', async () => {
    const { keys, Contents, Name, MaxKeys, IsTruncated } = await list();
    expect(keys).toEqual(['a', 'b/1', 'b/2', 'b/c/3', 'b0', 'd/', 'é', '\uFFFD', '\u{1F600}']);
    expect({ Name, MaxKeys, IsTruncated }).toEqual({ Name: 'bucket', MaxKeys: 1000, IsTruncated: false });
    expect(Contents?.[0]).toMatchObject({
      Key: 'a',
      Size: 1,
      StorageClass: 'STANDARD',
      ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    });
    expect(Contents?.[0]?.Owner).toBeUndefined();
    expect((await list({ FetchOwner: true, MaxKeys: 1 })).Contents?.[0]?.Owner?.ID).toHaveLength(64);
  });

  test('groups keys by the delimiter', async () => {
    expect(await list({ Delimiter: '/' })).toMatchObject({
      keys: ['a', 'b0', 'é', '\uFFFD', '\u{1F600}'],
      prefixes: ['b/', 'd/'],
    });
    expect(await list({ Delimiter: '/', Prefix: 'b/' })).toMatchObject({
      keys: ['b/1', 'b/2'],
      prefixes: ['b/c/'],
      Prefix: 'b/',
      Delimiter: '/',
    });
    expect(await list({ Prefix: 'b/' })).toMatchObject({ keys: ['b/1', 'b/2', 'b/c/3'] });
  });

  test('starts after a key, whether it exists or not', async () => {
    expect((await list({ StartAfter: 'b/1' })).keys?.[0]).toBe('b/2');
    expect((await list({ StartAfter: 'b/1x' })).keys?.[0]).toBe('b/2');
    expect(await list({ StartAfter: 'b/1', Prefix: 'zzz' })).toMatchObject({ keys: undefined, KeyCount: 0 });
    expect((await list({ StartAfter: 'a', Prefix: 'b/' })).keys?.[0]).toBe('b/1');
  });

  test('encodes keys on request', async () => {
    await fill(['f (1)+é']);
    const { keys, EncodingType } = await list({ Prefix: 'f', EncodingType: 'url' });
    expect([keys, EncodingType]).toEqual([['f+%281%29%2B%C3%A9'], 'url']);
    await expect(list({ EncodingType: 'base64' as 'url' })).rejects.toMatchObject({
      ArgumentName: 'encoding-type',
    });
  });

  test('returns an empty page for max-keys 0, and refuses an invalid count or token', async () => {
    expect(await list({ MaxKeys: 0 })).toMatchObject({ keys: undefined, IsTruncated: false, KeyCount: 0 });
    expect((await list({ MaxKeys: 5000 })).MaxKeys).toBe(1000);
    await expect(list({ MaxKeys: -1 })).rejects.toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'max-keys',
    });
    await expect(list({ ContinuationToken: '!' })).rejects.toMatchObject({
      ArgumentName: 'continuation-token',
    });
  });
});

test('pages of any size add up to a naive list', async () => {
  const part = fc.constantFrom('a', 'b', '/', 'é', '\u{1F600}', '\uFFFD', '0');
  const key = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { maxLength: 14 }),
      fc.constantFrom('', '/', 'a', 'a/'),
      fc.constantFrom(undefined, '/', 'é'),
      fc.integer({ min: 1, max: 5 }),
      async (keys, Prefix, Delimiter, pageSize) => {
        await start(keys);
        const grouped = keys.flatMap((name) => {
          if (!name.startsWith(Prefix)) return [];
          const end = Delimiter === undefined ? -1 : name.indexOf(Delimiter, Prefix.length);
          return [end < 0 ? name : name.slice(0, end + 1)];
        });
        expect(await listAll({ Prefix, Delimiter }, pageSize)).toEqual([...new Set(grouped)].sort(byBytes));
      },
    ),
    { numRuns: 25 },
  );
});

describe('ListObjects, the first version', () => {
  beforeAll(() => start(['a/1', 'a/2', 'b', 'c/1']));

  test('continues after a marker', async () => {
    const first = await s3.client.send(new ListObjectsCommand({ Bucket: 'bucket', MaxKeys: 2 }));
    expect([first.IsTruncated, first.NextMarker, first.Marker]).toEqual([true, undefined, '']);
    const rest = await s3.client.send(new ListObjectsCommand({ Bucket: 'bucket', Marker: 'a/2' }));
    expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['b', 'c/1']);
    expect(rest.Contents?.[0]?.Owner?.ID).toHaveLength(64);
  });

  test('returns the next marker with a delimiter, and does not repeat a prefix', async () => {
    const input = { Bucket: 'bucket', Delimiter: '/', MaxKeys: 1 };
    const first = await s3.client.send(new ListObjectsCommand(input));
    expect([first.CommonPrefixes, first.NextMarker]).toEqual([[{ Prefix: 'a/' }], 'a/']);
    const second = await s3.client.send(new ListObjectsCommand({ ...input, Marker: 'a/' }));
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['b']);
  });
});

describe('ListObjectVersions', () => {
  beforeEach(async () => {
    await start([]);
    await s3.setVersioning('Enabled');
    await fill(['a', 'b/1', 'b/1', 'b/1', 'b/2', 'c']);
  });

  test('pages through keys and their versions without losing or repeating one', async () => {
    for (const MaxKeys of [1, 2, 4]) {
      const listed: string[] = [];
      let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
      for (let more = true; more; ) {
        const page = await s3.client.send(
          new ListObjectVersionsCommand({ Bucket: 'bucket', MaxKeys, ...markers }),
        );
        listed.push(...(page.Versions ?? []).map(({ Key, IsLatest }) => `${Key} ${IsLatest}`));
        markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
        more = page.IsTruncated === true;
      }
      expect(listed).toEqual(['a true', 'b/1 true', 'b/1 false', 'b/1 false', 'b/2 true', 'c true']);
    }
  });

  test('groups keys and continues after a common prefix', async () => {
    const input = { Bucket: 'bucket', Delimiter: '/', MaxKeys: 2 };
    const first = await s3.client.send(new ListObjectVersionsCommand(input));
    expect([first.CommonPrefixes, first.NextKeyMarker, first.NextVersionIdMarker]).toEqual([
      [{ Prefix: 'b/' }],
      'b/',
      undefined,
    ]);
    const rest = await s3.client.send(new ListObjectVersionsCommand({ ...input, KeyMarker: 'b/' }));
    expect(rest.Versions?.map(({ Key }) => Key)).toEqual(['c']);
  });

  test('refuses a version marker without a key marker', async () => {
    const call = s3.client.send(new ListObjectVersionsCommand({ Bucket: 'bucket', VersionIdMarker: 'x' }));
    await expect(call).rejects.toMatchObject({ name: 'InvalidArgument', ArgumentName: 'version-id-marker' });
  });
});
