import type { WireRequest, WireResponse } from '../wire.ts';
import { readBody } from './body.ts';
import { ShapeFault } from './fault.ts';
import type { Binding, Operation } from './operation.ts';
import type { Route } from './router.ts';
import type { XmlCodec } from './serde.ts';

const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NUMBER = /^-?\d+(?:\.\d+)?$/;

type Members = Record<string, unknown>;

/** Turns a request into exactly the input object that the SDK's client was given. */
export async function readInput(
  { operation, labels, query }: Route,
  request: WireRequest,
  codec: XmlCodec,
  maxBodyBytes: number,
): Promise<Members> {
  const input: Members = {};
  for (const binding of operation.input.bindings) {
    const { member, place, wireName } = binding;
    const value =
      place === 'label'
        ? labels[member]
        : place === 'query'
          ? readQuery(binding, query.get(wireName), codec)
          : place === 'header'
            ? readHeader(binding, request.headers[wireName], codec)
            : place === 'prefix'
              ? readPrefixed(wireName, request.headers)
              : place === 'payload'
                ? await readPayload(binding, request, codec, maxBodyBytes)
                : undefined;
    if (value !== undefined) input[member] = value;
  }
  if (operation.input.body) {
    const xml = (await readBody(request, maxBodyBytes)).toString();
    if (xml.trim() !== '') Object.assign(input, codec.read(operation.input.body, xml));
  }
  requireMembers(operation, input);
  return input;
}

function requireMembers({ input: { bindings }, name }: Operation, input: Members) {
  for (const { member, required, place, wireName } of bindings) {
    if (!required || input[member] !== undefined) continue;
    const where = place === 'payload' || place === 'body' || place === 'status' ? 'body' : place;
    throw new ShapeFault(
      'Missing',
      where === 'prefix' ? 'header' : where,
      wireName,
      `${name} needs ${wireName}`,
    );
  }
}

function readQuery({ shape, wireName }: Binding, values: readonly string[] | undefined, codec: XmlCodec) {
  if (!values) return undefined;
  if (shape.isListSchema())
    return values.map((value) => readText(shape.getValueSchema(), 'query', wireName, value, codec));
  return readText(shape, 'query', wireName, values[0] ?? '', codec);
}

function readHeader({ shape, wireName }: Binding, value: string | undefined, codec: XmlCodec) {
  if (value === undefined) return undefined;
  if (shape.isListSchema())
    return value
      .split(',')
      .map((part) => readText(shape.getValueSchema(), 'header', wireName, part.trim(), codec));
  return readText(shape, 'header', wireName, value, codec);
}

function readText(
  shape: Binding['shape'],
  place: 'query' | 'header',
  name: string,
  text: string,
  codec: XmlCodec,
) {
  const fault = () =>
    new ShapeFault('Value', place, name, `${name} cannot be read: ${text.slice(0, 100)}`, text);
  if (shape.isNumericSchema() && !NUMBER.test(text)) throw fault();
  if (shape.isBooleanSchema() && !/^(?:true|false)$/i.test(text)) throw fault();
  try {
    return codec.readText(shape, text);
  } catch {
    // HTTP's own date headers (RFC 9110) are ignored when they are no dates; the service's are not.
    if (shape.isTimestampSchema() && !name.startsWith('x-amz-') && place === 'header') return undefined;
    throw fault();
  }
}

function readPrefixed(prefix: string, headers: WireRequest['headers']) {
  const names = Object.keys(headers).filter((name) => name.startsWith(prefix));
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length), headers[name]]));
}

async function readPayload({ shape }: Binding, request: WireRequest, codec: XmlCodec, maxBodyBytes: number) {
  if (shape.isStreaming()) return request.body;
  const bytes = await readBody(request, maxBodyBytes);
  if (shape.isBlobSchema()) return bytes;
  const text = bytes.toString();
  if (!shape.isStructSchema()) return text;
  return text.trim() === '' ? undefined : codec.read(shape, text);
}

/** Turns an output object into the answer that the SDK's client reads back as the same object. */
export function writeOutput(operation: Operation, output: Members, codec: XmlCodec): WireResponse {
  const response: WireResponse = { status: operation.status, headers: {} };
  for (const { member, shape, place, wireName } of operation.output.bindings) {
    const value = output[member];
    if (value === undefined || value === null) continue;
    if (place === 'header') response.headers[wireName] = headerValue(codec.writeText(shape, value));
    else if (place === 'prefix') Object.assign(response.headers, prefixed(wireName, value as Members));
    else if (place === 'status') response.status = value as number;
    else if (place === 'payload') setPayload(response, shape, value, codec);
  }
  if (operation.output.body) {
    const xml = codec.write(operation.output.body, output);
    setXml(response, operation.isUnwrapped ? unwrap(xml) : xml);
  }
  return response;
}

function setPayload(response: WireResponse, shape: Binding['shape'], value: unknown, codec: XmlCodec) {
  if (shape.isStructSchema()) setXml(response, codec.write(shape, value));
  else response.body = value as NonNullable<WireResponse['body']>;
}

function setXml(response: WireResponse, xml: string) {
  response.headers['content-type'] = 'application/xml';
  response.body = XML_DECLARATION + xml;
}

/** `<A xmlns="…"><A>text</A></A>` becomes `<A xmlns="…">text</A>`. */
const unwrap = (xml: string) => xml.replace(/^(<(\w+)[^>]*>)<\2>([^<]*)<\/\2>/, '$1$3');

const prefixed = (prefix: string, values: Members) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [prefix + name, headerValue(String(value))]),
  );

/** Headers carry visible ASCII only; anything else travels as an RFC 2047 word, as S3 sends it. */
const headerValue = (text: string) =>
  /^[\x20-\x7e\t]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
