import type { WireResponse } from '../../core/wire.ts';
import { encodeWord } from './encoded-word.ts';
import type { Operation } from './operation.ts';
import type { Shape } from './schema.ts';
import type { XmlCodec } from './serde.ts';

const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

type Members = Record<string, unknown>;

/** Turns an output object into the answer that the SDK's client reads as the same object. */
export function writeOutput(operation: Operation, output: Members, codec: XmlCodec): WireResponse {
  const response: WireResponse = { status: operation.status, headers: {} };
  for (const { member, shape, location, wireName } of operation.output.bindings) {
    const value = output[member];
    if (value === undefined || value === null) continue;
    if (location === 'header') response.headers[wireName] = headerValue(codec.writeText(shape, value));
    else if (location === 'prefix') Object.assign(response.headers, prefixed(wireName, value));
    else if (location === 'status') response.status = Number(value);
    else if (location === 'payload') setPayload(response, shape, value, codec);
  }
  if (operation.output.body) {
    const xml = codec.write(operation.output.body, output);
    setXml(response, operation.isUnwrapped ? unwrap(xml) : xml);
  }
  return response;
}

function setPayload(response: WireResponse, shape: Shape, value: unknown, codec: XmlCodec) {
  if (shape.isStructSchema()) setXml(response, codec.write(shape, value));
  else response.body = value as NonNullable<WireResponse['body']>;
}

function setXml(response: WireResponse, xml: string) {
  response.headers['content-type'] = 'application/xml';
  response.body = XML_DECLARATION + xml;
}

/** `<A xmlns="…"><A>text</A></A>` becomes `<A xmlns="…">text</A>`. */
const unwrap = (xml: string) => xml.replace(/^(<(\w+)[^>]*>)<\2>([^<]*)<\/\2>/, '$1$3');

const prefixed = (prefix: string, values: object) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [prefix + name, encodeWord(String(value))]),
  );

/** A header value: its characters are bytes. S3 sends a space for a character that cannot be one. */
const headerValue = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, ' ');
