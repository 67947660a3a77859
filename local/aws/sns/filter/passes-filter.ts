import type { Envelope } from '../envelope.ts';
import { acceptsAbsence, acceptsValue } from './conditions.ts';
import { alternativesOf, isObject, type Json, type JsonObject, type Rule } from './policy.ts';

/** Whether a message passes the valid filter policy of a subscription, for every protocol alike. */
export function passesFilter(policyText: string, scope: string | undefined, envelope: Envelope): boolean {
  const policy = JSON.parse(policyText) as JsonObject;
  if (Object.keys(policy).length === 0) return true;
  const values = scope === 'MessageBody' ? parseObject(envelope.Message) : attributeValues(envelope);
  if (values === undefined) return false;
  return alternativesOf(policy).some((rules) => holds(rules, values));
}

/** Whether all rules hold. In an array one element must satisfy them all; nested arrays are searched too. */
function holds(rules: readonly Rule[], value: Json | undefined): boolean {
  const elements = Array.isArray(value) ? elementsOf(value) : [];
  if (elements.length > 0) return elements.some((element) => holds(rules, element));
  if (isObject(value)) return holdsInObject(rules, value);
  const leaf = Array.isArray(value) ? undefined : value;
  return rules.every(({ path, conditions }) =>
    path === '' && leaf !== undefined
      ? conditions.some((condition) => acceptsValue(condition, leaf))
      : conditions.some(acceptsAbsence),
  );
}

/** The elements of an array and of the arrays in it. Without recursion: a message may nest them to any depth. */
function elementsOf(array: readonly Json[]): Json[] {
  const elements: Json[] = [];
  const rest: Json[] = [...array];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (Array.isArray(next)) for (const element of next) rest.push(element);
    else elements.push(next);
  }
  return elements;
}

/** Rules with a common first property are judged together, so that they hold in the same element of an array. */
function holdsInObject(rules: readonly Rule[], object: JsonObject): boolean {
  const names = Object.keys(object);
  const byName = new Map<string, Rule[]>();
  for (const rule of rules) {
    const candidates = names.filter((name) => rule.path === name || rule.path.startsWith(`${name}.`));
    const [name] = candidates;
    if (name === undefined) {
      if (!rule.conditions.some(acceptsAbsence)) return false;
    } else if (candidates.length > 1) {
      // A dot in a name and a nested property are the same path: either may satisfy the rule.
      if (!candidates.some((each) => holds([below(rule, each)], object[each]))) return false;
    } else byName.set(name, [...(byName.get(name) ?? []), below(rule, name)]);
  }
  return [...byName].every(([name, inner]) => holds(inner, object[name]));
}

const below = ({ path, conditions }: Rule, name: string): Rule => ({
  path: path.slice(name.length + 1),
  conditions,
});

/** Attributes as JSON values: numbers as numbers, `String.Array` as a list. Binary attributes cannot be filtered. */
function attributeValues({ MessageAttributes = {} }: Envelope): JsonObject {
  const entries = Object.entries(MessageAttributes)
    .filter(([, { Type }]) => !Type.startsWith('Binary'))
    .map(([name, { Type, Value }]): [string, Json] => [name, jsonOf(Type, Value)]);
  return Object.fromEntries(entries);
}

function jsonOf(type: string, text: string): Json {
  if (type === 'Number' || type.startsWith('Number.')) return Number(text);
  if (type !== 'String.Array') return text;
  const value = parse(text);
  return Array.isArray(value) ? value : text;
}

function parseObject(text: string): JsonObject | undefined {
  const value = parse(text);
  return isObject(value) ? value : undefined;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
