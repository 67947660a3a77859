import { createHash, createHmac } from 'node:crypto';
import { declareAction } from '../action.ts';
import type { ObjectVersion } from '../contract.ts';
import { ActionFailure } from '../failures.ts';
import * as schema from '../generated/webhook.mjs';
import type { HttpsPost } from '../https-post.ts';

export interface WebhookTools {
  /** Whether `webhooks` lists the address. */
  isTarget(url: string): boolean;
  /** The key of the signature; `isFresh` to read it again instead of using a kept one. */
  readKey(isFresh: boolean, signal: AbortSignal): Promise<string | Uint8Array>;
  post: HttpsPost;
  nowSeconds(): number;
}

const MIN_KEY_BYTES = 16;

const permanent = (why: string) => new ActionFailure('PermanentFailure', why);

/** The same for each try, so that the receiver can recognize a repeated delivery. */
const deliveryIdOf = (jobId: string, { bucket, key, versionId }: ObjectVersion) =>
  createHash('sha256')
    .update(JSON.stringify([jobId, bucket, key, versionId ?? null]))
    .digest('hex')
    .slice(0, 32);

function headersOf(id: string, body: string, key: string | Uint8Array, seconds: number) {
  if (Buffer.byteLength(key) < MIN_KEY_BYTES)
    throw permanent('the key of the webhook has fewer than 16 bytes');
  const signature = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');
  return {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'bucket-brigade',
    'bucket-brigade-delivery': id,
    'bucket-brigade-signature': `t=${seconds},v1=${signature}`,
  };
}

const isRefused = (status: number) => status === 401 || status === 403;

/** 408, 425, 429 and 5xx are temporary; every other 4xx, and every 3xx, is permanent. */
function check(status: number): void {
  if (status >= 200 && status < 300) return;
  const isRetryable = status >= 500 || [408, 425, 429].includes(status);
  const why = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  throw new ActionFailure(
    isRetryable ? 'TemporaryFailure' : 'PermanentFailure',
    `the webhook answered ${status}${why}`,
  );
}

/**
 * Posts signed JSON about the object to the user argument `url`. Result: JSON of `status`. The receiver can get it more
 * than once, always with the same id.
 */
export const webhook = declareAction(
  { name: 'webhook', schema, isOffByDefault: true },
  ({ isTarget, readKey, post, nowSeconds }: WebhookTools) =>
    async (object, { arguments: { url }, jobId, signal }) => {
      if (!URL.canParse(url) || !isTarget(url))
        throw permanent('webhooks of this deployment does not list the url');
      const id = deliveryIdOf(jobId, object);
      const body = JSON.stringify({ id, jobId, ...object });
      const send = (key: string | Uint8Array) =>
        post({ url: new URL(url), headers: headersOf(id, body, key, nowSeconds()), body }, signal);
      const key = await readKey(false, signal);
      let status = await send(key);
      if (isRefused(status)) {
        // The key may have been rotated after it was read.
        const fresh = await readKey(true, signal);
        if (Buffer.compare(Buffer.from(fresh), Buffer.from(key)) !== 0) status = await send(fresh);
      }
      check(status);
      return JSON.stringify({ status });
    },
);
