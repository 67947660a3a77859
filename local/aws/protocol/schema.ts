/**
 * The schemas that the SDK packages export. They are usable but not promised by AWS: versions are pinned exactly, and
 * the golden tests of this folder fail when an upgrade changes them.
 */
import { NormalizedSchema } from '@smithy/core/schema';
import type { $Schema, $SchemaRef, StaticOperationSchema, StaticStructureSchema } from '@smithy/types';

export type Shape = NormalizedSchema;

/** An operation of a service model: `[9, namespace, name, traits, input, output]` in the SDK's own notation. */
export interface OperationSchema {
  name: string;
  /** Method, path template with query literals, status of success; undefined for RPC protocols. */
  http: [string, string, number] | undefined;
  input: Shape;
  output: Shape;
}

/** Every operation whose schema an SDK package exports from its root. */
export function operationSchemas(model: object): OperationSchema[] {
  return Object.values(model)
    .filter((value): value is StaticOperationSchema => Array.isArray(value) && value[0] === 9)
    .map((schema) => ({
      name: schema[2],
      http: typeof schema[3] === 'object' ? schema[3].http : undefined,
      input: NormalizedSchema.of(schema[4] as $Schema),
      output: NormalizedSchema.of(schema[5] as $Schema),
    }));
}

const structureOf = (shape: Shape) => {
  const schema = shape.getSchema();
  return Array.isArray(schema) && (schema[0] === 3 || schema[0] === -3)
    ? (schema as StaticStructureSchema)
    : undefined;
};

/** Names of the members that the model calls required. */
export const requiredMembers = (shape: Shape): string[] => {
  const structure = structureOf(shape);
  return structure ? structure[4].slice(0, structure[6] ?? 0) : [];
};

/** The same structure with only these members; undefined when none is named. */
export function pickMembers(shape: Shape, names: readonly string[]): Shape | undefined {
  const structure = structureOf(shape);
  if (!structure || names.length === 0) return undefined;
  const [kind, namespace, name, traits, members, schemas] = structure;
  const picked = members.flatMap((member, index) => (names.includes(member) ? [index] : []));
  return NormalizedSchema.of([
    kind,
    namespace,
    name,
    traits,
    picked.map((index) => members[index] as string),
    picked.map((index) => schemas[index] as $SchemaRef),
  ] satisfies StaticStructureSchema);
}
