import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { JobManifest, JobManifestFormat } from '@aws-sdk/client-s3-control';
import { parse } from 'csv-parse';
import { objectOfArn } from '../local/batch/arn.ts';
import { MANIFEST_START } from '../local/batch/manifest/manifest.ts';
import { openManifest } from '../local/batch/manifest/open-manifest.ts';
import type { ObjectStore } from '../local/batch/object-store.ts';
import { type Bench, type BenchSettings, type Finding, ratio } from './bench.ts';
import { interleave, secondsOf } from './figures.ts';
import { copyFilledStore } from './fixtures/filled-store.ts';
import { putInventory } from './fixtures/inventory.ts';
import { openJobs, type StoredManifest } from './fixtures/jobs.ts';
import { MANIFESTS, numbers } from './fixtures/keys.ts';

const ROWS = 1_000_000;
const INVENTORY_ROWS = 500_000;
const ROUNDS = 5;
const UNIT = 'rows/s';

export const manifest: Bench = {
  name: 'manifest',
  title: 'the reader of manifests, against csv-parse and against decompression alone',
  limitSeconds: 120,
  run,
};

async function run({ scale, folder }: BenchSettings) {
  const rows = Math.ceil(ROWS * scale);
  const store = join(folder, 'manifest');
  copyFilledStore(folder, 0, store);
  const { s3, putManifest, close } = openJobs(store);
  try {
    return [
      await compareCsv(s3.objects, await putManifest(numbers(rows))),
      await compareInventory(s3.objects, Math.ceil(INVENTORY_ROWS * scale)),
    ];
  } finally {
    await close();
  }
}

/** Our reader returns decoded keys, row numbers and offsets; csv-parse returns the raw fields. */
async function compareCsv(objects: ObjectStore, stored: StoredManifest): Promise<Finding> {
  const [ours, csvParse] = await interleave(ROUNDS, [
    {
      name: 'manifest reader',
      unit: UNIT,
      measure: () => speed(stored.tasks, () => countTasks(objects, stored, 'S3BatchOperations_CSV_20180820')),
    },
    {
      name: 'csv-parse, stream',
      unit: UNIT,
      measure: () => speed(stored.tasks, () => countRecords(objects, stored)),
    },
  ]);
  const what = `a CSV manifest of ${stored.tasks.toLocaleString('en')} rows`;
  return { what, figures: [ours, csvParse], verdict: ratio(ours, csvParse, { atLeast: 4 }) };
}

async function compareInventory(objects: ObjectStore, rows: number): Promise<Finding> {
  const { files, ...location } = await putInventory(objects, rows);
  const [ours, alone] = await interleave(ROUNDS, [
    {
      name: 'inventory reader, MD5 checked',
      unit: 's',
      measure: () => secondsOf(() => countTasks(objects, location, 'S3InventoryReport_CSV_20161130')),
    },
    { name: 'decompression alone', unit: 's', measure: () => secondsOf(() => inflate(objects, files)) },
  ]);
  const what = `an inventory report of ${rows.toLocaleString('en')} rows in ${files.length} gzip files`;
  return { what, figures: [ours, alone], verdict: ratio(ours, alone, { atMost: 2.5 }) };
}

/** Rows per second. Throws when not all rows were read. */
async function speed(rows: number, count: () => Promise<number>): Promise<number> {
  let found = 0;
  const seconds = await secondsOf(async () => {
    found = await count();
  });
  if (found !== rows) throw new Error(`${found} rows were read instead of ${rows}`);
  return rows / seconds;
}

async function countTasks(
  objects: ObjectStore,
  { ObjectArn, ETag }: Pick<StoredManifest, 'ObjectArn' | 'ETag'>,
  Format: JobManifestFormat,
): Promise<number> {
  const Fields: NonNullable<JobManifest['Spec']>['Fields'] = ['Bucket', 'Key'];
  const { tasks } = await openManifest(objects, { Spec: { Format, Fields }, Location: { ObjectArn, ETag } });
  let count = 0;
  for await (const some of tasks(MANIFEST_START)) count += some.length;
  return count;
}

/** Uses the fastest API of csv-parse that does not hold the whole file in memory. */
async function countRecords(objects: ObjectStore, { ObjectArn }: StoredManifest): Promise<number> {
  const parser = parse();
  let count = 0;
  parser.on('readable', () => {
    while (parser.read() !== null) count++;
  });
  await pipeline(Readable.from(objects.readObject(objectOfArn(ObjectArn))), parser);
  return count;
}

async function inflate(objects: ObjectStore, files: readonly string[]): Promise<void> {
  for (const key of files) {
    const bytes = Readable.from(objects.readObject({ bucket: MANIFESTS, key }));
    await pipeline(bytes, createGunzip(), async (chunks) => {
      for await (const _ of chunks);
    });
  }
}
