import type { WireRequest } from '../../core/wire.ts';
import { readBody } from './body.ts';
import { ShapeFault } from './fault.ts';
import type { Binding, Operation } from './operation.ts';
import { decodeXml } from './parse-xml.ts';
import type { Route } from './router.ts';
import type { Shape } from './schema.ts';
import type { XmlCodec } from './serde.ts';
import { FORBIDDEN_IN_XML } from './xml-characters.ts';

const NUMBER = /^-?\d+(?:\.\d+)?$/;
const BOOLEAN = /^(?:true|false)$/i;

/** Where the members of an input are read from. */
interface Source {
  route: Route;
  request: WireRequest;
  codec: XmlCodec;
  maxBodyBytes: number;
  /** Accepts characters that XML 1.0 cannot carry, in texts of headers, queries and paths. */
  anyCharacter: boolean;
}

/** Reads one member. Undefined when it is absent. */
const READERS: Record<Binding['location'], (binding: Binding, source: Source) => unknown> = {
  label: ({ member }, source) => carried(source.route.labels[member], 'label', member, source),
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
    const xml = decodeXml(await readBody(request, maxBodyBytes));
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
  const kind = location === 'payload' ? 'NoBody' : 'Missing';
  throw new ShapeFault(kind, where, wireName, `${name} requires ${wireName}`);
}

function readQuery({ shape, wireName }: Binding, source: Source) {
  const values = source.route.query.get(wireName);
  const read = (as: Shape, value: string) => readText(as, 'query', wireName, value, source);
  if (shape.isListSchema()) return values?.map((value) => read(shape.getValueSchema(), value));
  return values && read(shape, values[0] ?? '');
}

function readHeader({ shape, wireName }: Binding, source: Source) {
  const value = source.request.headers[wireName];
  const read = (as: Shape, text: string) => readText(as, 'header', wireName, text, source);
  if (shape.isListSchema()) return value?.split(',').map((part) => read(shape.getValueSchema(), part.trim()));
  return value === undefined ? undefined : read(shape, value);
}

function readText(shape: Shape, location: 'query' | 'header', name: string, text: string, source: Source) {
  carried(text, location, name, source);
  const fault = () =>
    new ShapeFault('Value', location, name, `${name} cannot be read: ${text.slice(0, 100)}`, text);
  if (shape.isNumericSchema() && !NUMBER.test(text)) throw fault();
  if (shape.isBooleanSchema() && !BOOLEAN.test(text)) throw fault();
  try {
    return source.codec.readText(shape, text);
  } catch {
    // An invalid date in a header of HTTP itself is ignored (RFC 9110), in a header of the service it is not.
    if (location === 'header' && shape.isTimestampSchema() && !name.startsWith('x-amz-')) return undefined;
    throw fault();
  }
}

/** The text; throws when it has a character that the service's documents could not carry. */
function carried<Text extends string | undefined>(
  text: Text,
  location: ShapeFault['location'],
  name: string,
  { anyCharacter }: Source,
): Text {
  if (anyCharacter || text === undefined || !FORBIDDEN_IN_XML.test(text)) return text;
  throw new ShapeFault('Value', location, name, `${name} has a character that XML cannot carry`, text);
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
  if (!shape.isStructSchema()) return bytes.toString();
  const text = decodeXml(bytes);
  return text.trim() === '' ? undefined : codec.read(shape, text);
}
