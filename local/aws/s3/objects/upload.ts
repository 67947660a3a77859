import { createHash } from 'node:crypto';
import type { S3Core } from '../core.ts';
import { entityTooLarge } from '../errors.ts';
import {
  type ChecksumAlgorithm,
  checksumHeader,
  createDigest,
  DEFAULT_ALGORITHM,
  isChecksumAlgorithm,
  toBase64,
} from '../payload/checksums.ts';
import { declaredAlgorithm } from '../payload/verified-body.ts';
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
): Promise<Upload> {
  const proposedBytes = Number(headers['content-length'] ?? 0);
  if (proposedBytes > limits.maxUploadBytes) throw entityTooLarge(proposedBytes, limits.maxUploadBytes);
  const declared = declaredAlgorithm(headers);
  const algorithm = wanted ?? declared ?? namedAlgorithm(headers);
  const md5 = createHash('md5');
  const digest = algorithm === declared ? undefined : createDigest(algorithm);
  const staged = await bodies.receive(body ?? empty(), (chunk) => {
    md5.update(chunk);
    digest?.update(chunk);
  });
  if (staged.size > limits.maxUploadBytes) {
    bodies.discard(staged);
    throw entityTooLarge(staged.size, limits.maxUploadBytes);
  }
  // `headers` now includes the trailers.
  const checksum = digest ? toBase64(await digest.digest()) : (headers[checksumHeader(algorithm)] ?? '');
  return { staged, etag: md5.digest('hex'), algorithm, checksum };
}

/** The algorithm that the client names without a value; S3 computes the checksum. */
function namedAlgorithm(headers: Readonly<Record<string, string>>): ChecksumAlgorithm {
  const named = headers['x-amz-sdk-checksum-algorithm']?.toUpperCase();
  return named !== undefined && isChecksumAlgorithm(named) ? named : DEFAULT_ALGORITHM;
}

async function* empty(): AsyncIterable<Uint8Array> {}
