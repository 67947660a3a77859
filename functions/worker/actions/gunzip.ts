import { createGunzip } from 'node:zlib';
import { declareAction } from '../action.ts';
import { ActionFailure } from '../failures.ts';
import * as schema from '../generated/gunzip.mjs';
import { rewriteObject, type StreamStore } from '../rewrite-object.ts';
import { isGzipName } from './gzip.ts';

/** Results up to this size are allowed at any ratio. */
const ALWAYS_ALLOWED_BYTES = 16 * 1024 ** 2;

const permanent = (why: string) => new ActionFailure('PermanentFailure', why);

function targetKeyOf(key: string, prefix: string, suffix: string): string | undefined {
  if (!key.endsWith(suffix)) throw permanent('the key does not end with removeSuffix');
  const target = `${prefix}${key.slice(0, key.length - suffix.length)}`;
  return target === key ? undefined : target;
}

/** For the same key, the content encoding decides: otherwise a second run would decompress twice-compressed bytes. */
function unpacked(encodings: readonly string[], isSameKey: boolean): string[] | undefined {
  const rest = encodings.filter((encoding) => !isGzipName(encoding));
  if (encodings.length - rest.length > 1) throw permanent('its content encoding names gzip more than once');
  if (rest.length === encodings.length) return isSameKey ? undefined : rest;
  if (!isGzipName(encodings.at(-1) ?? ''))
    throw permanent('its content encoding names another encoding after gzip');
  return rest;
}

/**
 * Decompresses the object. Replaces it if its content encoding is gzip, or writes `prefix` + key without `removeSuffix`.
 * Without another key, an object that is not gzip stays unchanged. Result: JSON of `bytes`, the size at the target.
 */
export const gunzip = declareAction(
  { name: 'gunzip', schema },
  (store: StreamStore) =>
    async (object, { arguments: { prefix = '', removeSuffix = '', maxRatio = 100 }, signal }) => {
      const targetKey = targetKeyOf(object.key, prefix, removeSuffix);
      const bytes = await rewriteObject(
        store,
        object,
        {
          targetKey,
          encodingsAfter: (encodings) => unpacked(encodings, targetKey === undefined),
          isDone(isGzip) {
            if (!isGzip && targetKey === undefined)
              throw permanent('its content encoding is gzip, but its bytes are not');
            return !isGzip;
          },
          doneReason: 'it is not gzip',
          transform: (head) => ({
            stream: createGunzip(),
            limit: Math.max(ALWAYS_ALLOWED_BYTES, head.bytes * maxRatio),
          }),
        },
        signal,
      );
      return JSON.stringify({ bytes });
    },
);
