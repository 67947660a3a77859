import { usageError } from '../exit-codes.ts';

const DEFAULT_API = 'http://127.0.0.1:3000';

/** Where the API is, and who may be shown to it. */
export interface Address {
  url: URL;
  /** Plain http to this machine: nothing secret is needed. */
  isLocal: boolean;
  /** Of the signature, as far as the host name says it: `ID.execute-api.REGION.amazonaws.com`. */
  region?: string;
}

const isLoopback = (host: string): boolean =>
  /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);

/** Reads `--api` or BUCKET_BRIGADE_API. Throws a usage error for what is no https address; plain http is for loopback only, since anybody on the way reads it. */
export function addressOf(given: string | undefined): Address {
  const url = URL.canParse(given ?? DEFAULT_API) ? new URL(given ?? DEFAULT_API) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw usageError(`The API address ${given} is no URL: use https://… or http://127.0.0.1:PORT`);
  if (url.username || url.password || url.search || url.hash)
    throw usageError(`The API address ${url.host} has more than a host and a path: leave the rest out`);
  const isLocal = url.protocol === 'http:';
  if (isLocal && !isLoopback(url.hostname))
    throw usageError(`The API address ${url.href} is plain http to another machine: use https`);
  const [, region] = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/.exec(url.hostname) ?? [];
  return { url, isLocal, ...(region && { region }) };
}
