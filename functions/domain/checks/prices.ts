/**
 * List prices in US dollars at `date`, from https://aws.amazon.com/s3/pricing ("Storage", "Requests & data retrievals",
 * "Management & analytics") and https://aws.amazon.com/lambda/pricing.
 */
export const prices = {
  date: '2026-11-22',
  region: 'us-east-1',
  /** S3 Batch Operations. */
  perJob: 0.25,
  perMillionObjects: 1,
  perGbChecksum: 0.004,
  /** Lambda, without duration. */
  perMillionInvocations: 0.2,
} as const;

interface StorageClassPrices {
  /** PUT, COPY, POST. */
  perThousandWrites: number;
  perGbMonth: number;
  /** For reading, without a restore. */
  perGbRetrieval: number;
  /** An object that is deleted earlier is charged for these days all the same. */
  minimumDays: number;
  /** Smaller objects are charged for this size. */
  minimumBytes: number;
}

const KIB = 1024;

export const storageClasses: Readonly<Record<string, StorageClassPrices>> = {
  STANDARD: classOf(0.005, 0.023, 0, 0, 0),
  INTELLIGENT_TIERING: classOf(0.005, 0.023, 0, 0, 0),
  STANDARD_IA: classOf(0.01, 0.0125, 0.01, 30, 128 * KIB),
  ONEZONE_IA: classOf(0.01, 0.01, 0.01, 30, 128 * KIB),
  GLACIER_IR: classOf(0.02, 0.004, 0.03, 90, 128 * KIB),
  GLACIER: classOf(0.03, 0.0036, 0, 90, 0),
  DEEP_ARCHIVE: classOf(0.05, 0.00099, 0, 180, 0),
};

function classOf(
  perThousandWrites: number,
  perGbMonth: number,
  perGbRetrieval: number,
  minimumDays: number,
  minimumBytes: number,
): StorageClassPrices {
  return { perThousandWrites, perGbMonth, perGbRetrieval, minimumDays, minimumBytes };
}

/** Restores by storage class and tier. Those of INTELLIGENT_TIERING are free. */
export const restores: Readonly<
  Record<string, Readonly<Record<'STANDARD' | 'BULK', { perThousand: number; perGb: number }>>>
> = {
  GLACIER: { STANDARD: { perThousand: 0.05, perGb: 0.01 }, BULK: { perThousand: 0, perGb: 0 } },
  DEEP_ARCHIVE: { STANDARD: { perThousand: 0.1, perGb: 0.02 }, BULK: { perThousand: 0.025, perGb: 0.0025 } },
};
