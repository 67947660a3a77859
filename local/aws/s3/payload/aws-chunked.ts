import type { WireRequest } from '../../../core/wire.ts';
import { incompleteBody } from '../errors.ts';

type MutableHeaders = Record<string, string>;

/**
 * Decodes the `aws-chunked` content coding that SDKs use for uploads. When the body ends, its trailers, such as a
 * checksum, are added to the headers of the request.
 */
export function decodeAwsChunked(request: WireRequest): WireRequest {
  const encodings = (request.headers['content-encoding'] ?? '').split(',').map((name) => name.trim());
  const isChunked =
    encodings.includes('aws-chunked') ||
    (request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  if (!isChunked) return request;
  const headers: MutableHeaders = { ...request.headers };
  const others = encodings.filter((name) => name !== 'aws-chunked' && name !== '');
  if (others.length > 0) headers['content-encoding'] = others.join(',');
  else delete headers['content-encoding'];
  const length = headers['x-amz-decoded-content-length'];
  if (length !== undefined) headers['content-length'] = length;
  else delete headers['content-length'];
  return { ...request, headers, body: readChunks(request.body, headers) };
}

async function* readChunks(
  body: AsyncIterable<Uint8Array>,
  headers: MutableHeaders,
): AsyncIterable<Uint8Array> {
  const reader = createReader(body);
  for (;;) {
    const line = await reader.line();
    const sizeBytes = Number.parseInt(line, 16);
    if (!/^[0-9a-f]+(?:;.*)?$/i.test(line)) throw incompleteBody();
    if (sizeBytes === 0) break;
    yield* reader.take(sizeBytes);
    if ((await reader.line()) !== '') throw incompleteBody();
  }
  // Some clients omit the blank line after the trailers.
  for (let line = await reader.line(true); line !== ''; line = await reader.line(true)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
}

/** Longest line of the coding: a chunk size with a signature, or a trailer. */
const MAX_LINE_BYTES = 4096;

function createReader(body: AsyncIterable<Uint8Array>) {
  const chunks = body[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  const more = async () => {
    const { done, value } = await chunks.next();
    if (done) return false;
    rest = rest.byteLength === 0 ? value : Buffer.concat([rest, value]);
    return true;
  };
  return {
    /** The text before the next CRLF. At the end of the body it throws, or returns the rest if `endIsBlank`. */
    async line(endIsBlank = false): Promise<string> {
      for (;;) {
        const end = Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength).indexOf('\r\n');
        if (end >= 0) {
          const line = Buffer.from(rest.subarray(0, end)).toString('latin1');
          rest = rest.subarray(end + 2);
          return line;
        }
        if (rest.byteLength > MAX_LINE_BYTES) throw incompleteBody();
        if (await more()) continue;
        if (!endIsBlank) throw incompleteBody();
        const line = Buffer.from(rest).toString('latin1');
        rest = new Uint8Array();
        return line;
      }
    },
    async *take(sizeBytes: number): AsyncIterable<Uint8Array> {
      for (let left = sizeBytes; left > 0; ) {
        if (rest.byteLength === 0 && !(await more())) throw incompleteBody();
        const piece = rest.subarray(0, left);
        rest = rest.subarray(piece.byteLength);
        left -= piece.byteLength;
        if (piece.byteLength > 0) yield piece;
      }
    },
  };
}
