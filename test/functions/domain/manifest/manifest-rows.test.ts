import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { manifestOfObjects } from '../../../../functions/domain/manifest/manifest-rows.ts';

const stack = { bucket: 'stack', tenantMark: 'mark' };

/** As S3 Batch Operations reads a field: form-style decoding, so a raw `+` is a space. */
const decode = (field: string) => decodeURIComponent(field.replaceAll('+', ' '));
const wellFormed = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });

test('any key is unchanged after it is written to a row and read back', () => {
  fc.assert(
    fc.property(fc.array(wellFormed, { minLength: 1, maxLength: 20 }), (keys) => {
      const { csv } = manifestOfObjects(
        keys.map((Key) => ({ Bucket: 'data', Key })),
        stack,
      );
      const rows = String(csv).trimEnd().split('\n');
      expect(rows.map((row) => row.split(',').length)).toEqual(keys.map(() => 2));
      expect(rows.map((row) => decode(row.split(',')[1] ?? ''))).toEqual(keys);
    }),
  );
});

test('any version id is unchanged after it is written to a row and read back', () => {
  const version = fc.string({
    unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '%'),
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(wellFormed, version), { minLength: 1, maxLength: 8 }), (objects) => {
      const { csv } = manifestOfObjects(
        objects.map(([Key, VersionId]) => ({ Bucket: 'data', Key, VersionId })),
        stack,
      );
      const rows = parse(csv, { record_delimiter: '\n' }) as string[][];
      expect(rows.map(([bucket, key = '', versionId]) => [bucket, decode(key), versionId])).toEqual(
        objects.map(([Key, VersionId]) => ['data', Key, VersionId]),
      );
    }),
  );
});

test('versions become a third column, and other content has another manifest key', () => {
  const one = manifestOfObjects([{ Bucket: 'data', Key: 'a b+c', VersionId: 'v1' }], stack);
  expect(one.csv).toBe('data,a%20b%2Bc,v1\n');
  expect(one.manifest).toEqual({
    Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key', 'VersionId'] },
    Location: { ObjectArn: `arn:aws:s3:::stack/${one.key}` },
  });
  expect(one.key).toMatch(/^manifests\/mark\/[0-9a-f]{64}\.csv$/);
  expect(manifestOfObjects([{ Bucket: 'data', Key: 'other' }], stack).key).not.toBe(one.key);
});
