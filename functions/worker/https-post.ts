import dns, { type LookupAddress } from 'node:dns';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { ActionFailure } from './failures.ts';
import { isPublicAddress } from './public-address.ts';

export interface PostOptions {
  lookup?: LookupFunction;
  isAllowed?: (address: string) => boolean;
  /** The only trusted certificate authority; default: those of Node. */
  ca?: string;
}

export interface PostRequest {
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Sends a request and resolves with the status of the answer. Redirects are not followed. */
export type HttpsPost = (request: PostRequest, signal: AbortSignal) => Promise<number>;

const ANSWER_WITHIN_MS = 30_000;
const MAX_ANSWER_BYTES = 64 * 1024;

const notPublic = () =>
  new ActionFailure('PermanentFailure', 'the host of the url is not on the public internet');

/** Resolves names like `lookup`, and refuses names with a forbidden address. The connection uses the checked address. */
function checkedLookup(lookup: LookupFunction, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = found as unknown as LookupAddress[];
      if (error) return callback(error, []);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isAllowed(address))) return callback(notPublic(), []);
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
}

/**
 * Posts over HTTPS to the public internet only. Each request has its own connection, made to an address that was checked
 * after the name was resolved. Waits only for the status of the answer, and reads at most 64 KiB of its body.
 */
export function createHttpsPost(options: PostOptions = {}): HttpsPost {
  const { lookup = dns.lookup as LookupFunction, isAllowed = isPublicAddress, ca } = options;
  const checked = checkedLookup(lookup, isAllowed);
  return ({ url, headers, body }, signal) => {
    // Node does not call lookup for an address.
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isAllowed(host)) return Promise.reject(notPublic());
    const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    return new Promise((resolve, reject) => {
      const sent = request(
        url,
        { method: 'POST', headers, lookup: checked, agent: false, signal: within, ...(ca && { ca }) },
        (response) => {
          resolve(response.statusCode ?? 0);
          let bytes = 0;
          response.on('error', () => {});
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > MAX_ANSWER_BYTES) response.destroy();
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  };
}
