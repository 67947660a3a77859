import { LIMIT_SECONDS } from '../expressions/scalar.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';

/** Throws for the first field that is not in the list. */
export function onlyFields(object: JsonObject, known: readonly string[], prefix = ''): void {
  const unknown = Object.keys(object).find((field) => !known.includes(field));
  if (unknown !== undefined)
    throw new Error(`${prefix}${unknown}: not implemented here; known are ${known.join(', ')}`);
}

export function readText(object: JsonObject, field: string, prefix = ''): string {
  const value = object[field];
  if (typeof value !== 'string' || value === '') throw new Error(`${prefix}${field}: a text is required`);
  return value;
}

export function readSeconds(object: JsonObject, field: string): number | undefined {
  const value = object[field];
  if (value === undefined || LIMIT_SECONDS.accepts(value)) return value;
  throw new Error(`${field}: expected ${LIMIT_SECONDS.name}`);
}

/** A number of at least `least`, or the default when absent. */
export function readNumber(object: JsonObject, field: string, least: number, otherwise: number): number {
  const value = object[field] ?? otherwise;
  if (typeof value !== 'number' || value < least)
    throw new Error(`${field}: takes a number of at least ${least}`);
  return value;
}

export function readObjects(value: Json | undefined, field: string): JsonObject[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw new Error(`${field}: takes an array of objects`);
}

export function readErrorNames(object: JsonObject, prefix: string): string[] {
  const names = object['ErrorEquals'];
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string'))
    throw new Error(`${prefix}ErrorEquals: takes an array of error names`);
  if (names.includes('States.ALL') && names.length > 1)
    throw new Error(`${prefix}ErrorEquals: States.ALL must be the only name`);
  return names;
}
