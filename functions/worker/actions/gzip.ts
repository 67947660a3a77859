import { createGzip } from 'node:zlib';
import { declareAction } from '../action.ts';
import * as schema from '../generated/gzip.mjs';
import { rewriteObject, type StreamStore } from '../rewrite-object.ts';

export const isGzipName = (encoding: string): boolean => /^(x-)?gzip$/i.test(encoding);

/**
 * Compresses the object: replaces it, or writes `prefix` + key + `suffix`. An object that is already gzip stays unchanged.
 * Result: JSON of `bytes`, the size at the target.
 */
export const gzip = declareAction(
  { name: 'gzip', schema },
  (store: StreamStore) =>
    async (object, { arguments: { prefix = '', suffix = '', level = 6 }, signal }) => {
      const bytes = await rewriteObject(
        store,
        object,
        {
          targetKey: prefix || suffix ? `${prefix}${object.key}${suffix}` : undefined,
          encodingsAfter: (encodings) => (encodings.some(isGzipName) ? undefined : [...encodings, 'gzip']),
          isDone: (isGzip) => isGzip,
          doneReason: 'it is already gzip',
          transform: () => ({ stream: createGzip({ level }), limit: Number.POSITIVE_INFINITY }),
        },
        signal,
      );
      return JSON.stringify({ bytes });
    },
);
