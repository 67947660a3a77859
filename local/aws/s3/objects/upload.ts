import type { S3Core } from '../core.ts';
import { entityTooLarge } from '../errors.ts';
import {
  type ChecksumAlgorithm,
  checksumHeader,
  DEFAULT_ALGORITHM,
  isChecksumAlgorithm,
  toBase64,
} from '../payload/checksums.ts';
import { startBodyDigest } from '../payload/digest-threads.ts';
import { declaredAlgorithm, declaredSize } from '../payload/verified-body.ts';
import type { StagedBody } from '../store/receive-body.ts';

export interface Upload {
  staged: StagedBody;
  /** MD5 in hex. */
  etag: string;
  algorithm: ChecksumAlgorithm;
  /** Base64. */
  checksum: string;
}

/**
 * Receives an uploaded body. The checksum algorithm is `wanted`, or else the one that the request declares (its value is
 * verified when the body ends), or else the default of S3.
 */
export async function receiveUpload(
  { bodies, limits }: S3Core,
  body: AsyncIterable<Uint8Array> | undefined,
  headers: Readonly<Record<string, string>>,
  wanted?: ChecksumAlgorithm,
  sizeBytes: number = declaredSize(headers),
): Promise<Upload> {
  if (sizeBytes > limits.maxUploadBytes) throw entityTooLarge(sizeBytes, limits.maxUploadBytes);
  const declared = declaredAlgorithm(headers);
  const algorithm = wanted ?? declared ?? namedAlgorithm(headers);
  const md5 = startBodyDigest('MD5', sizeBytes);
  const digest = algorithm === declared ? undefined : startBodyDigest(algorithm, sizeBytes);
  try {
    const staged = await bodies.receive(body ?? empty(), async (chunk) => {
      await md5.update(chunk);
      await digest?.update(chunk);
    });
    if (staged.size > limits.maxUploadBytes) {
      bodies.discard(staged);
      throw entityTooLarge(staged.size, limits.maxUploadBytes);
    }
    // `headers` now includes the trailers.
    const checksum = digest ? toBase64(await digest.digest()) : (headers[checksumHeader(algorithm)] ?? '');
    return { staged, etag: Buffer.from(await md5.digest()).toString('hex'), algorithm, checksum };
  } finally {
    md5.drop();
    digest?.drop();
  }
}

/** The algorithm that the client names without a value; S3 computes the checksum. */
function namedAlgorithm(headers: Readonly<Record<string, string>>): ChecksumAlgorithm {
  const named = headers['x-amz-sdk-checksum-algorithm']?.toUpperCase();
  return named !== undefined && isChecksumAlgorithm(named) ? named : DEFAULT_ALGORITHM;
}

async function* empty(): AsyncIterable<Uint8Array> {}
