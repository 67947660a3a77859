/** Checks of JSON values from outside; an error names the invalid member and the rule. */

/** A request to set faults that is invalid. */
export class InvalidFaults extends Error {
  override readonly name = 'InvalidFaults';
  /** Path of the member, such as `faults[0].effect.type`. */
  readonly member: string;

  constructor(member: string, rule: string) {
    super(`${member} ${rule}`);
    this.member = member;
  }
}

/** Throws InvalidFaults for a value that breaks its rule. */
export type Check = (value: unknown, path: string) => void;

const check =
  (holds: (value: unknown) => boolean, rule: string): Check =>
  (value, path) => {
    if (!holds(value)) throw new InvalidFaults(path, rule);
  };

export const text: Check = check(
  (value) => typeof value === 'string' && value.length >= 1 && value.length <= 1024,
  'must be a string of 1 to 1,024 characters',
);

export const flag: Check = check((value) => typeof value === 'boolean', 'must be true or false');

export const integer = (min: number, max = Number.MAX_SAFE_INTEGER): Check =>
  check(
    (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    max === Number.MAX_SAFE_INTEGER
      ? `must be an integer of at least ${min}`
      : `must be an integer from ${min} to ${max}`,
  );

/** More than 0, at most `max`. */
export const amount = (max: number): Check =>
  check(
    (value) => typeof value === 'number' && value > 0 && value <= max,
    `must be a number above 0 and at most ${max}`,
  );

export const oneOf = (names: readonly string[]): Check =>
  check((value) => names.includes(value as string), `must be one of ${names.join(', ')}`);

export const list: Check = check(Array.isArray, 'must be an array');

export function objectAt(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new InvalidFaults(path || 'the body', 'must be a JSON object');
}

/** Returns the JSON object if it has only these members, with valid values. */
export function checkObject(
  value: unknown,
  path: string,
  members: Readonly<Record<string, Check>>,
  required: readonly string[] = [],
): Record<string, unknown> {
  const object = objectAt(value, path);
  const inside = (name: string) => (path === '' ? name : `${path}.${name}`);
  for (const [name, member] of Object.entries(object)) {
    const memberCheck = Object.hasOwn(members, name) ? members[name] : undefined;
    if (!memberCheck)
      throw new InvalidFaults(
        inside(name),
        `is not a known member; the members are ${Object.keys(members).join(', ')}`,
      );
    if (member !== undefined) memberCheck(member, inside(name));
  }
  const missing = required.find((name) => object[name] === undefined);
  if (missing !== undefined) throw new InvalidFaults(inside(missing), 'is required');
  return object;
}
