import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Xxh3_64, Xxh3_128, Xxh64 } from '@aws-sdk/checksums/xxh';
import { createCrc32c, createCrc64Nvme } from './crc.ts';

/** A running checksum. */
export interface Digest {
  update(chunk: Uint8Array): void;
  digest(): Uint8Array | Promise<Uint8Array>;
}

const hash = (name: string) => (): Digest => createHash(name);

function crc32Digest(): Digest {
  let value = 0;
  return {
    update(chunk) {
      value = crc32(chunk, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
}

/** Each checksum algorithm of S3 with its constructor and its length in bytes. */
const ALGORITHMS = {
  CRC32: { create: crc32Digest, bytes: 4 },
  CRC32C: { create: createCrc32c, bytes: 4 },
  CRC64NVME: { create: createCrc64Nvme, bytes: 8 },
  MD5: { create: hash('md5'), bytes: 16 },
  SHA1: { create: hash('sha1'), bytes: 20 },
  SHA256: { create: hash('sha256'), bytes: 32 },
  SHA512: { create: hash('sha512'), bytes: 64 },
  XXHASH64: { create: (): Digest => new Xxh64(), bytes: 8 },
  XXHASH3: { create: (): Digest => new Xxh3_64(), bytes: 8 },
  XXHASH128: { create: (): Digest => new Xxh3_128(), bytes: 16 },
};

export type ChecksumAlgorithm = keyof typeof ALGORITHMS;

/** The algorithm that S3 uses when the client names none. */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = 'CRC64NVME';

export const CHECKSUM_ALGORITHMS = Object.keys(ALGORITHMS) as ChecksumAlgorithm[];

export const isChecksumAlgorithm = (name: string): name is ChecksumAlgorithm =>
  Object.hasOwn(ALGORITHMS, name);

/** The header of a checksum, in lower case. */
export const checksumHeader = (algorithm: ChecksumAlgorithm): string =>
  `x-amz-checksum-${algorithm.toLowerCase()}`;

/** The member of a checksum in the inputs and outputs of the SDK. */
export const checksumMember = <Algorithm extends ChecksumAlgorithm>(
  algorithm: Algorithm,
): `Checksum${Algorithm}` => `Checksum${algorithm}`;

export const createDigest = (algorithm: ChecksumAlgorithm): Digest => ALGORITHMS[algorithm].create();

export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Whether a text is valid base64 of the right length for the algorithm. */
export function isChecksumValue(algorithm: ChecksumAlgorithm, text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.byteLength === ALGORITHMS[algorithm].bytes && toBase64(bytes) === text;
}

/** The base64 checksum of bytes in memory. */
export async function checksumOf(algorithm: ChecksumAlgorithm, ...chunks: Uint8Array[]): Promise<string> {
  const digest = createDigest(algorithm);
  for (const chunk of chunks) digest.update(chunk);
  return toBase64(await digest.digest());
}
