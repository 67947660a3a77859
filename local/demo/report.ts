import type { DemoBucket } from './bucket.ts';
import type { JobResource } from './job-api.ts';

/** One row of a completion report. */
export interface ReportRow {
  /** Decoded. */
  key: string;
  status: string;
  message: string;
}

/** All rows of a job's completion report, from the files that its manifest.json lists. */
export async function readReport({ report }: JobResource, bucket: DemoBucket): Promise<ReportRow[]> {
  if (!report) return [];
  const manifest = JSON.parse(await bucket.readText(report.bucket, report.manifestKey)) as {
    Results: { Bucket: string; Key: string }[];
  };
  const rows: ReportRow[] = [];
  for (const { Bucket, Key } of manifest.Results) {
    rows.push(...parseCsv(await bucket.readText(Bucket, Key)).map(toRow));
  }
  return rows;
}

const toRow = ([, key = '', , status = '', , , message = '']: string[]): ReportRow => ({
  key: decodeURIComponent(key.replaceAll('+', ' ')),
  status,
  message,
});

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (end === '' && row.length === 0 && plain === '' && quoted === undefined) break;
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
