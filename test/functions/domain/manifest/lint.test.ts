import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLint } from '../../../../functions/domain/manifest/lint.ts';
import { columnsOf } from '../../../../local/batch/manifest/columns.ts';
import { readCsv } from '../../../../local/batch/manifest/csv-reader.ts';
import { MANIFEST_START } from '../../../../local/batch/manifest/manifest.ts';
import { ManifestFault } from '../../../../local/batch/manifest/manifest-fault.ts';

/** Lints a manifest that arrives in pieces of the given size. */
function lint(
  content: string | Buffer,
  columns: readonly string[] = ['Bucket', 'Key'],
  size = 64,
  allowed = /^/,
) {
  const bytes = Buffer.from(content);
  const lint = createLint(columns, (bucket) => allowed.test(bucket));
  for (let at = 0; at < bytes.length; at += size) lint.read(bytes.subarray(at, at + size).toString('latin1'));
  lint.end();
  return lint.result();
}

const linesOf = (result: ReturnType<typeof lint>) =>
  Object.fromEntries(result.findings.map(({ code, lines }) => [code, lines]));

describe('a finding names its lines:', () => {
  const versions = ['Bucket', 'Key', 'VersionId'];
  test.each<[string, string | Buffer, Record<string, number[]>, string[]?]>([
    ['nothing', 'data,a\ndata,b%20c\r\ndata,d%2B%C3%A9\n', {}],
    ['nothing, with quotes', '"data","a"\r\n"data",b"c\n', {}],
    ['a header', 'Bucket,Key\ndata,a\n', { 'header-row': [1] }],
    ['a header in lower case and quotes', '"bucket","object_key"\ndata,a\n', { 'header-row': [1] }],
    ['a header of three columns', 'bucket,key,version_id\ndata,a,v\n', { 'header-row': [1] }, versions],
    ['a byte order mark', '\ufeffdata,a\ndata,b\n', { 'byte-order-mark': [1] }],
    ['blank lines', 'data,a\n\ndata,b\n\r\n', { 'blank-line': [2, 4] }],
    ['ragged rows', 'data,a\ndata\ndata,b,c\n', { columns: [2, 3] }],
    ['no key', 'data,\n', { 'key-empty': [1] }],
    ['a broken escape', 'data,a%\ndata,%zz\ndata,%C3\n', { 'key-encoding': [1, 2, 3] }],
    ['a long key', `data,a\ndata,${'k'.repeat(1025)}\n`, { 'key-too-long': [2], 'key-bytes': [2] }],
    ['a key of too many bytes', `data,${'é'.repeat(513)}\n`, { 'raw-key': [1], 'key-bytes': [1] }],
    ['raw keys', 'data,a b\ndata,é\n', { 'raw-key': [1, 2] }],
    [
      'a key of too many bytes in a third of the characters',
      `data,${'€'.repeat(341)}\ndata,${'€'.repeat(342)}\n`,
      { 'raw-key': [1, 2], 'key-bytes': [2] },
    ],
    ['the longest key', `data,${'k'.repeat(1024)}\n`, {}],
    ['the longest version', `data,a,${'v'.repeat(1024)}\n`, {}, versions],
    ['a version that is too long', `data,a,${'v'.repeat(1025)}\n`, { 'version-malformed': [1] }, versions],
    ['names at the limits', `abc,a\n`, {}],
    [
      'names that are too short and too long',
      `ab,a\n${'b'.repeat(64)},a\n`,
      { 'bucket-name': [1, 2], 'several-buckets': [2] },
    ],
    ['a plus', 'data,a+b\n', { 'plus-in-key': [1] }],
    ['a key encoded twice', 'data,a%2520b\n', { 'double-encoding': [1] }],
    ['no version', 'data,a,\ndata,b,v\n', { 'version-missing': [1] }, versions],
    ['white space in a version', 'data,a,v \n', { 'version-malformed': [1] }, versions],
    ['several buckets', 'data,a\nmore,b\ndata,c\n', { 'several-buckets': [2] }],
    ['no bucket name', 's3://data,a\n', { 'bucket-name': [1] }],
    ['repeated rows', 'data,a+b\ndata,c\ndata,a%20b\n', { 'plus-in-key': [1], 'duplicate-rows': [3] }],
    ['no UTF-8', Buffer.from('data,a\ndata,\xff\n', 'latin1'), { 'not-utf8': [2] }],
    ['an open quote', 'data,a\n"data,b\ndata,c\n', { 'broken-quotes': [2] }],
    ['a quote that ends too early', 'data,"a"b\n', { 'broken-quotes': [1] }],
    ['lines after a quoted line feed', '"data","a\nb"\ndata,\n', { 'raw-key': [1], 'key-empty': [3] }],
  ])('%s', (...[, content, lines, columns]) => {
    const fields = Array.isArray(columns) ? columns : undefined; // Jest gives a callback for what is missing
    for (const size of [1, 7, 4096]) expect(linesOf(lint(content, fields, size))).toEqual(lines);
  });

  test('a bucket that is not allowed', () => {
    const { findings } = lint('data,a\nother,b\nother,c\n', undefined, 9, /^data$/);
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'bucket-not-allowed', severity: 'error', lines: [2, 3], count: 2 }),
    );
  });

  test('a row that does not end within 1 MB', () => {
    expect(linesOf(lint(`data,a\ndata,${'x'.repeat(2 ** 21)}`, undefined, 65_536))).toEqual({
      'row-too-long': [2],
    });
  });
});

test('the first rows are shown as S3 reads them', () => {
  const columns = ['Ignore', 'Key', 'VersionId', 'Bucket'];
  expect(lint('x,a+b%2Bc,v1,data\ny,%C3%A9,,data\n', columns)).toMatchObject({
    rows: 2,
    buckets: ['data'],
    firstRows: [
      { Bucket: 'data', Key: 'a b+c', VersionId: 'v1' },
      { Bucket: 'data', Key: 'é' },
    ],
  });
});

const inventoryRow = '"data","a","","true","false","12","2026-01-31T12:00:00.000Z","STANDARD"\n';

test.each<[string, string, RegExp, RegExp]>([
  ['a semicolon', 'data;a\n', /^A row has 1 column; .* has 2 \(Bucket, Key\)\.$/, /separated by `;`/],
  ['a tab', 'data\ta\n', /has 1 column;/, /separated by tabs/],
  ['s3:// lines', 's3://data/a\n', /has 1 column;/, /`BUCKET,KEY` instead of `s3:\/\/BUCKET\/KEY`/],
  [
    'an inventory data file with versions',
    inventoryRow,
    /has 8 columns; .* has 2 /,
    /to `\["Bucket","Key","VersionId","Ignore","Ignore","Ignore","Ignore","Ignore"\]`, or name/,
  ],
  [
    'an inventory data file without versions',
    '"data","a","12","2026-01-31T12:00:00.000Z"\n',
    /has 4 columns; .* has 2 /,
    /to `\["Bucket","Key","Ignore","Ignore"\]`, or name/,
  ],
  [
    'manifest.json',
    '{\n  "fileFormat" : "CSV"\n}\n',
    /JSON instead of CSV/,
    /S3InventoryReport_CSV_20161130/,
  ],
  ['manifest.json on one line', '{"a":1,"b":2}\n', /JSON instead of CSV/, /S3InventoryReport_CSV_20161130/],
  ['a comma in a key', 'data,a,b\n', /has 3 columns; .* has 2 /, /URL-encode commas in keys as `%2C`/],
])('explains %s', (_, content, detail, remedy) => {
  for (const size of [1, 64])
    expect(lint(content, undefined, size).findings[0]).toMatchObject({
      detail: expect.stringMatching(detail),
      remedy: expect.stringMatching(remedy),
    });
});

test('the Fields printed for an inventory data file of any width fit its rows', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 40 }), fc.integer({ min: 2, max: 39 }), (width, at) => {
      const cells = Array.from({ length: width }, (_, i) => ['data', 'key'][i] ?? 'x');
      cells[Math.min(at, width - 1)] = '2026-01-31T12:00:00.000Z';
      const content = `${cells.map((cell) => `"${cell}"`).join(',')}\n`;
      const [finding] = lint(content).findings;
      const fields: string[] = JSON.parse(/`(\[.*?\])`/.exec(finding?.remedy ?? '')?.[1] ?? '[]');
      expect(lint(content, fields)).toMatchObject({
        findings: [],
        firstRows: [{ Bucket: 'data', Key: 'key' }],
      });
    }),
  );
});

test('nothing is read after a fault that hides the start of the next row', () => {
  const lint = createLint(['Bucket', 'Key'], () => true);
  expect(lint.read('data,a\n')).toBe(true);
  expect(lint.read('data,"a"b\ndata,c\n')).toBe(false);
  expect(lint.read('data,d\ndata,e\n')).toBe(false);
  expect(lint.end()).toBe(false);
  expect(lint.rows()).toBe(1);
  expect(lint.result().findings).toMatchObject([{ code: 'broken-quotes', count: 1, lines: [2] }]);
});

test('a file after the first one starts with line 1, and findings name the first file that has them', () => {
  const lint = createLint(['Bucket', 'Key'], () => true, false);
  for (const [file, text] of [
    ['one.csv.gz', 'data,a\ndata,b c\n'],
    ['two.csv.gz', '\ufeffdata,d e\ndata,\n'],
  ] as const) {
    lint.begin(file);
    lint.read(Buffer.from(text).toString('latin1'));
    expect(lint.end()).toBe(true);
  }
  expect(lint.rows()).toBe(4);
  expect(lint.result().findings).toMatchObject([
    { code: 'raw-key', count: 2, lines: [2], file: 'one.csv.gz' },
    { code: 'byte-order-mark', count: 1, lines: [1], file: 'two.csv.gz' },
    { code: 'key-empty', count: 1, lines: [2], file: 'two.csv.gz' },
  ]);
});

test.each([
  ['keys', ['Bucket', 'Key'], `data,${'k'.repeat(1025)}\n`],
  ['versions', ['Bucket', 'Key', 'VersionId'], `data,k,${'v'.repeat(1025)}\n`],
  ['buckets', ['Bucket', 'Key'], `${'b'.repeat(256)},k\n`],
])('rows with %s that are too long are not kept for an answer', (_, columns, row) => {
  const result = lint(row.repeat(3), columns, 65_536);
  expect([result.rows, result.firstRows]).toEqual([3, []]);
  for (const bucket of result.buckets) expect(bucket.length).toBeLessThan(256);
});

test('memory does not grow with the manifest', () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => `bucket-${i},a b\n`).join('');
  const result = lint(rows, undefined, 65_536);
  expect(result.rows).toBe(30_000);
  expect(result.buckets.length).toBeLessThanOrEqual(20);
  expect(result.firstRows.length).toBeLessThanOrEqual(50);
  for (const { lines = [] } of result.findings) expect(lines.length).toBeLessThanOrEqual(10);
  expect(result.findings).toContainEqual(expect.objectContaining({ code: 'raw-key', count: 30_000 }));
});

/** How many rows the local engine takes; undefined when it refuses the manifest. */
async function isTaken(content: Buffer, columns: readonly string[]): Promise<number | undefined> {
  let count = 0;
  try {
    for await (const tasks of readCsv(Readable.from([content]), columnsOf(columns), MANIFEST_START))
      count += tasks.length;
    return count;
  } catch (error) {
    if (error instanceof ManifestFault) return undefined;
    throw error;
  }
}

/** A header is the one exception: the engine reads it as an object, and Amazon says that it is not allowed. */
test('the local engine accepts rows without errors, and refuses rows with errors', async () => {
  const good = fc.constantFrom(
    'data',
    'a',
    'a%20b',
    'a+b',
    '%C3%A9',
    'null',
    'é',
    'x y',
    '"a,b"',
    '"a\nb"',
    'k'.repeat(1024),
  );
  const bad = fc.constantFrom(
    '',
    '%',
    '%zz',
    '%C3',
    '"',
    '""',
    '"a""b"',
    '"a"b',
    'a"b',
    'k'.repeat(1025),
    '\r',
    '\ufeff',
    ' ',
  );
  const cell = fc.oneof(
    { weight: 30, arbitrary: good },
    { weight: 1, arbitrary: bad },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
  );
  const rowOf = (count: number) =>
    fc.oneof(
      { weight: 20, arbitrary: fc.array(cell, { minLength: count, maxLength: count }) },
      { weight: 1, arbitrary: fc.array(cell, { maxLength: count + 1 }) },
    );
  const seldom = (text: string) =>
    fc.oneof({ weight: 15, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constant(text) });
  const manifest = fc
    .constantFrom(['Bucket', 'Key'], ['Bucket', 'Key', 'VersionId'], ['Key', 'Ignore', 'Bucket'])
    .chain((fields) =>
      fc.record({
        fields: fc.constant(fields),
        rows: fc.array(rowOf(fields.length), { maxLength: 5 }),
        lineEnd: fc.constantFrom('\n', '\r\n'),
        hasLastEnd: fc.boolean(),
        mark: seldom('\ufeff'),
        rawByte: seldom('\xff'),
        pieceSize: fc.integer({ min: 1, max: 50 }),
      }),
    );
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(manifest, async ({ fields, rows, lineEnd, hasLastEnd, mark, rawByte, pieceSize }) => {
      const content = Buffer.concat([
        Buffer.from(mark + rows.map((cells) => cells.join(',')).join(lineEnd)),
        Buffer.from(rawByte, 'latin1'),
        Buffer.from(hasLastEnd && rows.length > 0 ? lineEnd : ''),
      ]);
      const result = lint(content, fields, pieceSize);
      const count = await isTaken(content, fields);
      const errors = result.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
      expect({ errors, isTaken: count !== undefined }).toEqual({ errors, isTaken: errors.length === 0 });
      if (count === undefined) return;
      expect(result.rows).toBe(count);
      if (count > 0) taken++;
    }),
    { numRuns: 2000 },
  );
  expect(taken).toBeGreaterThan(200);
});
