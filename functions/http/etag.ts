import { createHash } from 'node:crypto';
import type { HttpAnswer, HttpRequest } from './http-handler.ts';

/** The answer with an ETag of its body; 304 without a body if the caller sent this ETag. */
export function withEtag({ headers }: Pick<HttpRequest, 'headers'>, answer: HttpAnswer): HttpAnswer {
  const etag = `"${createHash('sha256')
    .update(answer.text ?? JSON.stringify(answer.body))
    .digest('base64url')}"`;
  const known = (headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  const named = { ...answer, headers: { ...answer.headers, etag } };
  return known.includes(etag) || known.includes('*') ? { status: 304, headers: named.headers } : named;
}
