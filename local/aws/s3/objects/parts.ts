import { AwsError } from '../../../core/aws-error.ts';
import { invalidArgument } from '../errors.ts';
import type { ByteRange } from '../rules/range.ts';
import type { ObjectVersion } from '../store/version.ts';

const MAX_PART_NUMBER = 10_000;

/** The bytes of one part. A version that was not uploaded in parts has one part, with the number 1. */
export function partRange(version: ObjectVersion, partNumber: number | undefined): ByteRange | undefined {
  if (partNumber === undefined) return undefined;
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > MAX_PART_NUMBER)
    throw invalidArgument(
      `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`,
      'partNumber',
      String(partNumber),
    );
  const parts = version.facts.parts ?? [{ size: version.size }];
  const part = parts[partNumber - 1];
  if (!part)
    throw new AwsError('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', {
      PartNumberRequested: String(partNumber),
      ActualPartCount: String(parts.length),
    });
  const from = parts.slice(0, partNumber - 1).reduce((sum, { size }) => sum + size, 0);
  return { from, to: from + part.size };
}
