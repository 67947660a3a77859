import { Readable } from 'node:stream';
import type { WireHandler, WireRequest, WireResponse } from '../core/wire.ts';
import { type ClientRequestHandler, encodeQuery, type HttpRequest, HttpResponse } from './protocol/serde.ts';

/** A `requestHandler` for SDK v3 clients that calls a service in this process by its wire protocol. */
export function inProcess(handle: WireHandler): ClientRequestHandler {
  return {
    async handle(request) {
      return { response: toResponse(await handle(toWire(request))) };
    },
  };
}

function toWire(request: HttpRequest): WireRequest {
  const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method: request.method,
    path: request.path,
    query: encodeQuery(request.query ?? {}),
    headers: Object.fromEntries(headers),
    body: chunks(request.body),
  };
}

async function* chunks(body: unknown): AsyncIterable<Uint8Array> {
  if (body === undefined || body === null) return;
  if (typeof body === 'string') yield Buffer.from(body);
  else if (body instanceof Uint8Array) yield body;
  else if (body instanceof ArrayBuffer) yield new Uint8Array(body);
  else
    for await (const chunk of body as AsyncIterable<Uint8Array | string>)
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

function toResponse({ status, headers, body }: WireResponse) {
  const content =
    typeof body === 'string' ? [Buffer.from(body)] : body instanceof Uint8Array ? [body] : (body ?? []);
  return new HttpResponse({
    statusCode: status,
    headers: { ...headers },
    body: Readable.from(content, { objectMode: false }),
  });
}
