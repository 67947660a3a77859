import { Crc32, Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';

/** The algorithms for which S3 computes the checksum of a whole object from those of its parts. */
const algorithms = { CRC64NVME: Crc64Nvme, CRC32C: Crc32c, CRC32: Crc32 };

export type WholeAlgorithm = keyof typeof algorithms;

export const isWholeAlgorithm = (name: string | undefined): name is WholeAlgorithm =>
  name !== undefined && Object.hasOwn(algorithms, name);

/** In base64, as S3 writes it. */
export async function checksumOf(text: string, algorithm: WholeAlgorithm): Promise<string> {
  const checksum = new algorithms[algorithm]();
  checksum.update(Buffer.from(text));
  return Buffer.from(await checksum.digest()).toString('base64');
}

/** The checksum of all bytes of an object. A composite checksum is left out: it also depends on the sizes of the parts. */
export function wholeChecksumOf(
  head: Partial<HeadObjectCommandOutput>,
): { algorithm: string; value: string } | undefined {
  const [name, value] = Object.entries(head).find(([member]) => /^Checksum(?!Type$)/.test(member)) ?? [];
  if (!name || head.ChecksumType === 'COMPOSITE') return undefined;
  return { algorithm: name.replace('Checksum', ''), value: String(value) };
}
