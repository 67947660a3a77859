import type { S3Core } from '../core.ts';
import { type ChecksumAlgorithm, toBase64 } from '../payload/checksums.ts';
import type { StoredChecksum } from '../store/facts.ts';
import type { ObjectVersion } from '../store/version.ts';
import { digestVersion } from './digest-version.ts';

/** The properties of a copy that depend on its bytes. */
export interface CopyDigests {
  /** Always the MD5 of all bytes, unlike the ETag of an object that was uploaded in parts. */
  etag: string;
  /** Of the whole object. */
  checksum: StoredChecksum;
}

/** The digests of a copy if the source has them; undefined if the bytes must be read. */
export function knownDigests(
  { etag, facts: { checksum, parts } }: ObjectVersion,
  wanted: ChecksumAlgorithm,
): CopyDigests | undefined {
  const isKnown = !parts && checksum?.type === 'FULL_OBJECT' && checksum.algorithm === wanted;
  return isKnown ? { etag, checksum } : undefined;
}

export async function computeDigests(
  s3: S3Core,
  source: ObjectVersion,
  algorithm: ChecksumAlgorithm,
): Promise<CopyDigests> {
  const [bytes = new Uint8Array(), md5] = source.facts.parts
    ? await digestVersion(s3, source, [algorithm, 'MD5'])
    : await digestVersion(s3, source, [algorithm]);
  return {
    etag: md5 ? Buffer.from(md5).toString('hex') : source.etag,
    checksum: { algorithm, type: 'FULL_OBJECT', value: toBase64(bytes) },
  };
}
