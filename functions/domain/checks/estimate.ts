import type { Estimate } from '../../core/generated/dry-run.mjs';
import type { JobRequest } from '../../core/generated/job-request.mjs';
import { operationNameOf } from '../request/operation.ts';
import { prices, restores, storageClasses } from './prices.ts';
import type { ObjectFacts } from './sample-checks.ts';

type Cost = Estimate['items'][number];
/** A sampled object that stands for `weight` objects of the job. */
type Sample = Pick<ObjectFacts, 'size' | 'storageClass'> & { weight: number };

const MILLION = 1_000_000;
const GB = 1024 ** 3;
const DAYS_OF_A_MONTH = 30;

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

/** Costs of an operation that are not known before it runs, or that this estimate leaves out. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  LambdaInvoke: ['how long the function runs, and what it does'],
  S3PutObjectCopy: [
    'the storage of the copies after the minimum duration of their storage class',
    'storage and transfer that depend on other Regions, and early deletion of objects that the copies replace',
    'the 40 KB of metadata of each archived object, and monitoring by Intelligent-Tiering',
  ],
  S3ReplicateObject: [
    'the storage of the replicas, transfer between Regions, and the request price of a storage class other than STANDARD',
  ],
  S3InitiateRestoreObject: ['the storage of the restored copies'],
};

/** Operations whose costs depend on the sizes and storage classes of the objects. */
const needsSizes: readonly string[] = [
  'S3PutObjectCopy',
  'S3InitiateRestoreObject',
  'S3ComputeObjectChecksum',
];

/** To six digits after the point. */
const rounded = (value: number) => Math.round(value * MILLION) / MILLION;
const cost = (item: string, quantity: number, usd: number): Cost => ({
  item,
  quantity: rounded(quantity),
  usd: rounded(usd),
});

const gigabytesOf = (samples: readonly Sample[], bytesOf = ({ size }: Sample) => size): number =>
  samples.reduce((sum, sample) => sum + (sample.weight * bytesOf(sample)) / GB, 0);

/** The sum over the samples of a price of their storage class. */
const sumOf = (samples: readonly Sample[], usdOf: (sample: Sample) => number): number =>
  samples.reduce((sum, sample) => sum + sample.weight * usdOf(sample), 0);

function copyCosts(copy: JobRequest['Operation']['S3PutObjectCopy'], samples: readonly Sample[]): Cost[] {
  const target = storageClasses[copy?.StorageClass ?? 'STANDARD'];
  const retrieved = samples.filter(
    ({ storageClass }) => (storageClasses[storageClass]?.perGbRetrieval ?? 0) > 0,
  );
  const retrieval = ({ size, storageClass }: Sample) =>
    (size / GB) * (storageClasses[storageClass]?.perGbRetrieval ?? 0);
  const months = (target?.minimumDays ?? 0) / DAYS_OF_A_MONTH;
  const stored = gigabytesOf(samples, ({ size }) => Math.max(size, target?.minimumBytes ?? 0)) * months;
  return [
    ...(retrieved.length > 0
      ? [cost('GB retrieved', gigabytesOf(retrieved), sumOf(retrieved, retrieval))]
      : []),
    ...(stored > 0 ? [cost('GB-months of minimum storage', stored, stored * (target?.perGbMonth ?? 0))] : []),
  ];
}

function restoreCosts(tier: 'STANDARD' | 'BULK' = 'STANDARD', samples: readonly Sample[]): Cost[] {
  const priceOf = ({ storageClass }: Sample) => restores[storageClass]?.[tier];
  const restored = samples.filter(priceOf);
  const count = restored.reduce((sum, { weight }) => sum + weight, 0);
  return [
    cost(
      'restore requests',
      Math.round(count),
      sumOf(restored, (sample) => (priceOf(sample)?.perThousand ?? 0) / 1000),
    ),
    cost(
      'GB restored',
      gigabytesOf(restored),
      sumOf(restored, (sample) => (sample.size / GB) * (priceOf(sample)?.perGb ?? 0)),
    ),
  ];
}

function operationCosts({ Operation }: JobRequest, name: string, count: number): Cost[] {
  if (name === 'LambdaInvoke')
    return [cost('invocations', count, (count / MILLION) * prices.perMillionInvocations)];
  if (!writes.includes(name)) return [];
  const { perThousandWrites = 0 } =
    storageClasses[Operation.S3PutObjectCopy?.StorageClass ?? 'STANDARD'] ?? {};
  return [cost('write requests', count, (count / 1000) * perThousandWrites)];
}

/** The costs that depend on the sampled objects, which stand for all objects of the job. */
function sampledCosts({ Operation }: JobRequest, name: string, samples: readonly Sample[]): Cost[] {
  if (samples.length === 0) return [];
  if (name === 'S3PutObjectCopy') return copyCosts(Operation.S3PutObjectCopy, samples);
  if (name === 'S3InitiateRestoreObject')
    return restoreCosts(Operation.S3InitiateRestoreObject?.GlacierJobTier, samples);
  if (name !== 'S3ComputeObjectChecksum') return [];
  const read = gigabytesOf(samples);
  return [cost('GB of computed checksums', read, read * prices.perGbChecksum)];
}

/**
 * The cost of a job by the list prices, as far as it is known. `objects` is undefined if their number is not known. The
 * samples stand for all objects.
 */
export function estimateOf(
  request: JobRequest,
  objects: number | undefined,
  facts: readonly ObjectFacts[],
): Estimate {
  const name = operationNameOf(request);
  const count = objects ?? 0;
  const found = facts.filter(({ state }) => state === 'there');
  const samples = found.map((each) => ({ ...each, weight: count / found.length }));
  const items: Cost[] = [
    cost('job', 1, prices.perJob),
    cost('objects', count, (count / MILLION) * prices.perMillionObjects),
    ...operationCosts(request, name, count),
    ...sampledCosts(request, name, samples),
  ];
  return {
    usd: rounded(items.reduce((sum, { usd }) => sum + usd, 0)),
    items,
    notIncluded: [
      ...(objects === undefined
        ? [
            'the objects that the manifest generator finds, and $0.015 per million objects in its source bucket',
          ]
        : []),
      ...(needsSizes.includes(name) && samples.length === 0
        ? ['all costs by size and storage class, because no object could be sampled']
        : []),
      ...(leftOut[name] ?? []),
      'requests to KMS, the report, and the watch (some state transitions and notices)',
      'free tiers and discounts',
    ],
    prices: { date: prices.date, region: prices.region },
  };
}
