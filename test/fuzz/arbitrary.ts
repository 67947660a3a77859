/** Turns a JSON Schema into a fast-check arbitrary of valid values. Supports the keywords that schemas/ uses. */
import fc, { type Arbitrary } from 'fast-check';

export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  enum?: readonly unknown[];
  oneOf?: readonly { required: readonly string[] }[];
  properties?: Record<string, Schema>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  minProperties?: number;
  maxProperties?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

/** The arbitrary to use at a pointer instead of any valid value; undefined for none. */
export type Wish = (pointer: string) => Arbitrary<unknown> | undefined;

const MAX_ITEMS = 4;
const MAX_LENGTH = 60;

export function arbitraryOf(schema: Schema, wish: Wish): Arbitrary<unknown> {
  const definitions = schema.$defs ?? {};

  const at = (node: Schema, pointer: string): Arbitrary<unknown> => {
    const wished = wish(pointer);
    if (wished) return wished;
    if (node.$ref) return at(definitions[node.$ref.replace('#/$defs/', '')] as Schema, pointer);
    if (node.enum) return fc.constantFrom(...node.enum);
    switch (node.type) {
      case 'object':
        return node.oneOf ? oneBranch(node, pointer) : objectOf(node, pointer);
      case 'array':
        return arrayOf(node, pointer);
      case 'string':
        return stringOf(node);
      case 'integer':
        return fc.integer({ min: node.minimum ?? 0, max: Math.min(node.maximum ?? 2 ** 31, 2 ** 31 - 1) });
      case 'number':
        return fc.double({ min: node.minimum ?? 0, max: node.maximum ?? 2 ** 31, noNaN: true });
      case 'boolean':
        return fc.boolean();
      default:
        throw new Error(`${pointer}: the type ${node.type} is not supported`);
    }
  };

  /** `oneOf` of required members: exactly one of them is present. */
  const oneBranch = ({ oneOf = [], ...node }: Schema, pointer: string): Arbitrary<unknown> => {
    const names = oneOf.flatMap(({ required }) => required);
    const branch = (name: string) => {
      const members = Object.entries(node.properties ?? {});
      const properties = Object.fromEntries(members.filter(([n]) => n === name || !names.includes(n)));
      return objectOf({ ...node, properties, required: [...(node.required ?? []), name] }, pointer);
    };
    return fc.oneof(...names.map(branch));
  };

  const objectOf = (node: Schema, pointer: string): Arbitrary<unknown> => {
    const { properties = {}, required = [], additionalProperties: others, maxProperties } = node;
    if (typeof others === 'object')
      return fc.dictionary(stringOf(node.propertyNames ?? {}), at(others, `${pointer}/*`), {
        minKeys: node.minProperties ?? 0,
        maxKeys: Math.min(maxProperties ?? MAX_ITEMS, MAX_ITEMS),
      });
    const members = Object.entries(properties).map(([name, inner]) => [
      name,
      at(inner, `${pointer}/${name}`),
    ]);
    if (maxProperties === 1)
      return fc.oneof(
        ...members.map(([name, inner]) => fc.record({ [name as string]: inner as Arbitrary<unknown> })),
      );
    return fc.record(Object.fromEntries(members) as Record<string, Arbitrary<unknown>>, {
      requiredKeys: [...required],
    });
  };

  const arrayOf = (node: Schema, pointer: string): Arbitrary<unknown> => {
    const length = {
      minLength: node.minItems ?? 0,
      maxLength: Math.max(node.minItems ?? 0, Math.min(node.maxItems ?? MAX_ITEMS, MAX_ITEMS)),
    };
    const item = at(node.items ?? {}, `${pointer}/*`);
    return node.uniqueItems
      ? fc.uniqueArray(item, { ...length, selector: (i) => JSON.stringify(i) })
      : fc.array(item, length);
  };
  return at(schema, '');
}

function stringOf({ pattern, minLength = 0, maxLength = MAX_LENGTH }: Schema): Arbitrary<string> {
  const most = Math.max(minLength, Math.min(maxLength, MAX_LENGTH));
  if (!pattern) return fc.string({ minLength, maxLength: most, unit: 'grapheme-ascii' });
  const whole = new RegExp(pattern, 'u');
  // fast-check does not support lookaheads, so their matches are filtered out.
  const loose = new RegExp(pattern.replaceAll(/\(\?![^)]*\)/g, ''), 'u');
  return fc
    .stringMatching(loose, { maxLength: most })
    .filter((text) => whole.test(text) && text.length >= minLength && text.length <= maxLength);
}
