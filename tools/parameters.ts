/** The deployment parameters: one table of names, types and defaults. Packaging and the local stack read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../functions/core/nearest.ts';
import { declaredActions } from '../functions/worker/actions.ts';

/** What a text must be. `expected` completes the sentence "It takes …". */
interface Type {
  expected: string;
  /** For lists of names: the names. */
  names?: readonly string[];
  isList?: true;
  accepts: (text: string) => boolean;
}

const matching = (pattern: RegExp, expected: string): Type => ({
  expected,
  accepts: (text) => pattern.test(text),
});
const oneOf = (...names: string[]): Type => ({
  expected: names.join(' or '),
  names,
  accepts: (text) => names.includes(text),
});
const integer = (min: number, max: number): Type => ({
  expected: `a whole number from ${min} to ${max}`,
  accepts: (text) => /^\d{1,10}$/.test(text) && Number(text) >= min && Number(text) <= max,
});
const listOf = (item: Type): Type => ({ ...item, isList: true });
const namesOf = (...names: string[]): Type => ({ ...listOf(oneOf(...names)), expected: names.join(', ') });

const { $defs } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../schemas/job-request.schema.json'), 'utf8'),
) as { $defs: { Operation: { properties: object } } };
export const operationNames = Object.keys($defs.Operation.properties);
export const actionsOffByDefault = declaredActions
  .filter(({ isOffByDefault }) => isOffByDefault)
  .map(({ name }) => name);
/** The days for which CloudWatch Logs can keep log lines. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
].map(String);

// A bucket name, or a pattern in which * stands for any characters.
const BUCKET = String.raw`(?:\*|(?=[^/]{3,63}(?:$|/)|[^/]*\*)[a-z0-9*](?:[a-z0-9.*-]*[a-z0-9*])?)`;
// No $ and no ?, which have a meaning of their own in CloudFormation and IAM; no spaces, no commas.
const KEYS = String.raw`[^\s,$?{}]+`;
const buckets = listOf(
  matching(new RegExp(`^${BUCKET}$`), 'names of buckets, or patterns such as my-data-*, separated by commas'),
);
const bucketsOrPrefixes = listOf(
  matching(
    new RegExp(`^${BUCKET}(?:/${KEYS})?$`),
    'names of buckets, patterns such as my-data-*, or buckets with the start of their keys such as my-lists/2026*, separated by commas',
  ),
);
const isSwitch = oneOf('true', 'false');
const HOST = String.raw`(?:\*|[a-z0-9*](?:[a-z0-9.*-]*[a-z0-9*])?)(?::\d{1,5})?`;

export const parameterTypes = {
  dataBuckets: buckets,
  manifestBuckets: bucketsOrPrefixes,
  reportBuckets: bucketsOrPrefixes,
  targetBuckets: bucketsOrPrefixes,
  functions: listOf(
    matching(
      /^[\w*-]{1,64}$/,
      'names of functions of this account and Region, without version, or patterns such as my-*, separated by commas',
    ),
  ),
  kmsKeys: listOf(
    matching(
      /^(?:\*|arn:aws[a-z-]*:kms:[a-z0-9*-]+:(?:\d{12}|\*):key\/[a-zA-Z0-9*-]+)$/,
      'ARNs of KMS keys such as arn:aws:kms:us-east-1:111122223333:key/ID, separated by commas',
    ),
  ),
  webhooks: listOf(
    matching(
      new RegExp(`^${HOST}(?:/${KEYS})?$`),
      'hosts, or hosts with the start of a path such as hooks.example.com/jobs/*, separated by commas, without https://',
    ),
  ),
  operations: namesOf(...operationNames),
  maxRetryObjects: integer(1, 1_000_000_000),
  maxPriority: integer(0, 2_147_483_647),
  complianceRetention: isSwitch,
  governanceBypass: isSwitch,
  publicGrants: isSwitch,
  recordCallers: isSwitch,
  alarmEmail: matching(/^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/, 'one e-mail address'),
  email: matching(/^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/, 'one e-mail address'),
  auth: oneOf('iam', 'jwt'),
  jwtIssuer: matching(/^https:\/\/[^\s,?#]+$/, 'the URL of the issuer, which begins with https://'),
  jwtAudience: matching(/^[^\s,]+$/, 'one audience without spaces'),
  tenancy: matching(
    /^(?:deployment|principal|claim:[^\s,]+)$/,
    'deployment, principal, or claim:NAME with the name of a claim of the JWT',
  ),
  accountScopeTenants: listOf(matching(/^\S(?:.*\S)?$/, 'tenants, separated by commas')),
  workerActions: namesOf(...actionsOffByDefault),
  webhookSecret: matching(/^[\w/+=.@-]{1,512}$/, 'the name of a secret in Secrets Manager'),
  logRetentionDays: { ...oneOf(...RETENTION_DAYS), expected: `one of ${RETENTION_DAYS.join(', ')}` },
  logLevel: oneOf('DEBUG', 'INFO', 'WARN', 'ERROR'),
  logExecutionData: isSwitch,
  tracing: isSwitch,
  costTags: listOf(
    matching(
      /^(?!aws:)[\w.:/+@-]{1,128}=[\w.:/+@ -]{1,256}$/,
      'tags such as team=media,env=prod, separated by commas; names do not begin with aws:',
    ),
  ),
  workerConcurrency: integer(1, 100_000),
  monthlyBudgetUsd: integer(1, 100_000_000),
  reportRetentionDays: integer(31, 36_500),
  requestsPerSecond: integer(1, 10_000),
  requestBurst: integer(1, 5_000),
} satisfies Record<string, Type>;

export type ParameterName = keyof typeof parameterTypes;
/** As given: texts by name; absent, null and empty all stand for "not set". */
export type GivenParameters = Readonly<Record<string, unknown>>;

const types: Record<string, Type> = parameterTypes;
const textOf = (value: unknown) => (value === undefined || value === null ? '' : String(value));
/** Entries of a parameter that is a list; none when it is not set. */
export const entriesOf = (given: GivenParameters, name: ParameterName): string[] =>
  textOf(given[name]).split(',').filter(Boolean);

const didYouMean = (text: string, names: readonly string[] = []) => {
  const [name] = nearest(text, names);
  return name === undefined ? '' : ` Did you mean ${name}?`;
};

function faultsOf(name: string, value: unknown): string[] {
  const type = types[name];
  if (!type)
    return [
      `Parameter ${name} is unknown.${didYouMean(name, Object.keys(types))} Known parameters: ${Object.keys(types).join(', ')}.`,
    ];
  const text = textOf(value);
  if (text === '') return [];
  const entries = type.isList ? text.split(',') : [text];
  return entries
    .filter((entry) => !type.accepts(entry))
    .map(
      (entry) =>
        `Parameter ${name} has the ${type.isList ? 'entry' : 'value'} "${entry}". It takes ${type.expected}.${didYouMean(entry, type.names)}`,
    );
}

const REQUIRED: readonly ParameterName[] = [
  'dataBuckets',
  'maxRetryObjects',
  'maxPriority',
  'complianceRetention',
  'governanceBypass',
  'publicGrants',
  'auth',
  'tenancy',
  'logRetentionDays',
  'logLevel',
  'logExecutionData',
  'tracing',
  'reportRetentionDays',
  'requestsPerSecond',
  'requestBurst',
];

/** What the parameters require of each other. */
function combinationFaults(given: GivenParameters): string[] {
  const text = (name: ParameterName) => textOf(given[name]);
  const faults: string[] = [];
  const require = (name: ParameterName, reason: string) => {
    if (text(name) === '') faults.push(`Parameter ${name} is not set. ${reason} requires it.`);
  };
  for (const name of REQUIRED) require(name, 'Every deployment');
  if (text('auth') === 'jwt') {
    require('jwtIssuer', 'auth=jwt');
    require('jwtAudience', 'auth=jwt');
  }
  if (entriesOf(given, 'workerActions').includes('webhook'))
    require('webhookSecret', 'workerActions=webhook');
  if (text('monthlyBudgetUsd') !== '') require('alarmEmail', 'monthlyBudgetUsd');
  if (text('tenancy') === 'principal' && text('auth') !== 'iam')
    faults.push('Parameter tenancy is principal. That requires auth=iam, because a JWT names no principal.');
  if (text('tenancy').startsWith('claim:') && text('auth') !== 'jwt')
    faults.push(`Parameter tenancy is ${text('tenancy')}. That requires auth=jwt.`);
  return faults;
}

/** All faults of a deployment's parameters, as sentences; none when it can be packaged. */
export function parameterFaults(given: GivenParameters): string[] {
  const faults = Object.entries(given).flatMap(([name, value]) => faultsOf(name, value));
  return faults.length > 0 ? faults : combinationFaults(given);
}
