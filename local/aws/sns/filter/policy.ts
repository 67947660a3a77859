export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

/** What one condition of a policy accepts: a value, or an object with one operator. */
export type Condition = Json;

/** All conditions on the values below one path, of which one must accept a value. */
export interface Rule {
  /** Names joined by dots. */
  path: string;
  conditions: readonly Condition[];
}

/** Rules that must all hold. A policy is a list of alternatives, of which one must hold. */
export type Alternative = readonly Rule[];

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names that cannot be properties below `$or`, because they are operators. */
const RESERVED = new Set([
  'prefix',
  'suffix',
  'equals-ignore-case',
  'wildcard',
  'cidr',
  'numeric',
  'exists',
  'anything-but',
]);

/** The alternatives of `$or`; undefined when `$or` is the name of a property. */
export function groupsOf(name: string, value: Json | undefined): JsonObject[] | undefined {
  if (name !== '$or' || !Array.isArray(value) || value.length < 2 || !value.every(isObject)) return undefined;
  return value.some((group) => Object.keys(group).some((key) => RESERVED.has(key))) ? undefined : value;
}

/** The alternatives of a valid policy. */
export function alternativesOf(policy: JsonObject, prefix = ''): Alternative[] {
  let alternatives: Alternative[] = [[]];
  for (const [name, value] of Object.entries(policy)) {
    const groups = groupsOf(name, value);
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const choices = groups
      ? groups.flatMap((group) => alternativesOf(group, prefix))
      : isObject(value)
        ? alternativesOf(value, path)
        : [[{ path, conditions: value as Condition[] }]];
    alternatives = alternatives.flatMap((rules) => choices.map((more) => [...rules, ...more]));
  }
  return alternatives;
}
