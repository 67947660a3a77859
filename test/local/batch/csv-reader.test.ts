import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { columnsOf } from '../../../local/batch/manifest/columns.ts';
import { readCsv } from '../../../local/batch/manifest/csv-reader.ts';
import {
  MANIFEST_START,
  type ManifestPosition,
  positionAfter,
} from '../../../local/batch/manifest/manifest.ts';
import type { Task } from '../../../local/batch/task.ts';

async function* chunksOf(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(
  manifest: string | Uint8Array,
  fields = ['Bucket', 'Key'],
  from: ManifestPosition = MANIFEST_START,
  chunkBytes = 10_000,
): Promise<Task[]> {
  const tasks: Task[] = [];
  const bytes = Buffer.from(manifest).subarray(from.offset);
  for await (const some of readCsv(chunksOf(bytes, chunkBytes), columnsOf(fields), from)) tasks.push(...some);
  return tasks;
}

const keysOf = async (manifest: string | Uint8Array, fields?: string[]) =>
  (await read(manifest, fields)).map(({ key }) => key);

describe('rows', () => {
  test('have numbers in order and the offset of their end', async () => {
    expect(await read('b,one\nb,t%77o\n')).toEqual([
      { number: 0, bucket: 'b', key: 'one', rawKey: 'one', file: 0, end: 6 },
      { number: 1, bucket: 'b', key: 'two', rawKey: 't%77o', file: 0, end: 14 },
    ]);
  });

  test.each([
    ['line feeds', 'b,k1\nb,k2\n'],
    ['carriage returns and line feeds', 'b,k1\r\nb,k2\r\n'],
    ['no end of the last line', 'b,k1\nb,k2'],
    ['quotes', '"b","k1"\n"b","k2"'],
    ['some quotes', '"b",k1\r\nb,"k2"\r\n'],
  ])('may have %s', async (_, manifest) => {
    expect(await keysOf(manifest)).toEqual(['k1', 'k2']);
  });

  test('may have their columns in any order, with columns to ignore', async () => {
    const fields = ['Ignore', 'VersionId', 'Key', 'Ignore', 'Bucket'];
    expect(await read('x,v1,k,,b\ny,,k2,"1,2",b\n', fields)).toMatchObject([
      { bucket: 'b', key: 'k', versionId: 'v1' },
      { bucket: 'b', key: 'k2', versionId: '' },
    ]);
  });

  test('have form-encoded keys, also beyond ASCII and with quoted commas and newlines', async () => {
    const manifest = 'b,a+b%2Bc%20d\nb,d%C3%A9j%c3%a0/vu\nb,déjà\n"b","x,""y""\nz"\nb,a%00b\n';
    expect(await keysOf(manifest)).toEqual(['a b+c d', 'déjà/vu', 'déjà', 'x,"y"\nz', 'a\0b']);
  });

  test('keep the raw key for the report', async () => {
    const [task] = await read('b,d%C3%A9j%c3%a0+é\n');
    expect(task).toMatchObject({ rawKey: 'd%C3%A9j%c3%a0+é', key: 'déjà é' });
  });
});

describe('faults', () => {
  const anyRow = 'b,k\n';
  test.each([
    ['Invalid Manifest Content', 'too few columns', `${anyRow}b\n`],
    ['Invalid Manifest Content', 'too many columns', `${anyRow}b,k,v\n`],
    ['Invalid Manifest Content', 'too many quoted columns', `${anyRow}"b","k","v"\n`],
    ['Invalid Manifest Content', 'a blank line', `${anyRow}\n${anyRow}`],
    ['Invalid Manifest Content', 'a blank line at the end', `${anyRow}\n`],
    ['Invalid Manifest Content', 'a blank line of CRLF', `${anyRow}\r\n${anyRow}`],
    ['Manifest file is not properly formatted', 'a byte order mark', `\uFEFF${anyRow}`],
    ['Manifest file is not properly formatted', 'an open quote', `${anyRow}b,"k\n`],
    ['Manifest file is not properly formatted', 'text after a quote', `${anyRow}b,"k"x\n`],
    ['Invalid object key format', 'an empty key', `${anyRow}b,\n`],
    ['Invalid object key format', 'a broken escape', `${anyRow}b,100%\n`],
    ['Invalid object key format', 'an escape that is not hexadecimal', `${anyRow}b,%zz\n`],
    ['Invalid object key format', 'escapes that are not UTF-8', `${anyRow}b,%ff\n`],
    ['Invalid object key format', 'a key field of over 1,024 characters', `${anyRow}b,${'x'.repeat(1025)}\n`],
  ])('%s: %s', async (message, _, manifest) => {
    await expect(read(manifest)).rejects.toMatchObject({ failureCode: 'InvalidManifestContent', message });
  });

  test('refuse bytes that are not UTF-8', async () => {
    const manifest = Buffer.concat([Buffer.from('b,k'), Buffer.from([0xff]), Buffer.from('\n')]);
    await expect(read(manifest)).rejects.toMatchObject({
      message: 'Manifest file is not properly formatted',
    });
  });

  test('refuse a version id with white space', async () => {
    const rows = read('b,k,v 1\n', ['Bucket', 'Key', 'VersionId']);
    await expect(rows).rejects.toMatchObject({ message: 'Invalid version ID format' });
  });

  test('name missing columns', () => {
    expect(() => columnsOf(['VersionId', 'Key'])).toThrow(
      'Required fields are missing in the schema: Bucket',
    );
    expect(() => columnsOf(['Ignore'])).toThrow('Required fields are missing in the schema: Bucket, Key');
  });

  test('name the row', async () => {
    await expect(read(`${anyRow}${anyRow}b\n${anyRow}`)).rejects.toMatchObject({ where: 'row 3' });
  });

  test('an unclosed quote does not read a huge manifest into memory', async () => {
    const rest = Buffer.from(anyRow.repeat(1000));
    let read = 0;
    async function* endless() {
      yield Buffer.from('b,"');
      for (; ; read++) yield rest;
    }
    const rows = readCsv(endless(), columnsOf(['Bucket', 'Key']), MANIFEST_START);
    const drain = async () => {
      for await (const _ of rows);
    };
    await expect(drain()).rejects.toMatchObject({ message: 'Manifest file is not properly formatted' });
    expect(read * rest.length).toBeLessThan(1_200_000);
  });
});

/** Any text, with special characters of CSV and URLs more often than by chance. */
const fieldText = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', '日', '🪣', ',', '"', '\n', '\r', ' ', '+', '%', '/') }),
  fc.string({ unit: 'grapheme' }),
);
const anyKey = fieldText.filter((key) => key !== '' && encodeURIComponent(key).length <= 1024);

const csvField = (text: string, quote: boolean) =>
  quote || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** The ways in which common tools write a key. */
const writings: ((key: string) => string)[] = [
  encodeURIComponent,
  (key) => encodeURIComponent(key).replaceAll('%2F', '/'),
  (key) => new URLSearchParams([[key, '']]).toString().slice(0, -1),
  (key) => key.replaceAll('%', '%25').replaceAll('+', '%2B'),
];

const row = fc.record({
  key: anyKey,
  versionId: fc.constantFrom('', 'null', 'PZ9ibn9D5lP6p298B7S9_ceqx1n5EJ0p'),
  ignored: fieldText,
  write: fc.constantFrom(...writings),
  quotes: fc.boolean(),
});

test('reads any manifest as it was written, in chunks of any size and from the end of any row', async () => {
  const property = fc.asyncProperty(
    fc.array(row, { minLength: 1, maxLength: 12 }),
    fc.shuffledSubarray(['Bucket', 'Key', 'VersionId', 'Ignore'], { minLength: 4 }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
    fc.integer({ min: 1, max: 300 }),
    fc.nat(),
    async (rows, fields, lineEnd, endsOpen, chunkBytes, cut) => {
      const expected = rows.map(({ key, versionId, write }) => ({
        key,
        versionId,
        rawKey: write(key),
        bucket: 'bucket',
      }));
      const lines = rows.map(({ ignored, quotes }, index) => {
        const { rawKey = '', versionId = '' } = expected[index] ?? {};
        const columns = { Bucket: 'bucket', Key: rawKey, VersionId: versionId, Ignore: ignored };
        return fields.map((name) => csvField(columns[name as 'Key'], quotes)).join(',');
      });
      const manifest = lines.join(lineEnd) + (endsOpen ? '' : lineEnd);
      const tasks = await read(manifest, fields, MANIFEST_START, chunkBytes);
      expect(tasks.map(({ number, file, end, ...rest }) => rest)).toEqual(expected);

      const last = tasks[cut % tasks.length] as Task;
      const rest = await read(manifest, fields, positionAfter(last), chunkBytes);
      expect(rest).toEqual(tasks.slice(last.number + 1));
    },
  );
  await fc.assert(property, { numRuns: 300 });
});
