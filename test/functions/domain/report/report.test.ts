import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { createRowReader } from '../../../../functions/domain/report/csv-rows.ts';
import { createDigest, isRetryable } from '../../../../functions/domain/report/report-digest.ts';
import { reportRowOf } from '../../../../functions/domain/report/report-rows.ts';

const quoted = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

/** Feeds the text in pieces of the given sizes. */
function readInPieces(text: string, sizes: number[]): string[][] {
  const reader = createRowReader();
  const rows: ReturnType<typeof reader.end> = [];
  let at = 0;
  for (let i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    rows.push(...reader.read(text.slice(at, at + size)));
    at += size;
  }
  rows.push(...reader.end());
  // For any cut into pieces, each row starts at its position.
  for (const { fields, start } of rows)
    expect(createRowReader().read(`${text.slice(start)}\n`)[0]?.fields).toEqual(fields);
  return rows.map(({ fields }) => fields);
}

describe('rows of a report', () => {
  const field = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', '\r', ' ', '😀'), maxLength: 8 });
  const row = fc
    .array(field, { minLength: 2, maxLength: 7 })
    .filter((fields) => fields.some((f) => f !== ''));

  test('are read as by an independent reader, for any cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (rows, sizes, lineEnd, endsWithLineEnd) => {
          const lines = rows.map((fields) => fields.map(quoted).join(','));
          const text = lines.join(lineEnd) + (endsWithLineEnd && lines.length > 0 ? lineEnd : '');
          const expected: string[][] = parse(text, { relax_column_count: true, record_delimiter: lineEnd });
          expect(readInPieces(text, sizes)).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('may have a quote that is not doubled', () => {
    expect(readInPieces('a,"b ""c"" d"e"",f",g\nh,i\n', [3])).toEqual([
      ['a', 'b "c" d"e",f', 'g'],
      ['h', 'i'],
    ]);
  });

  test('have the HTTP status in the field of digits, in either order', () => {
    const fields = { bucket: 'b', key: 'k%20', versionId: '', status: 'failed', message: 'a, b' };
    const expected = { ...fields, errorCode: 'NoSuchKey', httpStatus: 404 };
    expect(reportRowOf(['b', 'k%20', '', 'failed', '404', 'NoSuchKey', 'a, b'])).toEqual(expected);
    expect(reportRowOf(['b', 'k%20', '', 'failed', 'NoSuchKey', '404', 'a, b'])).toEqual(expected);
  });
});

describe('a digest', () => {
  const rowOf = (errorCode: string, httpStatus: number, key: string) =>
    reportRowOf(['b', key, '', 'failed', String(httpStatus), errorCode, 'said S3']);

  test('counts by code and by folder, keeps one sample of each code, and computes the retryable share', () => {
    const digest = createDigest();
    for (let i = 0; i < 6; i++) digest.add(rowOf('SlowDown', 503, `a/b/c/${i}`));
    for (let i = 0; i < 3; i++) digest.add(rowOf('NoSuchKey', 404, `a/x/${i}`));
    digest.add(rowOf('', 200, 'top'));
    expect(digest.digest(false)).toEqual({
      failed: 10,
      isSample: false,
      byCode: [
        { errorCode: 'SlowDown', httpStatus: 503, count: 6, isRetryable: true },
        { errorCode: 'NoSuchKey', httpStatus: 404, count: 3, isRetryable: false },
        { errorCode: '', httpStatus: 200, count: 1, isRetryable: false },
      ],
      byPrefix: [
        { prefix: 'a/b/', count: 6 },
        { prefix: 'a/x/', count: 3 },
        { prefix: '', count: 1 },
      ],
      samples: [
        expect.objectContaining({ key: 'a/b/c/0' }),
        expect.objectContaining({ key: 'a/x/0' }),
        expect.anything(),
      ],
      retryableShare: 0.6,
    });
  });

  test('has a limited size for any number of codes and folders', () => {
    const digest = createDigest();
    for (let i = 0; i < 20_000; i++) digest.add(rowOf(`Code${i}`, 400, `folder-${i}/key`));
    const { byCode, byPrefix, samples, failed } = digest.digest(true);
    expect(failed).toBe(20_000);
    expect([byCode.length, byPrefix.length, samples.length]).toEqual([20, 20, 10]);
    expect(byCode[0]).toMatchObject({ errorCode: '(other)', count: 19_800 });
    expect(JSON.stringify(digest.digest(true)).length).toBeLessThan(20_000);
  });

  test.each([
    ['SlowDown', 503, true],
    ['TemporaryFailure', 200, true],
    ['InternalError', 500, true],
    ['Unheard', 502, true],
    ['SrcObjectNotEligible', 500, false],
    ['NotImplemented', 501, false],
    ['PermanentFailure', 200, false],
    ['AccessDenied', 403, false],
  ])('%s (%d) is retryable: %s', (code, status, isTemporary) => {
    expect(isRetryable(code, status)).toBe(isTemporary);
  });
});

describe('a cell of a row', () => {
  const cells = (at: number, length: number) => {
    const row = ['data', 'a', '', 'failed', '404', 'NoSuchKey', 'gone'];
    row[at] = 'x'.repeat(length);
    return row;
  };

  test.each([
    ['bucket', 0, 255],
    ['key', 1, 3072],
    ['version', 2, 1024],
    ['code', 5, 256],
  ])('%s has a limit', (_, at, limit) => {
    expect(() => reportRowOf(cells(at, limit))).not.toThrow();
    expect(() => reportRowOf(cells(at, limit + 1))).toThrow(SyntaxError);
  });
});
