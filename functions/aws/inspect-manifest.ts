import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { isKnownError } from '../core/errors.ts';
import type { Finding } from '../core/generated/dry-run.mjs';
import { type Allowed, isDataBucket, isManifestLocation } from '../domain/allowed/allowed.ts';
import { objectOfArn } from '../domain/allowed/arns.ts';
import { type FindingCode, finding } from '../domain/checks/findings.ts';
import { type Inspection, nothingInspected } from '../domain/checks/inspection.ts';
import type { FoundManifest, StoredManifest } from '../domain/manifest/found-manifest.ts';
import { type Inventory, inventoryOf } from '../domain/manifest/inventory.ts';
import { createLint, type Lint } from '../domain/manifest/lint.ts';
import type { InlineManifest } from '../domain/manifest/manifest-rows.ts';
import { counted, download, inflated, type Target, wholeText } from './download.ts';
import { statusOf } from './known-errors.ts';

const MANIFEST = '/Manifest/Location/ObjectArn';
/** The lint reads pieces of this size, so that few rows are in memory at a time. */
const PIECE_BYTES = 64 * 1024;

export interface ReadLimits {
  maxRows: number;
  maxBytes: number;
  hasTime(): boolean;
  /** Aborts when no time is left. */
  signal: AbortSignal;
}

/**
 * Reads a manifest up to the limits. An error of S3 becomes a finding, because the job reads the manifest later and
 * under another role.
 */
export async function inspectManifest(
  found: FoundManifest,
  allowed: Allowed,
  limits: ReadLimits,
): Promise<Inspection> {
  if ('inspection' in found) return found.inspection;
  const isInline = 'csv' in found;
  const { Spec } = found.manifest;
  const isInventory = Spec?.Format === 'S3InventoryReport_CSV_20161130';
  const mayHaveHeader = !isInventory && (!isInline || found.pointer === MANIFEST);
  const lintOf = (columns: readonly string[] = ['Bucket', 'Key']) =>
    createLint(columns, (bucket) => isDataBucket(allowed, bucket), mayHaveHeader);
  if (isInline) return inspectText(found, lintOf(Spec?.Fields), limits);
  if (!isInventory) return inspectCsv(found, lintOf(Spec?.Fields), limits);
  const inventory = await openInventory(found, allowed, limits);
  if (!('files' in inventory)) return nothingInspected([{ ...inventory, pointer: MANIFEST }]);
  return inspectInventory(inventory, lintOf(inventory.columns), limits);
}

const inspectText = ({ csv, pointer }: InlineManifest, lint: Lint, limits: ReadLimits) =>
  inspect(lint, { size: csv.length, pointer, missing: 'unchecked' }, () =>
    readInto(lint, Readable.from([Buffer.from(csv)]), limits),
  );

const inspectCsv = (found: StoredManifest, lint: Lint, limits: ReadLimits) =>
  inspect(lint, { size: found.facts?.size ?? 0, pointer: MANIFEST, missing: 'manifest-changed' }, (count) =>
    readInto(lint, counted(download(manifestTargetOf(found), limits.signal), count), limits),
  );

/** The content of an inventory's manifest.json, or the finding that explains why it cannot be used. */
async function openInventory(
  found: StoredManifest,
  allowed: Allowed,
  { signal }: ReadLimits,
): Promise<Inventory | Finding> {
  try {
    const inventory = inventoryOf(await wholeText(manifestTargetOf(found), signal));
    if (!inventory) return finding('inventory-form');
    const { bucket, files } = inventory;
    const isListed = files.every(({ key }) => isManifestLocation(allowed, { bucket, key }));
    return isListed ? inventory : finding('inventory-location');
  } catch (error) {
    return readingFailed(error, 'manifest-changed');
  }
}

const inspectInventory = ({ bucket, files }: Inventory, lint: Lint, limits: ReadLimits) =>
  inspect(
    lint,
    {
      size: files.reduce((sum, { size }) => sum + size, 0),
      pointer: MANIFEST,
      missing: 'inventory-file',
    },
    async (count) => {
      for (const { key, md5 } of files) {
        lint.begin(key);
        const hash = createHash('md5');
        const compressed = counted(download({ Bucket: bucket, Key: key }, limits.signal), (chunk) => {
          count(chunk);
          hash.update(chunk);
        });
        if (!(await readInto(lint, inflated(compressed), limits))) return false;
        if (hash.digest('hex') !== md5) lint.note('inventory-file');
      }
      return true;
    },
  );

/** The object of a manifest; with an ETag, only if it is still the same. */
export const manifestTargetOf = ({
  manifest: { Location },
  facts,
}: Pick<StoredManifest, 'manifest'> & { facts?: { etag: string } }): Target => {
  const { bucket, key } = objectOfArn(Location.ObjectArn);
  return {
    Bucket: bucket,
    Key: key,
    ...(Location.ObjectVersionId && { VersionId: Location.ObjectVersionId }),
    ...(facts && { IfMatch: facts.etag }),
  };
};

/** Passes a file to the lint; false if a limit or a broken row ended it early. */
async function readInto(lint: Lint, chunks: AsyncIterable<Uint8Array>, limits: ReadLimits): Promise<boolean> {
  let bytes = 0;
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const piece = Buffer.from(chunk.subarray(at, at + PIECE_BYTES));
      bytes += piece.length;
      if (!lint.read(piece.toString('latin1'))) return false;
      if (lint.rows() > limits.maxRows || bytes > limits.maxBytes || !limits.hasTime()) {
        lint.note('read-in-part');
        return false;
      }
    }
  return lint.end();
}

/** Runs the lint and returns its result. `missing` is the finding for an object that is missing or has changed. */
async function inspect(
  lint: Lint,
  { size, pointer, missing }: { size: number; pointer: string; missing: FindingCode },
  read: (count: (chunk: Uint8Array) => void) => Promise<boolean>,
): Promise<Inspection> {
  const failures: Finding[] = [];
  let bytes = 0;
  let isComplete = false;
  try {
    isComplete = await read(({ length }) => {
      bytes += length;
    });
    if (isComplete && lint.rows() === 0) lint.note('empty-manifest');
  } catch (error) {
    failures.push(readingFailed(error, missing));
  }
  const { findings, ...result } = lint.result();
  return {
    ...result,
    findings: [...findings, ...failures].map((each) => ({ ...each, pointer })),
    isComplete,
    share: size > 0 ? Math.min(1, bytes / size) : 0,
  };
}

function readingFailed(error: unknown, missing: FindingCode): Finding {
  // zlib's own errors have no row in the catalogue.
  if (String((error as { code?: unknown }).code).startsWith('Z_')) return finding('inventory-file');
  if (error instanceof SyntaxError) return finding('inventory-form');
  if (!isKnownError(error)) throw error;
  if ([404, 412].includes(statusOf(error) ?? 0)) return finding(missing);
  return finding('unchecked', { detail: 'The manifest, or a file of it, could not be read to its end.' });
}
