import { isIP } from 'node:net';
import { AwsError } from '../../../core/aws-error.ts';
import { groupsOf, isObject, type Json, type JsonObject } from './policy.ts';

const MAX_BYTES = 256 * 1024;
const MAX_KEYS = 5;
const MAX_COMBINATIONS = 150;
const MAX_WILDCARDS = 3;
const MAX_LEVEL = 100;

export const SCOPES = ['MessageAttributes', 'MessageBody'];

class PolicyFault extends Error {}

/**
 * Throws SNS's error for a filter policy that SNS refuses. `where` is how the call names the attribute:
 * `FilterPolicy`, or `Attributes Reason: FilterPolicy` in Subscribe.
 */
export function checkFilterPolicy(text: string, scope = 'MessageAttributes', where = 'FilterPolicy'): void {
  try {
    checkPolicy(parsePolicy(text), scope);
  } catch (error) {
    if (!(error instanceof PolicyFault)) throw error;
    throw invalidParameter(
      error.message.startsWith('Filter policy scope') ? error.message : `${where}: ${error.message}`,
    );
  }
}

export function checkFilterScope(scope: string, where = 'FilterPolicyScope'): void {
  if (!SCOPES.includes(scope))
    throw invalidParameter(
      `${where}: Invalid value [${scope}]. Please use either MessageBody or MessageAttributes`,
    );
}

const invalidParameter = (message: string) =>
  new AwsError('InvalidParameter', 400, `Invalid parameter: ${message}`);

function parsePolicy(text: string): JsonObject {
  if (Buffer.byteLength(text) > MAX_BYTES) throw new PolicyFault('Filter policy is too large');
  let policy: Json;
  try {
    policy = JSON.parse(text) as Json;
  } catch {
    throw new PolicyFault('failed to parse JSON.');
  }
  if (!isObject(policy)) throw new PolicyFault('Filter must be an object');
  return policy;
}

function checkPolicy(policy: JsonObject, scope: string): void {
  if (Object.keys(policy).length > MAX_KEYS)
    throw new PolicyFault(`Filter policy can not have more than ${MAX_KEYS} keys`);
  if (Object.keys(policy).length > 0 && combinationsOf(policy, scope, 1, 1) > MAX_COMBINATIONS)
    throw new PolicyFault('Filter policy is too complex');
}

/**
 * Checks the members of a policy. Returns how many combinations of values and nesting levels they make. `depth` counts
 * the properties on the way, `level` also the groups of `$or`.
 */
function combinationsOf(policy: JsonObject, scope: string, depth: number, level: number): number {
  if (level > MAX_LEVEL) throw new PolicyFault('Filter policy is too complex');
  if (Object.keys(policy).length === 0) throw new PolicyFault('Empty objects are not allowed');
  let combinations = 1;
  for (const [name, value] of Object.entries(policy)) {
    const groups = groupsOf(name, value);
    if (groups)
      combinations *= groups.reduce((sum, group) => sum + combinationsOf(group, scope, depth, level + 1), 0);
    else if (isObject(value)) {
      const inner = combinationsOf(value, scope, depth + 1, level + 1);
      if (scope !== 'MessageBody')
        throw new PolicyFault('Filter policy scope MessageAttributes does not support nested filter policy');
      combinations *= inner;
    } else combinations *= checkConditions(name, value) * depth;
  }
  return combinations;
}

function checkConditions(name: string, conditions: Json | undefined): number {
  if (!Array.isArray(conditions)) throw new PolicyFault(`"${name}" must be an object or an array`);
  if (conditions.length === 0) throw new PolicyFault('Empty arrays are not allowed');
  for (const condition of conditions) checkCondition(condition);
  return conditions.length;
}

function checkCondition(condition: Json): void {
  if (Array.isArray(condition))
    throw new PolicyFault('Match value must be String, number, true, false, or null');
  if (!isObject(condition)) return;
  const [[operator, operand] = ['', null], ...more] = Object.entries(condition);
  if (more.length > 0) throw new PolicyFault('Only one key allowed in match expression');
  const check = OPERATORS.get(operator);
  if (!check) throw new PolicyFault(`Unrecognized match type ${operator}`);
  check(operand, operator);
}

type Check = (operand: Json, operator: string) => void;

const checkText: Check = (operand, operator) => {
  if (typeof operand !== 'string') throw new PolicyFault(`${operator} match pattern must be a string`);
};

/** Text, or `{"equals-ignore-case": text}`. */
const checkAffix: Check = (operand, operator) => {
  const inner = isObject(operand) && Object.keys(operand).join() === 'equals-ignore-case';
  checkText(inner ? (operand['equals-ignore-case'] ?? null) : operand, operator);
};

const checkWildcard: Check = (operand, operator) => {
  checkText(operand, operator);
  if (/\*\*/.test(String(operand))) throw new PolicyFault('Consecutive wildcard characters are not allowed');
  if (String(operand).split('*').length - 1 > MAX_WILDCARDS)
    throw new PolicyFault(`A wildcard match pattern can not have more than ${MAX_WILDCARDS} wildcards`);
};

const checkCidr: Check = (operand, operator) => {
  checkText(operand, operator);
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(String(operand)) ?? [];
  const version = isIP(address);
  if (version === 0 || Number(bits ?? 0) > (version === 4 ? 32 : 128))
    throw new PolicyFault(`Malformed CIDR, ${operand} is not an address or a block of addresses`);
};

const checkExists: Check = (operand) => {
  if (typeof operand !== 'boolean')
    throw new PolicyFault('exists match pattern must be either true or false.');
};

const checkAnythingBut: Check = (operand) => {
  if (isObject(operand)) return checkNested(operand);
  const excluded = [operand].flat() as Json[];
  const types = new Set(excluded.map((value) => typeof value));
  const isPlain = types.size === 1 && (types.has('string') || types.has('number'));
  if (!isPlain)
    throw new PolicyFault('Value of anything-but must be an array or single string/number value.');
};

function checkNested(operand: JsonObject): void {
  const [[operator, texts] = ['', null], ...more] = Object.entries(operand);
  if (more.length > 0) throw new PolicyFault('Only one key allowed in match expression');
  const check = NESTED.get(operator);
  if (!check) throw new PolicyFault(`Unsupported anything-but pattern: ${operator}`);
  const all = [texts].flat() as Json[];
  if (all.length === 0) throw new PolicyFault('Empty arrays are not allowed');
  for (const text of all) check(text, operator);
}

const isOperator = (value: Json | undefined) => ['=', '<', '<=', '>', '>='].includes(String(value));
const nameOf = (operator: string) => (operator === '=' ? 'equals' : operator);

const checkNumeric: Check = (operand) => {
  if (!Array.isArray(operand)) throw new PolicyFault('Value of numeric must be an array.');
  const [operator, bound, second, top, ...more] = operand;
  if (typeof operator !== 'string')
    throw new PolicyFault(
      `Invalid member in numeric match: ${operator === undefined ? ']' : JSON.stringify(operator)}`,
    );
  if (!isOperator(operator)) throw new PolicyFault(`Unrecognized numeric range operator: ${operator}`);
  checkNumber(operator, bound);
  if (operand.length === 2) return;
  if (!operator.startsWith('>')) throw new PolicyFault('Too many elements in numeric expression');
  if (typeof second !== 'string')
    throw new PolicyFault(`Bad value in numeric range: ${JSON.stringify(second)}`);
  if (second !== '<' && second !== '<=') throw new PolicyFault(`Bad numeric range operator: ${second}`);
  checkNumber(second, top);
  if (more.length > 0) throw new PolicyFault('Too many terms in numeric range expression');
  if (Number(bound) >= Number(top)) throw new PolicyFault('Bottom must be less than top');
};

function checkNumber(operator: string, bound: Json | undefined): void {
  if (typeof bound !== 'number') throw new PolicyFault(`Value of ${nameOf(operator)} must be numeric`);
  if (Math.abs(bound) > 1e9)
    throw new PolicyFault(`Value of ${nameOf(operator)} must be between -1.0E9 and 1.0E9`);
}

const OPERATORS = new Map<string, Check>([
  ['prefix', checkAffix],
  ['suffix', checkAffix],
  ['equals-ignore-case', checkText],
  ['wildcard', checkWildcard],
  ['cidr', checkCidr],
  ['exists', checkExists],
  ['numeric', checkNumeric],
  ['anything-but', checkAnythingBut],
]);

/** The operators in `anything-but`. */
const NESTED = new Map<string, Check>([
  ['prefix', checkText],
  ['wildcard', checkWildcard],
]);
