import type { S3Core } from '../core.ts';
import { type ChecksumAlgorithm, createDigest, toBase64 } from '../payload/checksums.ts';
import type { StoredChecksum } from '../store/facts.ts';
import { type ObjectVersion, segmentsOf } from '../store/objects.ts';

/** The checksum of a version's bytes, read through once. */
export async function computeChecksum(
  { bodies }: S3Core,
  version: ObjectVersion,
  algorithm: ChecksumAlgorithm,
): Promise<Uint8Array> {
  const digest = createDigest(algorithm);
  for await (const chunk of bodies.read(segmentsOf(version), 0, version.size)) digest.update(chunk);
  return digest.digest();
}

/** The checksum of a copy: of the whole object, in the algorithm that is asked for, else in that of the source. */
export async function copiedChecksum(
  s3: S3Core,
  source: ObjectVersion,
  wanted: ChecksumAlgorithm,
): Promise<StoredChecksum> {
  const known = source.facts.checksum;
  if (known?.type === 'FULL_OBJECT' && known.algorithm === wanted) return known;
  return {
    algorithm: wanted,
    type: 'FULL_OBJECT',
    value: toBase64(await computeChecksum(s3, source, wanted)),
  };
}

/** The ETag of a copy: always the MD5 of the bytes, which that of an object in parts is not. */
export async function copiedEtag(s3: S3Core, source: ObjectVersion): Promise<string> {
  if (!source.facts.parts) return source.etag;
  return Buffer.from(await computeChecksum(s3, source, 'MD5')).toString('hex');
}
