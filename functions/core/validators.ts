import { type Fault, KnownError, MAX_FAULTS } from './errors.ts';
import { reportedErrors, type SchemaError, schemaDetail } from './schema-advice.ts';
import { pointerTo, xmlTextFaults } from './xml-text.ts';

/** S3 deletes objects only through a function; the worker has an action for it. */
const DELETE_OPERATION = /^(S3)?Delete(Object|Objects|ObjectVersion)$/i;

/** Texts that know the members of a job request. */
function adviceFor({ keyword, params }: SchemaError, pointer: string): string | undefined {
  if (keyword === 'oneOf') return 'needs exactly one of Manifest, ManifestGenerator, Objects, RowsOf';
  if (pointer === '/Operation' && keyword === 'minProperties')
    return 'needs exactly one operation, such as S3PutObjectTagging';
  if (pointer === '/Operation' && keyword === 'maxProperties')
    return 'needs exactly one operation; send one job request for each';
  const operation = params['additionalProperty'];
  return pointer === `/Operation/${operation}` && DELETE_OPERATION.test(String(operation))
    ? 'is not an operation of S3; use LambdaInvoke with the worker action `delete-object`'
    : undefined;
}

/** ajv names the parent of an unknown, missing or wrongly named member; callers need the member itself. */
function pointerOf({ instancePath, params }: SchemaError): string {
  const member = params['additionalProperty'] ?? params['missingProperty'] ?? params['propertyName'];
  return member === undefined ? instancePath : pointerTo(instancePath, String(member));
}

function faultOf(error: SchemaError & { detail?: string }): Fault {
  const pointer = pointerOf(error);
  const detail = adviceFor(error, pointer) ?? error.detail ?? schemaDetail(error);
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
  return reportedErrors(errors)
    .filter((error) => !isBranch(error))
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
