import { type Log, ShapeFault } from './fault.ts';
import type { Shape } from './schema.ts';

const NUMBER = /^-?\d+(?:\.\d+)?$/;
const BOOLEAN = /^(?:true|false)$/i;

type XmlObject = Record<string, unknown>;
const isObject = (value: unknown): value is XmlObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Checks one node against its schema, which the SDK's reader does not: text instead of elements, numbers, booleans and
 * timestamps, repeated elements, required members. Returns the value that the SDK reads.
 */
export function checkShape(shape: Shape, value: unknown, required: readonly string[], log?: Log): unknown {
  if (value === undefined || value === null) return value;
  const member = shape.isMemberSchema() ? shape.getMemberName() : (shape.getName() ?? '');
  if (shape.isListSchema()) return anyChildName(shape, value);
  if (shape.isMapSchema()) return value;
  if (Array.isArray(value))
    throw new ShapeFault('Syntax', 'body', member, `${member} appears more than once`);
  if (shape.isStructSchema()) return checkStructure(shape, value, required, member, log);
  return checkText(shape, isObject(value) ? (value['#text'] ?? '') : value, member);
}

function checkStructure(
  shape: Shape,
  value: unknown,
  required: readonly string[],
  member: string,
  log?: Log,
) {
  if (!isObject(value) && String(value).trim() !== '')
    throw new ShapeFault('Syntax', 'body', member, `${member} holds text where elements belong`);
  const children = isObject(value) ? value : {};
  const known = new Map(
    [...shape.structIterator()].map(([name, child]) => [child.getMemberTraits().xmlName ?? name, name]),
  );
  const present = new Set<string>();
  for (const child of Object.keys(children)) {
    const name = known.get(child);
    if (name) present.add(name);
    else if (!isAttribute(child)) log?.(`ignored the unknown member ${member}.${child}`);
  }
  for (const name of required)
    if (!present.has(name)) throw new ShapeFault('Missing', 'body', name, `${member}.${name} is required`);
  return value;
}

/** The parser puts attributes beside child elements. The models use them for namespaces and types only. */
const isAttribute = (name: string) => name === '#text' || name === 'xmlns' || name.includes(':');

function checkText(shape: Shape, value: unknown, member: string) {
  const text = String(value);
  const fault = (kind: string) =>
    new ShapeFault('Value', 'body', member, `${member} is not ${kind}: ${text.slice(0, 100)}`, text);
  if (shape.isNumericSchema() && !NUMBER.test(text.trim())) throw fault('a number');
  if (shape.isBooleanSchema() && !BOOLEAN.test(text.trim())) throw fault('true or false');
  if (shape.isTimestampSchema() && Number.isNaN(Date.parse(text))) throw fault('a timestamp');
  return shape.isStringSchema() ? text : text.trim();
}

/** AWS's documentation and its SDKs name list elements differently. Any single name is accepted. */
function anyChildName(shape: Shape, value: unknown): unknown {
  const flattened = shape.getMergedTraits().xmlFlattened;
  if (flattened || !isObject(value)) return value;
  const expected = shape.getValueSchema().getMergedTraits().xmlName ?? 'member';
  const names = Object.keys(value).filter((name) => !isAttribute(name));
  const [only] = names;
  return names.length === 1 && only !== undefined && only !== expected ? { [expected]: value[only] } : value;
}
