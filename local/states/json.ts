/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Longest input, output, task payload and set of variables assigned at once, in bytes of UTF-8. */
export const MAX_PAYLOAD_BYTES = 262_144;

/** No UTF-16 unit has more than three bytes, so most texts need not be measured. */
export const isTooLong = (text: string): boolean =>
  text.length * 3 > MAX_PAYLOAD_BYTES && Buffer.byteLength(text) > MAX_PAYLOAD_BYTES;

/**
 * A copy of an expression's result as plain JSON: without the library's marks on arrays and without undefined members.
 * Throws for a value that JSON does not have, instead of turning it into null.
 */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return Array.from(value, toJson);
  if (typeof value !== 'object' || isFunction(value)) throw new TypeError(describe(value));
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, toJson(member)]));
}

/** Functions of the expression language are objects. */
const isFunction = (value: object) => '_jsonata_lambda' in value || '_jsonata_function' in value;

function describe(value: unknown): string {
  if (typeof value === 'undefined') return 'nothing (undefined)';
  return typeof value === 'number' ? `${value}, which is not a JSON number` : 'a function';
}
