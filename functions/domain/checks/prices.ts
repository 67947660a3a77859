/** List prices in US dollars, copied from https://aws.amazon.com/s3/pricing at `date`. */
export const prices = {
  date: '2026-11-22',
  region: 'us-east-1',
  /** S3 Batch Operations. */
  perJob: 0.25,
  perMillionObjects: 1,
  /** S3 Standard: PUT, COPY, POST. */
  perThousandWrites: 0.005,
  /** Lambda, without duration. */
  perMillionInvocations: 0.2,
} as const;
