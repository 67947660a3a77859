/**
 * Expands what the statements of serverless.yml take from parameters. `Resource: { ObjectsOf: dataBuckets }` becomes the
 * ARNs of the objects, which are known when packaging.
 */
import { entriesOf, type GivenParameters, type ParameterName } from './parameters.ts';

type Conditions = Record<string, Record<string, unknown>>;

export interface Statement {
  Sid?: string;
  /** `{ workerActions: webhook }`: leaves the statement out unless the parameter has this entry, or one of these. */
  When?: Partial<Record<ParameterName, string | string[]>>;
  Resource: unknown;
  Condition?: Conditions;
  [member: string]: unknown;
}

/** Lists that default to another one. */
const FALLBACKS: Partial<Record<ParameterName, ParameterName>> = {
  manifestBuckets: 'dataBuckets',
  reportBuckets: 'dataBuckets',
  targetBuckets: 'dataBuckets',
};
function listed(name: ParameterName, given: GivenParameters): string[] {
  const entries = entriesOf(given, name);
  const fallback = FALLBACKS[name];
  return entries.length === 0 && fallback ? entriesOf(given, fallback) : entries;
}

const sub = (arn: string) => ({ 'Fn::Sub': arn });
const s3Arn = (path: string) => sub(`arn:\${AWS::Partition}:s3:::${path}`);
const unique = (texts: readonly string[]) => [...new Set(texts)];
const bucketOf = (entry: string) => entry.split('/')[0] ?? '';
const keysOf = (entry: string) => entry.split('/').slice(1).join('/');

/** ARNs, each group for keys that match a pattern; '' stands for all keys. */
type Groups = Map<string, unknown[]>;
const ungrouped = (arns: unknown[]): Groups => new Map([['', arns]]);

const RESOURCES: Record<string, (entries: string[]) => Groups> = {
  BucketsOf: (entries) => ungrouped(unique(entries.map(bucketOf)).map(s3Arn)),
  ObjectsOf: (entries) => ungrouped(entries.map((entry) => s3Arn(keysOf(entry) ? entry : `${entry}/*`))),
  /** Buckets for s3:ListBucket, limited to the keys of each entry. */
  KeysOf: (entries) =>
    new Map(
      unique(entries.map(keysOf)).map((keys) => [
        keys,
        entries.filter((entry) => keysOf(entry) === keys).map((entry) => s3Arn(bucketOf(entry))),
      ]),
    ),
  /** With all their versions and aliases. */
  FunctionsOf: (entries) => {
    const arns = entries.map(
      (pattern) => `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${pattern}`,
    );
    return ungrouped([...arns, ...arns.map((arn) => `${arn}:*`)].map(sub));
  },
  ArnsOf: ungrouped,
};

/** Undefined when the resource names no list. */
function groupsOf(resource: unknown, given: GivenParameters): Groups | undefined {
  if (Array.isArray(resource)) {
    const all = resource.map((one) => groupsOf(one, given));
    if (all.some((groups) => groups === undefined)) return undefined;
    const arns = all.flatMap((groups) => [...(groups?.get('') ?? [])]);
    return ungrouped([...new Map(arns.map((arn) => [JSON.stringify(arn), arn])).values()]);
  }
  const [[kind = '', name] = []] = Object.entries(Object(resource));
  return RESOURCES[kind]?.(listed(name as ParameterName, given));
}

/** The highest number of S3 itself, which stands for "no limit". */
const NO_LIMIT = '2147483647';

function conditionOf(condition: Conditions, given: GivenParameters): Conditions {
  const limits: Record<string, (name: ParameterName) => string[]> = {
    EntriesOf: (name) => listed(name, given),
    LimitOf: (name) => entriesOf(given, name).filter((limit) => limit !== NO_LIMIT),
  };
  const expanded = Object.entries(condition).map(([operator, keys]) => {
    const values = Object.entries(keys).map(([key, value]) => {
      const [[kind = '', name] = []] = Object.entries(Object(value));
      return [key, limits[kind]?.(name as ParameterName) ?? value] as const;
    });
    const isSet = ([, value]: readonly [string, unknown]) => !Array.isArray(value) || value.length > 0;
    return [operator, Object.fromEntries(values.filter(isSet))] as const;
  });
  return Object.fromEntries(expanded.filter(([, keys]) => Object.keys(keys).length > 0));
}

function holds(when: Statement['When'] & {}, given: GivenParameters): boolean {
  return Object.entries(when).every(([name, wanted]) => {
    const entries = entriesOf(given, name as ParameterName);
    // An empty list of operations stands for all.
    return (
      (name === 'operations' && entries.length === 0) || [wanted].flat().some((one) => entries.includes(one))
    );
  });
}

function expand({ When: _, Condition = {}, ...statement }: Statement, given: GivenParameters) {
  const condition = conditionOf(Condition, given);
  const groups: Groups = groupsOf(statement.Resource, given) ?? new Map([['', [statement.Resource].flat()]]);
  return [...groups]
    .filter(([, arns]) => arns.length > 0)
    .map(([keys, arns], i) => {
      const all: Conditions = keys ? { ...condition, StringLike: { 's3:prefix': keys } } : condition;
      return {
        ...statement,
        ...(statement.Sid !== undefined && i > 0 && { Sid: `${statement.Sid}${i + 1}` }),
        Resource: arns,
        ...(Object.keys(all).length > 0 && { Condition: all }),
      };
    });
}

/** The statements as IAM reads them. One whose lists are all empty, or whose `When` does not hold, is left out. */
export const expandStatements = (statements: readonly Statement[], given: GivenParameters) =>
  statements
    .filter(({ When }) => When === undefined || holds(When, given))
    .flatMap((statement) => expand(statement, given));
