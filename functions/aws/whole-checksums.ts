import { Crc32, Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';

/** The checksums that S3 can put together from those of parts, so that they are of the whole object. */
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
