import { createHash } from 'node:crypto';
import { env } from '../core/env.ts';
import { isKnownError, KnownError } from '../core/errors.ts';
import type { Manifest } from '../core/generated/job-request.mjs';
import { logger } from '../core/logger.ts';
import { type Allowed, isDataBucket, isListLocation } from '../domain/allowed/allowed.ts';
import type { JobRequestNow } from '../domain/job/job-resource.ts';
import type { MadeManifest } from '../domain/manifest/found-manifest.ts';
import { inventoryOf } from '../domain/manifest/inventory.ts';
import { createLint, type Lint } from '../domain/manifest/lint.ts';
import { createRowReader, type PositionedRow } from '../domain/report/csv-rows.ts';
import type { ReportRow } from '../domain/report/report-rows.ts';
import type { Parent } from '../domain/request/create-job-input.ts';
import { createRowCounts } from '../domain/rows/row-counts.ts';
import {
  checkLimits,
  type ManifestLine,
  nothingChosen,
  type RowLimits,
  type RowsManifest,
  rowsManifest,
} from '../domain/rows/rows-manifest.ts';
import { isChosen, listsOf, statusOf } from '../domain/rows/rows-of.ts';
import { download, inflated, type Target, wholeText } from './download.ts';
import { manifestTargetOf } from './inspect-manifest.ts';
import { callAws } from './known-errors.ts';
import { asUtf8, reportRows } from './reports.ts';
import { uploadStream } from './stream-upload.ts';

/** Rows of an earlier job to make a manifest of. */
export interface RowsOrder {
  parent: Parent;
  /** The earlier job request. */
  now: JobRequestNow;
  timeMs: number;
  allowed: Allowed;
  isOutOfTime(): boolean;
}

const notReadable = (detail: string, cause?: unknown) =>
  new KnownError(
    'ManifestNotReadable',
    `The manifest of the earlier job cannot be read as it was: ${detail}.`,
    {
      faults: [
        { pointer: '/RowsOf/JobRequestId', detail: 'has a manifest that cannot be read', code: 'manifest' },
      ],
      cause,
    },
  );

/** An error about a manifest as ManifestNotReadable; any other error unchanged. */
function manifestError(error: unknown): unknown {
  const isGzip = String((error as { code?: unknown }).code).startsWith('Z_');
  if (!isGzip && !(error instanceof SyntaxError) && !isKnownError(error, 'RequestRefused')) return error;
  return notReadable((error as Error).message, error);
}

interface RowFiles {
  columns: readonly string[];
  files: Target[];
  isGzip: boolean;
}

/** The files with the rows of a manifest, which must be as it was and where callers may name manifests today. */
async function openManifest(manifest: Manifest, allowed: Allowed): Promise<RowFiles> {
  const { ETag = '' } = manifest.Location;
  const target = manifestTargetOf({ manifest, facts: { etag: ETag.replaceAll('"', '') } });
  const check = (bucket: string, key: string) => {
    if (isListLocation(allowed, { bucket, key })) return;
    throw new KnownError('NotAllowed', `This deployment no longer lists ${bucket}/${key} as a manifest.`);
  };
  // In its own bucket, this service has chosen or checked the key.
  if (target.Bucket !== allowed.bucket) check(target.Bucket, target.Key);
  if (manifest.Spec?.Format !== 'S3InventoryReport_CSV_20161130')
    return { columns: manifest.Spec?.Fields ?? ['Bucket', 'Key'], files: [target], isGzip: false };
  const inventory = inventoryOf(await wholeText(target));
  if (!inventory) throw new SyntaxError(`${target.Key} is not the manifest.json of a CSV inventory`);
  const { bucket: Bucket, columns, files } = inventory;
  for (const { key } of files) check(Bucket, key);
  return { columns, files: files.map(({ key: Key }) => ({ Bucket, Key })), isGzip: true };
}

async function* rowsIn({ columns, files, isGzip }: RowFiles): AsyncGenerator<{ row: ManifestLine }> {
  const [bucket, key, version] = ['Bucket', 'Key', 'VersionId'].map((name) => columns.indexOf(name));
  const cell = ({ fields }: PositionedRow, at = -1) => asUtf8(fields[at] ?? '');
  const lineOf = (row: PositionedRow) => ({
    row: { bucket: cell(row, bucket), key: cell(row, key), versionId: cell(row, version) },
  });
  try {
    for (const file of files) {
      const reader = createRowReader();
      const bytes = download(file);
      for await (const chunk of isGzip ? inflated(bytes) : bytes)
        for (const row of reader.read(Buffer.from(chunk).toString('latin1'))) yield lineOf(row);
      for (const row of reader.end()) yield lineOf(row);
    }
  } catch (error) {
    throw manifestError(error);
  }
}

/**
 * The chosen rows as a manifest: of the report, and of the manifest those that never ran. They are found in bounded memory:
 * see createRowCounts.
 */
async function openRows(
  { parent, now, timeMs, allowed }: RowsOrder,
  limits: RowLimits,
): Promise<RowsManifest> {
  const { report, manifest } = listsOf(now, parent, timeMs);
  const files =
    manifest &&
    (await openManifest(manifest, allowed).catch((error) => {
      throw manifestError(error);
    }));
  const ran = createRowCounts(files?.columns.includes('VersionId') ?? false);
  async function* rows(): AsyncGenerator<{ row: ManifestLine }> {
    let count = 0;
    for await (const each of report ? reportRows(report, files ? {} : { status: statusOf(parent) }) : []) {
      if (files && ++count > limits.rows) checkLimits(count, limits);
      if (files) ran.add(each.row);
      yield each;
    }
    if (files) yield* rowsIn(files);
  }
  const isWanted = (row: ManifestLine) => (row.status ? isChosen(row as ReportRow, parent) : !ran.take(row));
  const columns = files?.columns ?? now.request.createJob.Manifest?.Spec?.Fields;
  return rowsManifest(rows(), isWanted, columns, limits);
}

/** Reads a manifest that is not stored. */
async function drained(bytes: AsyncIterable<Uint8Array>): Promise<{ etag: string }> {
  for await (const _ of bytes);
  return { etag: '' };
}

/** What happens while a manifest is made. */
export interface RowsSteps<T> {
  isStored: boolean;
  /** Gets each part of the manifest. */
  onLines?(lines: Uint8Array): void;
  /** Gets the complete manifest right before it is stored: if it throws, nothing is stored. */
  atEnd(made: MadeManifest): Promise<T>;
}

/**
 * Makes a manifest of rows of an earlier job and, if wanted, stores it in memory that does not grow with it. Returns it with
 * the result of `atEnd`. Throws NothingToRetry, TooManyFailures, ReportNotReady, NoReport, ReportNotReadable,
 * ReportHasFailuresOnly, ManifestNotReadable, NotAllowed.
 */
export async function makeManifest<T>(
  order: RowsOrder,
  location: { bucket: string; key: string },
  { isStored, onLines, atEnd }: RowsSteps<T>,
): Promise<{ made: MadeManifest; result: T }> {
  const isAllowed = (bucket: string) => isDataBucket(order.allowed, bucket);
  const rows = await openRows(order, {
    rows: env.maxRetryObjects(),
    isDataBucket: isAllowed,
    isOutOfTime: order.isOutOfTime,
  });
  const hash = createHash('sha256');
  let lint: Lint | undefined;
  const end: { made: MadeManifest; result: T }[] = [];
  async function* bytes() {
    for await (const lines of rows.lines) {
      const chunk = Buffer.from(lines);
      hash.update(chunk);
      onLines?.(chunk);
      // The rows are of a manifest that was checked. So the first ones show what they are, and which buckets they name.
      if (!lint) {
        lint = createLint(rows.spec().Fields ?? [], isAllowed, false);
        lint.read(chunk.toString('latin1'));
      }
      yield chunk;
    }
    if (!lint) throw nothingChosen(rows, order.parent);
    const { findings, ...first } = lint.result();
    const Location = { ObjectArn: `arn:aws:s3:::${location.bucket}/${location.key}` };
    const made = {
      manifest: { Spec: rows.spec(), Location },
      etag: '',
      count: rows.count(),
      sha256: hash.digest('hex'),
      inspection: {
        ...first,
        rows: rows.rows(),
        findings: findings.map((each) => ({ ...each, pointer: '/RowsOf' })),
        isComplete: true,
        share: 1,
      },
    };
    end.push({ made, result: await atEnd(made) });
  }
  const upload = () =>
    uploadStream(bytes(), {
      target: { Bucket: location.bucket, Key: location.key },
      members: { ContentType: 'text/csv' },
    });
  const { etag } = isStored ? await callAws(upload) : await drained(bytes());
  const [{ made, result }] = end as [(typeof end)[number]];
  logger.info('manifest of rows made', { rows: rows.rows(), isStored });
  return { made: { ...made, etag }, result };
}
