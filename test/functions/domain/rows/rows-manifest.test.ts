import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRowReader } from '../../../../functions/domain/report/csv-rows.ts';
import { type ReportRow, reportRowOf } from '../../../../functions/domain/report/report-rows.ts';
import { rowsManifest } from '../../../../functions/domain/rows/rows-manifest.ts';
import { columnsOf } from '../../../../local/batch/manifest/columns.ts';
import { readCsv } from '../../../../local/batch/manifest/csv-reader.ts';
import { MANIFEST_START } from '../../../../local/batch/manifest/manifest.ts';
import { reportLine } from '../../../../local/batch/report/report-line.ts';
import type { Task } from '../../../../local/batch/task.ts';

const NO_LIMITS = { rows: Number.POSITIVE_INFINITY, isDataBucket: () => true, isOutOfTime: () => false };

async function* positioned(rows: ReportRow[]) {
  for (const row of rows) yield { row, at: { file: 0, offset: 0 } };
}

/** The tasks that local/batch reads from a manifest. */
async function tasksOf(csv: string, fields: readonly string[]): Promise<Task[]> {
  const chunks = async function* () {
    yield Buffer.from(csv);
  };
  return (await Array.fromAsync(readCsv(chunks(), columnsOf([...fields]), MANIFEST_START))).flat();
}

/** Parts of written keys: raw and encoded characters. */
const unit = fc.constantFrom(
  'a',
  '+',
  '%2B',
  '%20',
  ' ',
  ',',
  '"',
  '\n',
  '\r\n',
  'é',
  '%C3%A9',
  '😀',
  '=',
  '%25',
  '/',
);
const key = fc.string({ unit, minLength: 1, maxLength: 12 });
const message = fc.string({ unit, maxLength: 12 });
const failed = (text: string) => ({
  succeeded: false,
  httpStatus: 503,
  errorCode: 'SlowDown',
  message: text,
});

describe('the failed tasks of a job', () => {
  test.each([false, true])('are those of its retry, also with versions: %s', async (hasVersions) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(key, message), { minLength: 1, maxLength: 8 }), async (objects) => {
        const fields = hasVersions ? ['Bucket', 'Key', 'VersionId'] : ['Bucket', 'Key'];
        const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;
        const first = objects.map(([rawKey], i) =>
          ['data', rawKey, ...(hasVersions ? [`v${i}`] : [])].map(quoted).join(','),
        );
        const tasks = await tasksOf(`${first.join('\n')}\n`, fields);
        const report = tasks.map((task, i) => reportLine(task, failed(objects[i]?.[1] ?? ''))).join('');
        const reader = createRowReader();
        const rows = [...reader.read(report), ...reader.end()].map((row) => reportRowOf(row.fields));

        const retry = rowsManifest(positioned(rows), () => true, undefined, NO_LIMITS);
        const csv = (await Array.fromAsync(retry.lines)).join('');
        expect(retry.spec().Fields).toEqual(fields);
        const read = ({ bucket, key, rawKey, versionId }: Task) => ({ bucket, key, rawKey, versionId });
        expect((await tasksOf(csv, fields)).map(read)).toEqual(tasks.map(read));
      }),
      { numRuns: 300 },
    );
  });
});

describe('rows with and without versions', () => {
  const row = (versionId: string, name = 'k') =>
    reportRowOf(['data', name, versionId, 'failed', '503', 'SlowDown', '']);
  const made = async (rows: ReportRow[], columns?: string[]) => {
    const retry = rowsManifest(positioned(rows), () => true, columns, NO_LIMITS);
    return (await Array.fromAsync(retry.lines)).join('');
  };

  test('keep an empty version where the first manifest had the column', async () => {
    expect(await made([row(''), row('v1')], ['Bucket', 'Key', 'VersionId'])).toBe('data,k,\ndata,k,v1\n');
  });

  test.each([
    ['a version where there was none', [row(''), row('v1')]],
    ['no object', [row('', '')]],
  ])('%s', async (_, rows) => {
    await expect(made(rows)).rejects.toMatchObject({ name: 'ReportNotReadable' });
  });
});

test('a manifest stops at the limits of time and rows', async () => {
  const endless = async function* () {
    for (;;)
      yield {
        row: reportRowOf(['data', 'k', '', 'failed', '503', 'SlowDown', '']),
        at: { file: 0, offset: 0 },
      };
  };
  for (const limits of [
    { ...NO_LIMITS, rows: 5000 },
    { ...NO_LIMITS, isOutOfTime: () => true },
  ])
    await expect(
      Array.fromAsync(rowsManifest(endless(), () => true, undefined, limits).lines),
    ).rejects.toMatchObject({
      name: 'TooManyFailures',
    });
});
