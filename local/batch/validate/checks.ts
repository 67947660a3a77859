import { invalidRequest } from '../errors.ts';

/** Checks one member of a request and throws `InvalidRequest` when it breaks a rule; an absent member passes. */
export type Check = (value: unknown, path: string) => void;

export const whenPresent =
  (check: Check): Check =>
  (value, path) => {
    if (value !== undefined && value !== null) check(value, path);
  };

const rule = (holds: (value: unknown) => boolean, text: string): Check =>
  whenPresent((value, path) => {
    if (!holds(value)) throw invalidRequest(path, text);
  });

export const required =
  (check: Check): Check =>
  (value, path) => {
    if (value === undefined || value === null) throw invalidRequest(path, 'is required');
    check(value, path);
  };

export const all =
  (...checks: Check[]): Check =>
  (value, path) => {
    for (const check of checks) check(value, path);
  };

interface TextRule {
  min?: number;
  max: number;
  /** Must be anchored. */
  pattern?: RegExp;
  /** The pattern in words, for example `a bucket ARN such as arn:aws:s3:::bucket`. */
  form?: string;
}

/** All characters that XML 1.0 can carry. Clients could not parse a list of jobs with any other character. */
const XML_TEXT = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

/** Counts Unicode characters, as the service's model does. */
export const text = ({ min = 1, max, pattern, form }: TextRule): Check =>
  all(
    rule(
      (value) => typeof value === 'string' && hasLength([...value].length, min, max),
      `must be ${min} to ${max} characters`,
    ),
    rule(
      (value) => XML_TEXT.test(String(value)),
      'must not have characters that XML 1.0 cannot carry, such as U+0001',
    ),
    rule((value) => !pattern || pattern.test(String(value)), `must be ${form ?? `like ${pattern}`}`),
  );

export const integer = ({ min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number }): Check =>
  rule(
    (value) => Number.isInteger(value) && hasLength(Number(value), min, max),
    `must be an integer from ${min} to ${max}`,
  );

export const flag: Check = rule((value) => typeof value === 'boolean', 'must be true or false');

export const time: Check = rule(
  (value) => value instanceof Date && !Number.isNaN(value.getTime()),
  'must be a time such as 2030-01-01T00:00:00Z',
);

/** `values` is an enumeration of the SDK. */
export const oneOf = (values: Readonly<Record<string, string>>): Check =>
  rule(
    (value) => Object.values(values).includes(String(value)),
    `must be one of ${Object.values(values).join(', ')}`,
  );

export const list = (
  each: Check,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): Check =>
  whenPresent((value, path) => {
    if (!Array.isArray(value) || !hasLength(value.length, min, max)) {
      throw invalidRequest(
        path,
        min === max ? `must have exactly ${min} entries` : `must have ${min} to ${max} entries`,
      );
    }
    value.forEach((entry, index) => {
      required(each)(entry, `${path}[${index}]`);
    });
  });

export const map = (key: Check, value: Check, { min = 0, max }: { min?: number; max: number }): Check =>
  whenPresent((entries, path) => {
    const pairs = Object.entries(entries as object);
    if (!hasLength(pairs.length, min, max)) throw invalidRequest(path, `must have ${min} to ${max} entries`);
    for (const [name, entry] of pairs) {
      key(name, `${path} key ${name}`);
      value(entry, `${path}.${name}`);
    }
  });

/** A check for every member that the SDK's type has. */
type Members<T> = Readonly<Record<Exclude<keyof T, '$unknown'> & string, Check>>;

/** Ignores members that the SDK's type does not have. */
export const structure = <T extends object>(members: Members<T>): Check =>
  whenPresent((value, path) => {
    if (typeof value !== 'object') throw invalidRequest(path, 'must be a structure');
    for (const [name, check] of Object.entries<Check>(members)) {
      check((value as Record<string, unknown>)[name], path ? `${path}.${name}` : name);
    }
  });

/** A structure of which exactly one member must be set. */
export const choice = <T extends object>(members: Members<T>): Check =>
  all(
    rule(
      (value) => Object.values(value as object).filter((member) => member !== undefined).length === 1,
      `must have exactly one of ${Object.keys(members).join(', ')}`,
    ),
    structure<T>(members),
  );

export const emptyStructure: Check = structure<Record<never, never>>({});

function hasLength(length: number, min: number, max: number): boolean {
  return length >= min && length <= max;
}
