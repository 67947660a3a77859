import type { WireRequest } from '../../core/wire.ts';
import { readBody } from './body.ts';
import { ShapeFault } from './fault.ts';
import type { Binding, Operation } from './operation.ts';
import type { Route } from './router.ts';
import type { Shape } from './schema.ts';
import type { XmlCodec } from './serde.ts';

const NUMBER = /^-?\d+(?:\.\d+)?$/;
const BOOLEAN = /^(?:true|false)$/i;

/** Where the members of an input are read from. */
interface Source {
  route: Route;
  request: WireRequest;
  codec: XmlCodec;
  maxBodyBytes: number;
}

/** Reads one member. Undefined when it is absent. */
const READERS: Record<Binding['location'], (binding: Binding, source: Source) => unknown> = {
  label: ({ member }, { route }) => route.labels[member],
  query: readQuery,
  header: readHeader,
  prefix: readPrefixed,
  payload: readPayload,
  // All body members are read together, as one document.
  body: () => undefined,
  status: () => undefined,
};

/** Turns a request into the input object that the caller gave the SDK's client. */
export async function readInput(source: Source): Promise<Record<string, unknown>> {
  const { route, request, codec, maxBodyBytes } = source;
  const { bindings, body } = route.operation.input;
  const input: Record<string, unknown> = {};
  for (const binding of bindings) {
    const value = await READERS[binding.location](binding, source);
    if (value !== undefined) input[binding.member] = value;
  }
  if (body) {
    const xml = (await readBody(request, maxBodyBytes)).toString();
    if (xml.trim() !== '') Object.assign(input, codec.read(body, xml));
  }
  requireMembers(route.operation, input);
  return input;
}

function requireMembers({ name, input: { bindings } }: Operation, input: Record<string, unknown>) {
  const missing = bindings.find(({ member, required }) => required && input[member] === undefined);
  if (!missing) return;
  const { location, wireName } = missing;
  const where = location === 'label' || location === 'query' || location === 'header' ? location : 'body';
  throw new ShapeFault('Missing', where, wireName, `${name} requires ${wireName}`);
}

function readQuery({ shape, wireName }: Binding, { route, codec }: Source) {
  const values = route.query.get(wireName);
  const read = (as: Shape, value: string) => readText(as, 'query', wireName, value, codec);
  if (shape.isListSchema()) return values?.map((value) => read(shape.getValueSchema(), value));
  return values && read(shape, values[0] ?? '');
}

function readHeader({ shape, wireName }: Binding, { request, codec }: Source) {
  const value = request.headers[wireName];
  const read = (as: Shape, text: string) => readText(as, 'header', wireName, text, codec);
  if (shape.isListSchema()) return value?.split(',').map((part) => read(shape.getValueSchema(), part.trim()));
  return value === undefined ? undefined : read(shape, value);
}

function readText(shape: Shape, location: 'query' | 'header', name: string, text: string, codec: XmlCodec) {
  const fault = () =>
    new ShapeFault('Value', location, name, `${name} cannot be read: ${text.slice(0, 100)}`, text);
  if (shape.isNumericSchema() && !NUMBER.test(text)) throw fault();
  if (shape.isBooleanSchema() && !BOOLEAN.test(text)) throw fault();
  try {
    return codec.readText(shape, text);
  } catch {
    // An invalid date in a header of HTTP itself is ignored (RFC 9110), in a header of the service it is not.
    if (location === 'header' && shape.isTimestampSchema() && !name.startsWith('x-amz-')) return undefined;
    throw fault();
  }
}

function readPrefixed({ wireName }: Binding, { request: { headers } }: Source) {
  const names = Object.keys(headers).filter((name) => name.startsWith(wireName));
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name.slice(wireName.length), headers[name]]));
}

async function readPayload({ shape }: Binding, { request, codec, maxBodyBytes }: Source) {
  if (shape.isStreaming()) return request.body;
  const bytes = await readBody(request, maxBodyBytes);
  if (shape.isBlobSchema()) return bytes;
  const text = bytes.toString();
  if (!shape.isStructSchema()) return text;
  return text.trim() === '' ? undefined : codec.read(shape, text);
}
