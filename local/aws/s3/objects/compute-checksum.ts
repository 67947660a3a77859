import type { ChecksumRequest, ObjectChecksum } from '../../../batch/object-actions.ts';
import type { S3Core } from '../core.ts';
import { invalidRequest } from '../errors.ts';
import { type ChecksumAlgorithm, createDigest } from '../payload/checksums.ts';
import { findVersion, type VersionTarget } from '../rules/versions.ts';
import type { ObjectVersion } from '../store/version.ts';
import { digestVersion } from './digest-version.ts';

/** Computes a checksum from the stored bytes. An archived object does not need to be restored. */
export async function computeObjectChecksum(
  s3: S3Core,
  target: VersionTarget,
  { algorithm, type }: ChecksumRequest,
): Promise<ObjectChecksum> {
  const { version } = findVersion(s3, target);
  if (version.facts.customerKey)
    throw invalidRequest('SSE-C encryption type is not supported for this operation');
  const { etag, facts } = version;
  if (type === 'COMPOSITE' && facts.parts) {
    const bytes = await compositeChecksum(s3, version, algorithm, facts.parts);
    return { bytes, type, etag, partCount: facts.parts.length };
  }
  const [bytes = new Uint8Array()] = await digestVersion(s3, version, [algorithm]);
  return { bytes, type: 'FULL_OBJECT', etag };
}

/** The checksum of the checksums of the uploaded parts. */
async function compositeChecksum(
  s3: S3Core,
  version: ObjectVersion,
  algorithm: ChecksumAlgorithm,
  parts: readonly { size: number }[],
): Promise<Uint8Array> {
  const digest = createDigest(algorithm);
  let from = 0;
  for (const { size } of parts) {
    const [bytes = new Uint8Array()] = await digestVersion(s3, version, [algorithm], {
      from,
      to: from + size,
    });
    digest.update(bytes);
    from += size;
  }
  return digest.digest();
}
