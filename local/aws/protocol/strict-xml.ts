import { type Log, ShapeFault } from './fault.ts';
import type { Shape } from './schema.ts';

const PROLOG = /^\uFEFF?\s*(?:<\?[\s\S]*?\?>\s*|<!--[\s\S]*?-->\s*)*/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;
const BOOLEAN = /^(?:true|false)$/i;

/** Name of the document's root element, without a namespace prefix; throws for what is no XML document. */
export function xmlRootOf(xml: string): string {
  const body = xml.replace(PROLOG, '');
  // Document types are never needed and are the door of entity attacks.
  if (/^<!DOCTYPE/i.test(body)) throw new ShapeFault('Syntax', 'body', '', 'a document type is not allowed');
  const root = /^<(?:[\w.-]+:)?([\w.-]+)/.exec(body)?.[1];
  if (!root) throw new ShapeFault('Syntax', 'body', '', 'the body is not an XML document');
  return root;
}

/** The document without the namespace prefixes of its elements, which the SDK's parser would keep in the names. */
export const readableXml = (xml: string): string =>
  /^<[\w.-]+:/.test(xml.replace(PROLOG, '')) ? xml.replace(/<(\/?)[\w.-]+:(?=[\w.-]+[\s/>])/g, '<$1') : xml;

type XmlObject = Record<string, unknown>;
const isObject = (value: unknown): value is XmlObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What the SDK's parser leaves to us, for one node and its schema: text where text belongs, numbers and booleans
 * that are such, no element twice, required members. Answers the value to read on.
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

/** The parser puts attributes beside child elements; the models use them for namespaces and types only. */
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

/** AWS's own documentation names list elements otherwise than its SDKs do; any one name is understood. */
function anyChildName(shape: Shape, value: unknown): unknown {
  const flattened = shape.getMergedTraits().xmlFlattened;
  if (flattened || !isObject(value)) return value;
  const expected = shape.getValueSchema().getMergedTraits().xmlName ?? 'member';
  const names = Object.keys(value).filter((name) => !isAttribute(name));
  const [only] = names;
  return names.length === 1 && only !== undefined && only !== expected ? { [expected]: value[only] } : value;
}
