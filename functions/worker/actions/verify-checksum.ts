import { createHash } from 'node:crypto';
import { declareAction } from '../action.ts';
import type { ObjectVersion } from '../contract.ts';
import { ActionFailure } from '../failures.ts';
import * as schema from '../generated/verify-checksum.mjs';

export type ObjectReader = (
  object: ObjectVersion,
  signal: AbortSignal,
) => Promise<{ body: AsyncIterable<Uint8Array>; metadata: Record<string, string> }>;

/** Accepts a SHA-256 as 64 hexadecimal digits or as base64. */
function asHex(checksum: string, source: string): string {
  const text = checksum.trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  if (/^[A-Za-z0-9+/]{43}=$/.test(text)) return Buffer.from(text, 'base64').toString('hex');
  throw new ActionFailure(
    'PermanentFailure',
    `the expected SHA-256 in the ${source} is neither hex nor base64`,
  );
}

/**
 * Reads the whole object, computes its SHA-256 and compares it with the expected one: the user argument `sha256`, or the
 * object's own metadata `sha256`. Result: JSON of `sha256` (hex) and `bytes`. A difference is a permanent failure.
 */
export const verifyChecksum = declareAction(
  { name: 'verify-checksum', schema },
  (read: ObjectReader) =>
    async (object, { arguments: { sha256 }, signal }) => {
      const { body, metadata } = await read(object, signal);
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of body) {
        hash.update(chunk);
        bytes += chunk.length;
      }
      const found = hash.digest('hex');
      const inMetadata = metadata['sha256'];
      if (sha256 === undefined && inMetadata === undefined)
        throw new ActionFailure(
          'PermanentFailure',
          `no expected SHA-256: set the user argument sha256 or the metadata sha256; found ${found}`,
        );
      const expected =
        sha256 !== undefined ? asHex(sha256, 'arguments') : asHex(inMetadata ?? '', 'metadata');
      if (found !== expected)
        throw new ActionFailure('PermanentFailure', `SHA-256 differs: expected ${expected}, found ${found}`);
      return JSON.stringify({ sha256: found, bytes });
    },
);
