import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AwsError } from '../../core/aws-error.ts';
import { BUCKET_ARN } from '../arn.ts';
import type { ObjectStore } from '../object-store.ts';
import type { ObjectTarget } from '../object-target.ts';
import { FORMAT_FAULT } from '../unconfirmed.ts';
import { columnsOf } from './columns.ts';
import { readCsv } from './csv-reader.ts';
import type { Manifest } from './manifest.ts';
import { invalidContent, unreadable } from './manifest-fault.ts';

interface InventoryFile {
  key: string;
  MD5checksum: string;
}

interface Inventory {
  bucket: string;
  fields: string[];
  files: InventoryFile[];
}

/** Size of a manifest.json that names about a hundred thousand data files. */
const MAX_MANIFEST_BYTES = 32 * 1024 * 1024;

/** `S3InventoryReport_CSV_20161130`: manifest.json names gzip files of quoted CSV and their columns. */
export async function inventoryManifest(objects: ObjectStore, target: ObjectTarget): Promise<Manifest> {
  const { bucket, fields, files } = parseInventory(await readText(objects, target));
  const columns = columnsOf(fields);
  return {
    async *tasks({ task, file: firstFile, offset }) {
      let number = task;
      let from = offset;
      for (const [file, { key, MD5checksum }] of files.entries()) {
        if (file < firstFile) continue;
        const bytes = skip(inflate(objects, { bucket, key }, MD5checksum), from);
        for await (const tasks of readCsv(bytes, columns, { task: number, file, offset: from })) {
          number += tasks.length;
          yield tasks;
        }
        from = 0;
      }
    },
  };
}

async function readText(objects: ObjectStore, target: ObjectTarget): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of objects.readObject(target)) {
    size += chunk.length;
    if (size > MAX_MANIFEST_BYTES) throw invalidContent(FORMAT_FAULT, 'manifest.json is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseInventory(text: string): Inventory {
  const inventory = parseObject(text);
  const { destinationBucket, fileFormat, fileSchema, files } = inventory;
  if (fileFormat !== 'CSV') throw invalidContent(FORMAT_FAULT, `fileFormat ${fileFormat}`);
  if (typeof destinationBucket !== 'string' || typeof fileSchema !== 'string' || !isFileList(files)) {
    throw invalidContent(FORMAT_FAULT, 'manifest.json lacks destinationBucket, fileSchema or files');
  }
  const bucket = BUCKET_ARN.exec(destinationBucket)?.[1] ?? /^[a-z0-9.-]+$/.exec(destinationBucket)?.[0];
  if (bucket === undefined) throw invalidContent(FORMAT_FAULT, `destinationBucket ${destinationBucket}`);
  return {
    bucket,
    fields: fileSchema.split(',').map((name) => name.trim()),
    files,
  };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw invalidContent(FORMAT_FAULT, 'manifest.json is not JSON');
  }
}

const isFileList = (files: unknown): files is InventoryFile[] =>
  Array.isArray(files) &&
  files.every((file) => typeof file?.key === 'string' && typeof file?.MD5checksum === 'string');

/** The content of a gzip file; compares its MD5 at the end. */
async function* inflate(objects: ObjectStore, target: ObjectTarget, md5: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('md5');
  async function* compressed() {
    for await (const chunk of objects.readObject(target)) {
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    yield* pipeline(Readable.from(compressed()), createGunzip(), () => {}) as AsyncIterable<Buffer>;
  } catch (error) {
    if (error instanceof AwsError) throw unreadable(error);
    throw invalidContent(FORMAT_FAULT, `${target.key}: ${error instanceof Error ? error.message : error}`);
  }
  if (hash.digest('hex') !== md5) throw invalidContent(FORMAT_FAULT, `${target.key}: MD5checksum differs`);
}

async function* skip(chunks: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let remaining = count;
  for await (const chunk of chunks) {
    if (remaining < chunk.length) yield chunk.subarray(remaining);
    remaining = Math.max(0, remaining - chunk.length);
  }
}
