import type { Fault } from './errors.ts';
import validateJobRequest, { type SchemaError } from './generated/job-request.mjs';

const describe: Record<string, (params: Record<string, unknown>, pointer: string) => string> = {
  additionalProperties: (p) =>
    `${p['additionalProperty']} is not a member here; take it out or correct its spelling`,
  required: (p) => `${p['missingProperty']} is missing`,
  enum: (p) => `must be one of ${(p['allowedValues'] as unknown[]).join(', ')}`,
  oneOf: () => 'needs exactly one of Manifest, ManifestGenerator, Objects',
  minProperties: (p, at) =>
    at === '/Operation'
      ? 'needs exactly one operation, such as S3PutObjectTagging'
      : `needs at least ${p['limit']}`,
  maxProperties: (p, at) =>
    at === '/Operation'
      ? 'needs exactly one operation; send one job request for each'
      : `takes at most ${p['limit']}`,
};

/** ajv names the parent of a member that is unknown or missing; callers look for the member itself. */
function pointerOf(error: SchemaError): string {
  const member = error.params['additionalProperty'] ?? error.params['missingProperty'];
  if (member === undefined) return error.instancePath;
  return `${error.instancePath}/${String(member).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function faultOf(error: SchemaError): Fault {
  const pointer = pointerOf(error);
  const detail = describe[error.keyword]?.(error.params, pointer) ?? error.message ?? 'is not valid';
  return { pointer, detail, code: error.keyword };
}

/** The faults of a body by the schema, all at once; none means that it is a JobRequest. */
export function jobRequestFaults(body: unknown): Fault[] {
  if (validateJobRequest(body)) return [];
  const errors = validateJobRequest.errors ?? [];
  // Each branch of "one of these" adds an error of its own; the sentence of oneOf says it all.
  const sources = ['Manifest', 'ManifestGenerator', 'Objects'];
  return errors
    .filter(
      (e) =>
        !(
          e.keyword === 'required' &&
          e.instancePath === '' &&
          sources.includes(String(e.params['missingProperty']))
        ),
    )
    .filter((e) => e.keyword !== 'if')
    .map(faultOf);
}
