import type { WireHandler, WireRequest } from '../../local/core/wire.ts';

/** A wire request from its parts. The others have defaults. */
export const wireRequest = (
  method: string,
  target: string,
  { headers = {}, body = '' }: { headers?: Record<string, string>; body?: string | Uint8Array } = {},
): WireRequest => {
  const [path = '/', query = ''] = target.split('?');
  return { method, path, query, headers, body: once(body) };
};

async function* once(body: string | Uint8Array) {
  if (body.length > 0) yield typeof body === 'string' ? Buffer.from(body) : body;
}

/** HTTP requests as a raw listener recorded them, separated by `>>>`. */
export const parseCaptures = (text: string): WireRequest[] =>
  text.split('\n>>>\n').map((block) => {
    const [head = '', ...rest] = block.split('\n\n');
    const [line = '', ...headerLines] = head.trim().split('\n');
    const [method = '', target = ''] = line.split(' ');
    const headers = headerLines.map((header) => {
      const colon = header.indexOf(':');
      return [header.slice(0, colon).toLowerCase(), header.slice(colon + 1).trim()];
    });
    return wireRequest(method, target, {
      headers: Object.fromEntries(headers),
      body: rest.join('\n\n').trim(),
    });
  });

/** Calls a handler and reads its whole answer as text. */
export async function callWire(handle: WireHandler, request: WireRequest) {
  const { status, headers, body = '' } = await handle(request);
  if (typeof body === 'string') return { status, headers, text: body };
  const chunks: Uint8Array[] = [];
  for await (const chunk of body instanceof Uint8Array ? [body] : body) chunks.push(chunk);
  return { status, headers, text: Buffer.concat(chunks).toString() };
}
