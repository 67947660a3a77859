import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { OperationName } from '@aws-sdk/client-s3-control';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readDocument } from '../support/markdown.ts';
import { post, type SimulatedStack, simulateStack } from '../support/simulated-stack.ts';

const page = readDocument('docs/cookbook.md');

interface Recipe {
  title: string;
  // biome-ignore lint/suspicious/noExplicitAny: a body has the members that the page gives it
  body: any;
}

/** Every body on the page with the heading above it. */
const recipes: Recipe[] = page
  .split(/^#{2,3} /m)
  .slice(1)
  .flatMap((section) =>
    [...section.matchAll(/^```json\n(.*?)^```/gms)].map(([, text = '']) => ({
      title: section.split('\n')[0] ?? '',
      body: JSON.parse(text),
    })),
  );

let stack: SimulatedStack;

const CSV = 'S3BatchOperations_CSV_20180820';
/** Stands for the id of an earlier job. */
const PARENT = '0123456789abcdef0123-0123456789abcdef0123456789abcdef';
/** Jobs whose rows the recipes run, by the first result that a recipe names, or else by the rows. */
const parents: Record<string, string> = {};

/** The body with the id of a parent that has such rows. */
function withParent({ RowsOf, ...body }: Recipe['body']): Recipe['body'] {
  if (!RowsOf) return body;
  expect(RowsOf.JobRequestId).toBe(PARENT);
  return { ...body, RowsOf: { ...RowsOf, JobRequestId: parents[RowsOf.Results?.[0] ?? RowsOf.Rows] } };
}

async function addParents(): Promise<void> {
  const archived = { Bucket: 'my-archive', Key: '2025/backup.tar' };
  const photo = { Bucket: 'my-data', Key: 'photos/two words.jpg' };
  const start = async (UserArguments: object, Objects: object[], more: object = {}) =>
    (await post(stack, '/jobs', { Operation: { LambdaInvoke: { UserArguments } }, Objects, ...more })).body
      .jobRequestId;
  const check = { action: 'check-restored', wait: true };
  parents['Succeeded'] = await start(check, [archived]);
  parents['waiting'] = parents['Succeeded'] ?? '';
  parents['{*'] = await start(check, [{ Bucket: 'my-archive', Key: '2025/index.txt' }]);
  parents['{"would":"deleted"*'] = await start({ action: 'delete-object', mode: 'report-only' }, [photo]);
  parents['NotRun'] = await start(check, [photo], { ConfirmationRequired: true });
  await stack.clock.advance(60_000);
  await post(stack, `/jobs/${parents['NotRun']}/cancel`);
  for (const id of Object.values(parents)) await stack.ended(id);
}

/** The buckets and objects that the page names. */
beforeAll(async () => {
  stack = await simulateStack({ params: { workerActions: 'delete-object' } });
  const { s3 } = stack;
  for (const Bucket of ['my-data', 'my-archive', 'my-manifests', 'my-replica'])
    await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new CreateBucketCommand({ Bucket: 'my-locked-data', ObjectLockEnabledForBucket: true }));
  for (const Bucket of ['my-data', 'my-replica'])
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: 'my-data',
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] },
    }),
  );
  await s3.send(
    new PutBucketReplicationCommand({
      Bucket: 'my-data',
      ReplicationConfiguration: {
        Role: 'arn:aws:iam::000000000000:role/replication',
        Rules: [
          {
            Status: 'Enabled',
            Filter: { Prefix: 'photos/' },
            Priority: 1,
            DeleteMarkerReplication: { Status: 'Disabled' },
            Destination: { Bucket: 'arn:aws:s3:::my-replica' },
          },
        ],
      },
    }),
  );
  const put = (Bucket: string, Key: string, Body: string | Uint8Array, more: object = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const { VersionId } = await put('my-data', 'photos/two words.jpg', 'two words');
  await put('my-data', 'photos/50%.jpg', 'fifty percent');
  await put('my-locked-data', 'contract.pdf', 'a contract');
  await put('my-archive', '2025/backup.tar', 'a backup', { StorageClass: 'GLACIER' });
  const [, csv = ''] = /^```csv\n(.*?)^```/ms.exec(page) ?? [];
  await put('my-manifests', 'today.csv', csv);
  await put('my-manifests', 'versions.csv', `my-data,photos/two%20words.jpg,${VersionId}\n`);
  const rows = gzipSync('"my-data","photos/two%20words.jpg"\n');
  const key = 'inventory/data/1.csv.gz';
  await put('my-manifests', key, rows);
  const inventory = {
    sourceBucket: 'my-data',
    destinationBucket: 'arn:aws:s3:::my-manifests',
    version: '2016-11-30',
    creationTimestamp: '1795309200000',
    fileFormat: 'CSV',
    fileSchema: 'Bucket, Key',
    files: [{ key, size: rows.length, MD5checksum: createHash('md5').update(rows).digest('hex') }],
  };
  await put('my-manifests', 'inventory/2026-11-22T01-00Z/manifest.json', JSON.stringify(inventory));
  await put('my-manifests', 'plain.csv', 'my-data,photos/two%20words.jpg\n');
  await put('my-archive', '2025/index.txt', 'backup.tar');
  await addParents();
});

test.each(recipes)('the body under "$title" would start, with no findings', async ({ body }) => {
  const answer = await post(stack, '/jobs?dryRun=true', withParent(body));
  expect(answer.status).toBe(200);
  expect(answer.body.findings).toEqual([]);
  expect(answer.body.wouldStart).toBe(true);
  expect(answer.body.objects?.count ?? null).toBe(
    body.ManifestGenerator ? null : (body.Objects?.length ?? (await rowsOf(body))),
  );
});

const rowsOf = async (body: Recipe['body']) =>
  body.Manifest?.Location.ObjectArn.endsWith('/today.csv') ? 2 : 1;

describe('the page has', () => {
  test('every operation of S3 Batch Operations', () => {
    const operations = recipes.flatMap(({ body }) => Object.keys(body.Operation));
    expect([...new Set(operations)].sort()).toEqual(Object.keys(OperationName).sort());
  });

  test('every kind of manifest', () => {
    const kinds = recipes.map(({ body }) =>
      body.Manifest
        ? `${body.Manifest.Spec?.Format ?? CSV} ${body.Manifest.Spec?.Fields?.includes('VersionId') ?? false}`
        : Object.keys(body).find((name) => ['Objects', 'ManifestGenerator', 'RowsOf'].includes(name)),
    );
    expect([...new Set(kinds)].sort()).toEqual([
      'ManifestGenerator',
      'Objects',
      'RowsOf',
      'S3BatchOperations_CSV_20180820 false',
      'S3BatchOperations_CSV_20180820 true',
      'S3InventoryReport_CSV_20161130 false',
    ]);
  });

  test('four actions of the worker', () => {
    const actions = recipes.flatMap(({ body }) =>
      body.Operation.LambdaInvoke?.FunctionArn
        ? []
        : (body.Operation.LambdaInvoke?.UserArguments.action ?? []),
    );
    expect(new Set(actions).size).toBeGreaterThanOrEqual(4);
  });
});
