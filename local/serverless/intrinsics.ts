import type { ScalarTag } from 'yaml';
import { ACCOUNT_ID, REGION } from '../core/account.ts';
import type { PhysicalResource } from './resources.ts';

/** Finds a resource by its logical id; undefined when there is none. */
export type FindResource = (logicalId: string) => PhysicalResource | undefined;

const PSEUDO: Record<string, string> = {
  'AWS::AccountId': ACCOUNT_ID,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Evaluates CloudFormation's functions in a value of a template. Throws with the location of an unknown one. */
export function evaluate(value: unknown, find: FindResource, location: string): unknown {
  const inner = (member: unknown, name: string | number) => evaluate(member, find, `${location}.${name}`);
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name = '', argument] = entries[0] ?? [];
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
    const intrinsic = INTRINSICS[name];
    if (!intrinsic) throw new Error(`${location}: ${name} is not implemented`);
    return intrinsic(argument, {
      find,
      location: `${location}.${name}`,
      inner: (member) => inner(member, name),
    });
  }
  return Object.fromEntries(entries.map(([member, content]) => [member, inner(content, member)]));
}

interface Scope {
  find: FindResource;
  location: string;
  inner: (value: unknown) => unknown;
}

const INTRINSICS: Record<string, (argument: unknown, scope: Scope) => unknown> = {
  Ref: (argument, scope) => ref(text(argument, scope), scope),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId = '', ...attribute] = Array.isArray(argument)
      ? argument
      : text(argument, scope).split('.');
    return attributeOf(String(logicalId), attribute.join('.'), scope);
  },
  'Fn::Sub': (argument, scope) => {
    const [template, names = {}] = Array.isArray(argument) ? argument : [argument];
    const values = scope.inner(names) as Record<string, unknown>;
    return text(template, scope).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (name in values) return text(values[name], scope);
      const [logicalId = '', ...attribute] = name.split('.');
      return attribute.length === 0 ? ref(name, scope) : attributeOf(logicalId, attribute.join('.'), scope);
    });
  },
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = scope.inner(argument) as [string, unknown[]];
    return parts.map((part) => text(part, scope)).join(separator);
  },
  'Fn::Split': (argument, scope) => {
    const [separator, whole] = scope.inner(argument) as [string, string];
    return text(whole, scope).split(separator);
  },
};

function ref(name: string, { find, location }: Scope): string {
  const value = PSEUDO[name] ?? find(name)?.ref;
  if (value === undefined) throw new Error(`${location}: there is no resource ${name}`);
  return value;
}

function attributeOf(logicalId: string, attribute: string, { find, location }: Scope): string {
  const value = find(logicalId)?.attributes[attribute];
  if (value === undefined)
    throw new Error(`${location}: no resource has the attribute ${logicalId}.${attribute}`);
  return value;
}

function text(value: unknown, { location }: Scope): string {
  if (typeof value === 'object' || value === undefined) throw new Error(`${location}: expected a text`);
  return String(value);
}

const short = (name: string): ScalarTag => ({
  tag: `!${name}`,
  resolve: (value) => ({ [name === 'Ref' ? name : `Fn::${name}`]: value }),
});

/** The short forms `!Ref X`, `!GetAtt X.Arn` and `!Sub text` for the YAML parser. */
export const shortTags = ['Ref', 'GetAtt', 'Sub'].map(short);
