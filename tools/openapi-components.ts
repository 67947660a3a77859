/** Turns the JSON Schemas of schemas/ into components of the contract, with rewritten references. */

export interface Schema {
  [keyword: string]: unknown;
  title: string;
  $defs?: Record<string, object>;
}

/** By file name, without its ending. */
export type NamedSchemas = ReadonlyMap<string, Schema>;
export type Components = Record<string, object>;

export const ref = (room: string, name: string) => ({ $ref: `#/components/${room}/${name}` });

const PREFIX = '#/components/schemas/';

export function titleOf(schemas: NamedSchemas, name: string): string {
  const schema = schemas.get(name);
  if (!schema) throw new Error(`schemas/${name}.schema.json does not exist`);
  return schema.title;
}

/** A copy of a JSON value with each object changed, outer objects first. */
function mapObjects(value: unknown, change: (object: Record<string, unknown>) => object): unknown {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(change(value as Record<string, unknown>)).map(([name, inner]) => [
      name,
      mapObjects(inner, change),
    ]),
  );
}

/** `#/$defs/X` of any file becomes the component X; any other pointer one into the component of its file. */
function rewriteRefs(schema: object, own: string, schemas: NamedSchemas): object {
  const target = (ref: string) => {
    const [, file, pointer = ''] = /^(?:(.+)\.schema\.json)?#?(.*)$/.exec(ref) ?? [];
    const title = file === undefined ? own : titleOf(schemas, file);
    return PREFIX + (pointer.startsWith('/$defs/') ? pointer.slice('/$defs/'.length) : title + pointer);
  };
  return mapObjects(schema, (node) =>
    typeof node['$ref'] === 'string' ? { ...node, $ref: target(node['$ref']) } : node,
  ) as object;
}

/** All schemas and their definitions by name. Throws if two different ones share a name. */
function allComponents(schemas: NamedSchemas): Components {
  const components: Components = {};
  for (const { $schema: _, $id: __, $defs = {}, ...schema } of schemas.values())
    for (const [name, definition] of Object.entries({ ...$defs, [schema.title]: schema })) {
      const component = rewriteRefs(definition, schema.title, schemas);
      if (components[name] && JSON.stringify(components[name]) !== JSON.stringify(component))
        throw new Error(`schemas/ has two different definitions of ${name}`);
      components[name] = component;
    }
  return components;
}

/** Names of the components that a value refers to, directly or through others. */
function reachableFrom(value: unknown, all: Components, found = new Set<string>()): Set<string> {
  for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^/"]+)/g))
    if (!found.has(name) && all[name]) reachableFrom(all[name], all, found.add(name));
  return found;
}

/**
 * The components that the paths refer to. Schemas of answers are open, because clients must accept new members; schemas
 * of bodies are closed.
 */
export function componentsOf(schemas: NamedSchemas, paths: object, asked: readonly string[]): Components {
  const all = allComponents(schemas);
  const closed = reachableFrom(
    asked.map((name) => PREFIX + name),
    all,
  );
  const open = ({ additionalProperties, ...node }: Record<string, unknown>) =>
    additionalProperties === undefined || additionalProperties === false
      ? node
      : { ...node, additionalProperties };
  return Object.fromEntries(
    [...reachableFrom(paths, all)]
      .sort()
      .map((name) => [name, (closed.has(name) ? all[name] : mapObjects(all[name], open)) as object]),
  );
}
