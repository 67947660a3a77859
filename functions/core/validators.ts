import { type Fault, KnownError, MAX_FAULTS } from './errors.ts';
import type { SchemaError } from './generated/schema-error.mjs';
import { pointerTo, xmlTextFaults } from './xml-text.ts';

const describe: Record<string, (params: Record<string, unknown>, pointer: string) => string> = {
  additionalProperties: (p) =>
    `${p['additionalProperty']} is not a member here; take it out or correct its spelling`,
  required: (p) => `${p['missingProperty']} is missing`,
  enum: (p) => `must be one of ${(p['allowedValues'] as unknown[]).join(', ')}`,
  oneOf: () => 'needs exactly one of Manifest, ManifestGenerator, Objects',
  propertyNames: () => 'is not a valid name',
  minProperties: (p, at) =>
    at === '/Operation'
      ? 'needs exactly one operation, such as S3PutObjectTagging'
      : `needs at least ${p['limit']}`,
  maxProperties: (p, at) =>
    at === '/Operation'
      ? 'needs exactly one operation; send one job request for each'
      : `takes at most ${p['limit']}`,
};

/** ajv names the parent of an unknown, missing or wrongly named member; callers need the member itself. */
function pointerOf({ instancePath, params }: SchemaError): string {
  const member = params['additionalProperty'] ?? params['missingProperty'] ?? params['propertyName'];
  return member === undefined ? instancePath : pointerTo(instancePath, String(member));
}

function faultOf(error: SchemaError): Fault {
  const pointer = pointerOf(error);
  const detail = describe[error.keyword]?.(error.params, pointer) ?? error.message ?? 'is not valid';
  return { pointer, detail, code: error.keyword };
}

/** A validator as tools/generate.ts makes it. */
export interface Validator {
  (data: unknown): boolean;
  errors?: SchemaError[] | null;
}

/** The faults of a body by its schema, at most MAX_FAULTS. */
export function schemaFaults(validate: Validator, body: unknown): Fault[] {
  if (validate(body)) return [];
  const errors = validate.errors ?? [];
  // With oneOf, ajv also reports an error for each branch. The message of oneOf is sufficient.
  const isOneOf = errors.some((error) => error.keyword === 'oneOf');
  const isBranch = ({ keyword, instancePath, params }: SchemaError) =>
    isOneOf && keyword === 'required' && instancePath === '' && params['missingProperty'] !== 'Operation';
  // The keyword propertyNames repeats the fault of a name, with the name.
  return errors
    .filter((error) => !isBranch(error) && error.propertyName === undefined)
    .slice(0, MAX_FAULTS)
    .map(faultOf);
}

/** `3 faults`, for people. */
export function countFaults({ length }: readonly Fault[]): string {
  if (length === 1) return 'one fault';
  return length < MAX_FAULTS ? `${length} faults` : `${MAX_FAULTS} faults or more`;
}

/** A body that fits its schema. Throws InvalidRequest with all faults. */
export function checkedBody<T>(validate: Validator & ((data: unknown) => data is T), body: unknown): T {
  const bySchema = schemaFaults(validate, body);
  const faults = bySchema.length > 0 ? bySchema : xmlTextFaults(body);
  if (faults.length === 0) return body as T;
  throw new KnownError('InvalidRequest', `The body has ${countFaults(faults)}; nothing was done.`, {
    faults,
  });
}
