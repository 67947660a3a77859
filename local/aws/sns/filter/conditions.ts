import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { type Condition, isObject, type Json } from './policy.ts';

type Scalar = null | boolean | number | string;

/** Whether a valid condition accepts that there is no value. Only `exists: false` does. */
export const acceptsAbsence = (condition: Condition): boolean =>
  isObject(condition) && condition['exists'] === false;

/** Whether a valid condition accepts the value. */
export function acceptsValue(condition: Condition, value: Scalar): boolean {
  if (!isObject(condition)) return condition === value;
  const [operator = '', operand = null] = Object.entries(condition)[0] ?? [];
  if (operator === 'exists') return operand === true;
  if (operator === 'anything-but') return !isExcluded(operand, value);
  if (operator === 'numeric') return typeof value === 'number' && isInRange(operand as Json[], value);
  return typeof value === 'string' && acceptsText(operator, operand, value);
}

const isExcluded = (operand: Json, value: Scalar): boolean =>
  [operand]
    .flat()
    .some((excluded) =>
      isObject(excluded)
        ? Object.entries(excluded).some(([operator, texts]) =>
            [texts].flat().some((text) => typeof value === 'string' && acceptsText(operator, text, value)),
          )
        : excluded === value,
    );

function acceptsText(operator: string, operand: Json, value: string): boolean {
  const text = String(operand);
  switch (operator) {
    case 'prefix':
      return isObject(operand) ? startsIgnoringCase(value, operand) : value.startsWith(text);
    case 'suffix':
      return isObject(operand) ? endsIgnoringCase(value, operand) : value.endsWith(text);
    case 'equals-ignore-case':
      return value.toLowerCase() === text.toLowerCase();
    case 'wildcard':
      return matchesWildcard(value, text);
    default:
      return isInBlock(value, text);
  }
}

const ignoredCase = (operand: { [name: string]: Json }) =>
  String(operand['equals-ignore-case']).toLowerCase();
const startsIgnoringCase = (value: string, operand: { [name: string]: Json }) =>
  value.toLowerCase().startsWith(ignoredCase(operand));
const endsIgnoringCase = (value: string, operand: { [name: string]: Json }) =>
  value.toLowerCase().endsWith(ignoredCase(operand));

/** `*` stands for any text. Each part is matched at its first occurrence, so that no pattern takes exponential time. */
function matchesWildcard(value: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return value === pattern;
  if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length)
    return false;
  const end = value.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function isInBlock(value: string, block: string): boolean {
  const [address = '', bits] = block.split('/');
  const family = (text: string) => (isIPv4(text) ? 'ipv4' : isIPv6(text) ? 'ipv6' : undefined);
  const type = family(address);
  if (type === undefined || family(value) !== type) return false;
  const list = new BlockList();
  if (bits === undefined) list.addAddress(address, type);
  else list.addSubnet(address, Number(bits), type);
  return list.check(value, type);
}

function isInRange(range: readonly Json[], value: number): boolean {
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
