/**
 * The statements of serverless.yml name lists of parameters: `Resource: { ObjectsOf: dataBuckets }`. These functions
 * turn the names into ARNs, which are known when packaging.
 */
import { entriesOf, type GivenParameters, type ParameterName } from './parameters.ts';

export interface Statement {
  /** `{ workerActions: webhook }`: the statement stands only when the parameter has this entry. */
  When?: Partial<Record<ParameterName, string>>;
  Resource: unknown;
  [member: string]: unknown;
}

type ArnsOf = (name: ParameterName, given: GivenParameters) => unknown[];

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

const RESOURCES: Record<string, ArnsOf> = {
  BucketsOf: (name, given) =>
    listed(name, given).map((bucket) => sub(`arn:\${AWS::Partition}:s3:::${bucket}`)),
  ObjectsOf: (name, given) =>
    listed(name, given).map((bucket) => sub(`arn:\${AWS::Partition}:s3:::${bucket}/*`)),
  /** With all their versions and aliases. */
  FunctionsOf: (name, given) => {
    const arns = listed(name, given).map(
      (pattern) => `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${pattern}`,
    );
    return [...arns, ...arns.map((arn) => `${arn}:*`)].map(sub);
  },
  ArnsOf: listed,
};

function resourcesOf(resource: unknown, given: GivenParameters): unknown {
  if (Array.isArray(resource)) return resource.flatMap((one) => resourcesOf(one, given));
  const [[kind = '', name] = []] = Object.entries(Object(resource));
  const arnsOf = RESOURCES[kind];
  return arnsOf ? arnsOf(name as ParameterName, given) : resource;
}

const holds = (when: Statement['When'] & {}, given: GivenParameters) =>
  Object.entries(when).every(([name, entry]) => entriesOf(given, name as ParameterName).includes(entry));

/** The statements as IAM reads them. One whose lists are all empty, or whose `When` does not hold, is left out. */
export function expandStatements(statements: readonly Statement[], given: GivenParameters) {
  return statements
    .filter(({ When }) => When === undefined || holds(When, given))
    .map(({ When, ...statement }) => ({ ...statement, Resource: resourcesOf(statement.Resource, given) }))
    .filter(({ Resource }) => !Array.isArray(Resource) || Resource.length > 0);
}
