import { createHash, createHmac } from 'node:crypto';
import { declareAction } from '../action.ts';
import type { ObjectVersion } from '../contract.ts';
import { ActionFailure } from '../failures.ts';
import * as schema from '../generated/webhook.mjs';
import type { HttpsPost } from '../https-post.ts';

export interface WebhookTools {
  /** Where this deployment lets webhooks go. */
  isTarget(url: string): boolean;
  /** The key of the signature; `isFresh` when one that was read before will not do. */
  readKey(isFresh: boolean, signal: AbortSignal): Promise<string | Uint8Array>;
  post: HttpsPost;
  nowSeconds(): number;
}

const MIN_KEY_BYTES = 16;

const permanent = (why: string) => new ActionFailure('PermanentFailure', why);

/** The same for each try, so that the receiver can tell what it has had before. */
const deliveryIdOf = (jobId: string, { bucket, key, versionId }: ObjectVersion) =>
  createHash('sha256')
    .update(JSON.stringify([jobId, bucket, key, versionId ?? null]))
    .digest('hex')
    .slice(0, 32);

function headersOf(id: string, body: string, key: string | Uint8Array, seconds: number) {
  if (Buffer.byteLength(key) < MIN_KEY_BYTES) throw permanent('the key of the webhook is under 16 bytes');
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

/** 408, 425 and 429 say later; every other 4xx, and every 3xx, says no. */
function check(status: number): void {
  if (status >= 200 && status < 300) return;
  const isPassing = status >= 500 || [408, 425, 429].includes(status);
  const why = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  throw new ActionFailure(
    isPassing ? 'TemporaryFailure' : 'PermanentFailure',
    `the webhook answered ${status}${why}`,
  );
}

/**
 * Posts a signed JSON about the object to the user argument `url`. Result: JSON of `status`. The receiver may get it more
 * than once, always with the same id.
 */
export const webhook = declareAction(
  { name: 'webhook', schema, isOffByDefault: true },
  ({ isTarget, readKey, post, nowSeconds }: WebhookTools) =>
    async (object, { arguments: { url }, jobId, signal }) => {
      if (!URL.canParse(url) || !isTarget(url))
        throw permanent('the url is not one that this deployment lists');
      const id = deliveryIdOf(jobId, object);
      const body = JSON.stringify({ id, jobId, ...object });
      const send = (key: string | Uint8Array) =>
        post({ url: new URL(url), headers: headersOf(id, body, key, nowSeconds()), body }, signal);
      const key = await readKey(false, signal);
      let status = await send(key);
      if (isRefused(status)) {
        // The key may have been rotated since it was read.
        const fresh = await readKey(true, signal);
        if (Buffer.compare(Buffer.from(fresh), Buffer.from(key)) !== 0) status = await send(fresh);
      }
      check(status);
      return JSON.stringify({ status });
    },
);
