import type { WireRequest } from '../../../core/wire.ts';
import { parseQuery } from '../../protocol/query.ts';

/** Parameters of the signature itself. */
const OF_SIGNATURE = new Set([
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
]);

const HEADERS = new Set([
  'content-md5',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
]);

/** The request with the headers that a presigned URL has in its query. A header of the request itself wins. */
export function addPresignedHeaders(request: WireRequest): WireRequest {
  if (!/(?:^|&)(?:X-Amz-Signature|Signature)=/i.test(request.query)) return request;
  const headers: Record<string, string> = {};
  for (const [parameter, [value = '']] of parseQuery(request.query)) {
    const name = parameter.toLowerCase();
    const isHeader = HEADERS.has(name) || (name.startsWith('x-amz-') && !OF_SIGNATURE.has(name));
    if (isHeader) headers[name] = value;
  }
  return { ...request, headers: { ...headers, ...request.headers } };
}
