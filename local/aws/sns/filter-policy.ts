import type { Envelope } from './envelope.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Policy = { [name: string]: Json };

/** Whether a subscription's filter policy lets the message through; throws on an operator that is not done here. */
export function passesFilter(policyText: string, scope: string | undefined, envelope: Envelope): boolean {
  const policy = JSON.parse(policyText) as Policy;
  if (scope !== 'MessageBody') return matchesAll(policy, attributeValues(envelope));
  const body = parseObject(envelope.Message);
  return body !== undefined && matchesAll(policy, body);
}

/** All names must match; of the groups below `$or` any. */
function matchesAll(policy: Policy, values: Policy): boolean {
  return Object.entries(policy).every(([name, conditions]) => {
    if (name === '$or') return (conditions as Policy[]).some((group) => matchesAll(group, values));
    const value = values[name];
    if (isObject(conditions)) return matchesAll(conditions, isObject(value) ? value : {});
    const candidates = [value].flat();
    return [conditions]
      .flat()
      .some((condition) => candidates.some((candidate) => matches(condition, candidate)));
  });
}

function matches(condition: Json, value: Json | undefined): boolean {
  if (!isObject(condition)) return condition === value;
  const [operator = '', operand] = Object.entries(condition)[0] ?? [];
  if (operator === 'exists') return operand === (value !== undefined);
  if (operator === 'anything-but') return value !== undefined && !isAnyOf(operand as Json, value);
  if (operator === 'numeric') return typeof value === 'number' && isInRange(operand as Json[], value);
  const test = textOperators[operator];
  if (!test) throw new Error(`the filter operator ${operator} is not implemented here`);
  return typeof value === 'string' && test(value, String(operand));
}

const textOperators: Record<string, (value: string, operand: string) => boolean> = {
  prefix: (value, operand) => value.startsWith(operand),
  suffix: (value, operand) => value.endsWith(operand),
  'equals-ignore-case': (value, operand) => value.toLowerCase() === operand.toLowerCase(),
};

const isAnyOf = (operand: Json, value: Json) =>
  [operand].flat().some((condition) => matches(condition, value));

function isInRange(range: Json[], value: number): boolean {
  for (let i = 0; i < range.length; i += 2) {
    const bound = Number(range[i + 1]);
    const holds = {
      '=': value === bound,
      '<': value < bound,
      '<=': value <= bound,
      '>': value > bound,
      '>=': value >= bound,
    };
    if (!holds[range[i] as keyof typeof holds]) return false;
  }
  return true;
}

/** Attributes as JSON values: numbers as numbers, `String.Array` as a list. */
function attributeValues({ MessageAttributes = {} }: Envelope): Policy {
  const entries = Object.entries(MessageAttributes).map(([name, { Type, Value }]) => [
    name,
    Type.startsWith('Number') ? Number(Value) : Type === 'String.Array' ? (JSON.parse(Value) as Json) : Value,
  ]);
  return Object.fromEntries(entries);
}

function parseObject(text: string): Policy | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: Json | undefined): value is Policy =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
