/**
 * Decides whether the role of a packaged template allows a call, as IAM decides it for an identity-based policy: an
 * explicit Deny wins, and what no statement allows is denied. It throws for a member or operator that it does not know,
 * so that a new one cannot be ignored.
 */
import type { Resources } from './packaged-template.ts';

export interface Call {
  /** `s3:GetObject` */
  action: string;
  /** The ARN of the resource. */
  resource: string;
  /** Condition keys, such as `s3:x-amz-copy-source`. A key that the call does not have is left out. */
  context?: Readonly<Record<string, string | readonly string[]>>;
}

export type Decision = 'allowed' | 'explicitly denied' | 'not allowed';

type OneOrMore<T> = T | readonly T[];
type Conditions = Readonly<Record<string, Readonly<Record<string, OneOrMore<unknown>>>>>;

export interface PolicyStatement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action?: OneOrMore<string>;
  NotAction?: OneOrMore<string>;
  Resource?: OneOrMore<unknown>;
  NotResource?: OneOrMore<unknown>;
  Condition?: Conditions;
}

const MEMBERS = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

const listOf = <T>(value: OneOrMore<T>): T[] => (Array.isArray(value) ? [...value] : [value as T]);

/** `*` stands for any characters, `?` for one. */
function fits(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
/** Actions are compared without regard to case. */
const fitsAction = (pattern: string, action: string) => fits(pattern.toLowerCase(), action.toLowerCase());
const sameText = (expected: string, actual: string) => expected === actual;

type Compare = (expected: string, actual: string) => boolean;

const operators: Readonly<Record<string, Compare>> = {
  StringEquals: sameText,
  StringLike: fits,
  StringEqualsIgnoreCase: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
  ArnEquals: fits,
  ArnLike: fits,
  NumericLessThanEquals: (expected, actual) => Number(actual) <= Number(expected),
  Bool: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
};
const negations: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotLike: 'StringLike',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

/** One line of a condition: operator, key and expected values. */
function isMet(name: string, key: string, expected: readonly string[], { context = {} }: Call): boolean {
  const [, set, base = name, ifExists] =
    /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const found = Object.entries(context).find(([known]) => known.toLowerCase() === key.toLowerCase());
  const actual = found === undefined ? [] : listOf(found[1]);
  if (base === 'Null') return listOf(expected).includes(String(actual.length === 0));
  const positive = negations[base] ?? base;
  const compare = operators[positive];
  if (!compare) throw new Error(`the evaluator does not know the condition operator ${name}`);
  const isNegated = positive !== base;
  const fitsOne = (value: string) => expected.some((one) => compare(one, value)) !== isNegated;
  if (set === 'ForAllValues') return actual.every(fitsOne);
  // IAM: a negated operator is met without the key, a positive one only with IfExists.
  if (actual.length === 0) return ifExists !== undefined || (isNegated && set === undefined);
  if (actual.length > 1 && set === undefined)
    throw new Error(`${key} has several values; ${name} needs ForAnyValue or ForAllValues`);
  return actual.some(fitsOne);
}

/** Values of the template in the deployed stack. */
export interface StackNames {
  /** By logical id: what `Ref` gives. Default: the logical id in lower case. */
  refs?: Readonly<Record<string, string>>;
  region?: string;
  accountId?: string;
}

/** Gives texts for the intrinsic functions of a template. */
function createResolver(
  resources: Resources,
  { refs = {}, region = 'us-east-1', accountId = '000000000000' }: StackNames,
) {
  const pseudo: Record<string, string> = {
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::AccountId': accountId,
    'AWS::StackName': 'stack',
  };
  const refOf = (id: string) => pseudo[id] ?? refs[id] ?? id.toLowerCase();
  function arnOf(id: string): string {
    const type = resources[id]?.Type;
    if (type === 'AWS::S3::Bucket') return `arn:aws:s3:::${refOf(id)}`;
    if (!type) throw new Error(`the template has no resource ${id}`);
    return `arn:aws:${type.split('::')[1]?.toLowerCase()}:${region}:${accountId}:${refOf(id)}`;
  }
  const attributeOf = (id: string, attribute: string) =>
    attribute === 'Arn' ? arnOf(id) : `${refOf(id)}.${attribute}`;

  return function resolve(value: unknown): string {
    if (typeof value !== 'object' || value === null) return String(value);
    const [[kind = '', argument] = []] = Object.entries(value);
    if (kind === 'Ref') return refOf(String(argument));
    if (kind === 'Fn::GetAtt') {
      const [id = '', attribute = ''] = Array.isArray(argument) ? argument : String(argument).split('.');
      return attributeOf(id, attribute);
    }
    if (kind === 'Fn::Join') {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(resolve).join(separator);
    }
    if (kind === 'Fn::Sub') {
      const [text, variables = {}] = (Array.isArray(argument) ? argument : [argument]) as [
        string,
        Record<string, unknown>?,
      ];
      return text.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
        if (Object.hasOwn(variables, name)) return resolve(variables[name]);
        const [id = '', attribute] = name.split('.');
        return attribute === undefined ? refOf(id) : attributeOf(id, attribute);
      });
    }
    throw new Error(`the evaluator does not know ${kind}`);
  };
}

function applies(statement: PolicyStatement, call: Call, resolve: (value: unknown) => string): boolean {
  const unknown = Object.keys(statement).filter((member) => !MEMBERS.includes(member));
  if (unknown.length > 0) throw new Error(`the evaluator does not know ${unknown.join(', ')} of a statement`);
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const names = (actions: OneOrMore<string>) =>
    listOf(actions).some((pattern) => fitsAction(pattern, call.action));
  const covers = (of: OneOrMore<unknown>) =>
    listOf(of).some((pattern) => fits(resolve(pattern), call.resource));
  return (
    (Action !== undefined ? names(Action) : NotAction !== undefined && !names(NotAction)) &&
    (Resource !== undefined ? covers(Resource) : NotResource !== undefined && !covers(NotResource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, expected]) =>
        isMet(operator, key, listOf(expected).map(resolve), call),
      ),
    )
  );
}

/** How IAM decides a call by statements whose intrinsic functions the resolver knows. */
export function decide(
  statements: readonly PolicyStatement[],
  call: Call,
  resolve: (value: unknown) => string = String,
): Decision {
  const applying = statements.filter((statement) => applies(statement, call, resolve));
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'explicitly denied';
  return applying.some(({ Effect }) => Effect === 'Allow') ? 'allowed' : 'not allowed';
}

/** What a role of the template may do. */
export function roleOf(resources: Resources, role: string, names: StackNames = {}): (call: Call) => Decision {
  const resolve = createResolver(resources, names);
  const statements: PolicyStatement[] = resources[role]?.Properties.Policies.flatMap(
    (policy: { PolicyDocument: { Statement: PolicyStatement[] } }) => policy.PolicyDocument.Statement,
  );
  return (call) => decide(statements, call, resolve);
}

/**
 * What the policy of a resource (a queue, a topic, a bucket, a key) allows a service. `root` stands for the account
 * itself, and nobody in particular is `anyone`.
 */
export function resourcePolicyOf(
  resources: Resources,
  statements: readonly (PolicyStatement & { Principal: unknown })[],
  names: StackNames = {},
): (principal: string, call: Call) => Decision {
  const resolve = createResolver(resources, names);
  return (principal, call) =>
    decide(
      statements
        .filter(({ Principal }) => Principal === '*' || JSON.stringify(Principal).includes(principal))
        .map(({ Principal: _, ...statement }) => statement),
      call,
      resolve,
    );
}
