import type { Estimate } from '../../core/generated/dry-run.mjs';
import { prices } from './prices.ts';

type Cost = Estimate['items'][number];

const MILLION = 1_000_000;
const write = prices.perThousandWrites / 1000;

/** Operations whose task is one request at the price of a PUT. Deleting tags is free; restores have other prices. */
const writes: readonly string[] = [
  'S3PutObjectCopy',
  'S3PutObjectAcl',
  'S3PutObjectTagging',
  'S3PutObjectLegalHold',
  'S3PutObjectRetention',
  'S3ReplicateObject',
  'S3UpdateObjectEncryption',
];

/** Costs of an operation that are not known before it runs. */
const unknowns: Record<string, string> = {
  LambdaInvoke: 'how long the function runs, and what it does',
  S3PutObjectCopy: 'the storage of the copies, and transfer between Regions',
  S3ReplicateObject: 'the storage of the replicas, and transfer between Regions',
  S3InitiateRestoreObject: 'the restore requests and the retrieved bytes, by tier',
  S3ComputeObjectChecksum: 'the bytes that are read ($0.004 per GB)',
};

/** In millionths of a dollar. */
const rounded = (usd: number) => Math.round(usd * MILLION) / MILLION;

/** The cost of a job by the list prices, as far as it is known; `objects` is undefined when their number is not known. */
export function estimateOf(operation: string, objects: number | undefined): Estimate {
  const count = objects ?? 0;
  const items: Cost[] = [
    { item: 'job', quantity: 1, usd: prices.perJob },
    { item: 'objects', quantity: count, usd: rounded((count / MILLION) * prices.perMillionObjects) },
  ];
  if (writes.includes(operation))
    items.push({ item: 'write requests', quantity: count, usd: rounded(count * write) });
  if (operation === 'LambdaInvoke')
    items.push({
      item: 'invocations',
      quantity: count,
      usd: rounded((count / MILLION) * prices.perMillionInvocations),
    });
  return {
    usd: rounded(items.reduce((sum, { usd }) => sum + usd, 0)),
    items,
    notIncluded: [
      ...(objects === undefined
        ? [
            'the objects that the manifest generator finds, and $0.015 per million objects in its source bucket',
          ]
        : []),
      ...(unknowns[operation] ? [unknowns[operation]] : []),
      'requests to KMS, the report, and the watch (some state transitions and notices)',
      'free tiers and discounts',
    ],
    prices: { date: prices.date, region: prices.region },
  };
}
