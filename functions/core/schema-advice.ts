import { nearest } from './nearest.ts';

/** An error of a validator that tools/generate.ts makes: ajv's, with the value and the schema that has the keyword. */
export interface SchemaError {
  instancePath: string;
  keyword: string;
  /** Only of a fault in a name, which a fault with the keyword propertyNames follows. */
  propertyName?: string;
  params: Record<string, unknown>;
  data?: unknown;
  parentSchema?: { description?: string; examples?: unknown[]; properties?: object };
}

const MAX_SHOWN = 60;
/** Longer lists of names help nobody; the contract has them. */
const MAX_LISTED = 12;

/** A value of a body, short enough for an answer. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value);
}

const inCode = (names: readonly string[], separator: string) =>
  names.map((name) => `\`${name}\``).join(separator);

/** `; did you mean …?`, or nothing if no known name is close. */
export function didYouMean(typed: unknown, known: readonly string[]): string {
  const names = typeof typed === 'string' ? nearest(typed, known) : [];
  return names.length === 0 ? '' : `; did you mean ${inCode(names, ' or ')}?`;
}

/** `must be one of …, not …`, and which of them is close. */
export const oneOfDetail = (typed: unknown, known: readonly string[]): string =>
  `must be one of ${known.join(', ')}, not ${shown(typed)}${didYouMean(typed, known)}`;

/** The known name that is close; otherwise all names, if they are few. */
export function unknownNameDetail(typed: string, known: readonly string[], what: string): string {
  const advice = didYouMean(typed, known);
  if (advice) return `is not ${what}${advice}`;
  if (known.length === 0) return `is not ${what}; remove it, because none is allowed`;
  return known.length > MAX_LISTED
    ? `is not ${what}; remove it, or correct its spelling`
    : `is not ${what}; known names: ${inCode(known, ', ')}`;
}

const typeNames: Record<string, string> = {
  string: 'text in quotes',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

export const typeName = (type: unknown): string => typeNames[String(type)] ?? String(type);

const plural = (limit: unknown, noun: string) =>
  `${limit} ${limit === 1 ? noun : noun.replace(/y$/, 'ie').concat('s')}`;
const characters = (value: unknown) => Array.from(String(value)).length;
const entries = (value: unknown) => Object.keys(Object(value)).length;

const size = (bound: string, noun: string, sizeOf: (value: unknown) => number) => (error: SchemaError) =>
  `must have ${bound} ${plural(error.params['limit'], noun)}; it has ${sizeOf(error.data)}`;

/** Each pattern has a description, whose first sentence says what the value is, and an example; a test ensures it. */
function patternDetail({ data, parentSchema }: SchemaError): string {
  const [what = ''] = (parentSchema?.description ?? '').split(/\.(?:\s|$)/);
  const expected = what.charAt(0).toLowerCase() + what.slice(1);
  return `must be ${expected}, such as ${parentSchema?.examples?.[0]}, not ${shown(data)}`;
}

const details: Record<string, (error: SchemaError) => string> = {
  additionalProperties: ({ params, parentSchema }) =>
    unknownNameDetail(
      String(params['additionalProperty']),
      Object.keys(parentSchema?.properties ?? {}),
      'a member here',
    ),
  required: ({ params }) => `${params['missingProperty']} is missing`,
  dependentRequired: ({ params }) => `needs ${params['missingProperty']} with ${params['property']}`,
  enum: ({ params, data }) => oneOfDetail(data, params['allowedValues'] as string[]),
  type: ({ params, data }) =>
    `must be ${[params['type']].flat().map(typeName).join(' or ')}, not ${shown(data)}`,
  pattern: patternDetail,
  minLength: size('at least', 'character', characters),
  maxLength: size('at most', 'character', characters),
  minItems: size('at least', 'entry', entries),
  maxItems: size('at most', 'entry', entries),
  minProperties: size('at least', 'member', entries),
  maxProperties: size('at most', 'member', entries),
  minimum: ({ params, data }) => `must be ${params['limit']} or more, not ${shown(data)}`,
  maximum: ({ params, data }) => `must be ${params['limit']} or less, not ${shown(data)}`,
  uniqueItems: ({ params }) =>
    `must not repeat an entry: entries ${Number(params['i']) + 1} and ${Number(params['j']) + 1} are equal`,
};

/** What is wrong, what was found, and what is expected. */
export const schemaDetail = (error: SchemaError): string => details[error.keyword]?.(error) ?? 'is not valid';

/**
 * The errors to report. ajv also reports a wrong name by itself, which becomes the text of propertyNames, and a failed
 * `if`, which repeats the error in its `then`.
 */
export function reportedErrors(errors: readonly SchemaError[]): (SchemaError & { detail?: string })[] {
  const ofNames = new Map(
    errors
      .filter(({ propertyName }) => propertyName !== undefined)
      .map((error) => [JSON.stringify([error.instancePath, error.propertyName]), error] as const),
  );
  return errors
    .filter(({ propertyName, keyword }) => propertyName === undefined && keyword !== 'if')
    .map((error) => {
      const inner = ofNames.get(JSON.stringify([error.instancePath, error.params['propertyName']]));
      return inner ? { ...error, detail: `this name ${schemaDetail(inner)}` } : error;
    });
}
