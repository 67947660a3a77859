import { isUtf8 } from 'node:buffer';
import type { WireRequest } from '../../../core/wire.ts';

/** Headers that S3 reads as UTF-8. It stores and returns the bytes of all others unchanged. */
const isText = (name: string) =>
  name.startsWith('x-amz-meta-') || name === 'x-amz-tagging' || name === 'x-amz-copy-source';

/** Reads the text headers of a request as UTF-8. Node passes the bytes of a header on as Latin-1. */
export function readUtf8(request: WireRequest): WireRequest {
  const entries = Object.entries(request.headers).map(([name, value]) => [
    name,
    isText(name) ? utf8(value) : value,
  ]);
  return { ...request, headers: Object.fromEntries(entries) };
}

function utf8(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : text;
}
