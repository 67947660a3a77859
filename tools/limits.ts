/** Limits of AWS that a deployment can exceed by its parameters. They would show only while it is deployed. */
import type { Statement } from './statements.ts';

/** Characters of all inline policies of a role. IAM does not count white space. */
const MAX_ROLE = 10_240;
const MAX_ENVIRONMENT_BYTES = 4_096;
const MAX_FUNCTION_NAME = 64;
/** Of an ARN that only a deployment knows. */
const LONGEST_ARN = `arn:aws:lambda:ap-southeast-1:111122223333:function:${'x'.repeat(MAX_FUNCTION_NAME)}`;

/** A value about as long as the deployed one. */
function estimate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(estimate);
  if (typeof value !== 'object' || value === null) return value;
  const [[kind = '', argument] = [], ...others] = Object.entries(value);
  if (others.length > 0 || !/^(Ref$|Fn::)/.test(kind))
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, estimate(inner)]));
  if (kind !== 'Fn::Sub') return LONGEST_ARN;
  return String(argument)
    .replaceAll('$' + '{AWS::Partition}', 'aws')
    .replaceAll('$' + '{AWS::Region}', 'ap-southeast-1')
    .replaceAll('$' + '{AWS::AccountId}', '111122223333')
    .replaceAll(/\$\{[^}]+\}/g, LONGEST_ARN);
}

const lengthOf = (statements: readonly Statement[]) => JSON.stringify(estimate(statements)).length + 50;

const actionsOf = ({ Action }: Partial<Statement>) => [Action ?? []].flat() as string[];

/** Whether a statement without a condition allows all that another one allows under a condition. */
const covers = (wide: Statement, narrow: Statement) =>
  wide['Effect'] === 'Allow' &&
  narrow['Effect'] === 'Allow' &&
  !wide.Condition &&
  narrow.Condition !== undefined &&
  JSON.stringify(wide.Resource) === JSON.stringify(narrow.Resource) &&
  actionsOf(narrow).every((action) => actionsOf(wide).includes(action));

/**
 * Joins statements that differ in their actions only, without the Sids, which only name them, and leaves out those that
 * allow nothing more.
 */
function merge(statements: readonly Statement[]): Statement[] {
  const merged = new Map<string, Statement>();
  for (const { Sid: _, Action, ...statement } of statements) {
    const key = Action === undefined ? String(merged.size) : JSON.stringify(statement);
    const before = merged.get(key);
    const actions = [...new Set([before?.['Action'] ?? [], Action ?? []].flat() as string[])].sort();
    merged.set(key, {
      ...statement,
      ...(Action !== undefined && { Action: actions.length === 1 ? actions[0] : actions }),
    });
  }
  const all = [...merged.values()];
  return all.filter((narrow) => !all.some((wide) => covers(wide, narrow)));
}

/** The statements as they fit into a role: as they are, or joined and without Sids. Throws with the figure if they do not. */
export function fitRole(role: string, statements: readonly Statement[]): Statement[] {
  if (lengthOf(statements) <= MAX_ROLE) return [...statements];
  const merged = merge(statements);
  const length = lengthOf(merged);
  if (length <= MAX_ROLE) return merged;
  throw new Error(
    `The policies of ${role} have about ${length} characters. IAM allows ${MAX_ROLE}. List fewer buckets, functions and keys, or use patterns such as my-data-*.`,
  );
}

/** What a function exceeds, as sentences. */
export function functionFaults(name: string, environment: Record<string, unknown>): string[] {
  const faults: string[] = [];
  if (name.length > MAX_FUNCTION_NAME)
    faults.push(
      `The function name ${name} has ${name.length} characters. Lambda allows ${MAX_FUNCTION_NAME}. Use a shorter stage.`,
    );
  const bytes = Object.entries(environment)
    .map(([key, value]) => Buffer.byteLength(key + String(estimate(value))))
    .reduce((sum, size) => sum + size, 0);
  if (bytes > MAX_ENVIRONMENT_BYTES)
    faults.push(
      `The environment of ${name} has about ${bytes} bytes. Lambda allows ${MAX_ENVIRONMENT_BYTES}. List fewer roles in custom.batchRoleArns.`,
    );
  return faults;
}
