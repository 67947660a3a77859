import { KnownError } from '../core/errors.ts';

const MAX_REASON_LENGTH = 256;
const DEFAULT_REASON = 'Cancelled through the API';

/** The reason in the body of a cancel call, `{"reason": "…"}`; S3 takes 1 to 256 characters. Throws InvalidRequest. */
export function cancelReasonOf(body: unknown): string {
  if (body === undefined) return DEFAULT_REASON;
  const members =
    body !== null && typeof body === 'object' && !Array.isArray(body) ? Object.keys(body) : undefined;
  const reason = (body as { reason?: unknown } | null)?.reason ?? DEFAULT_REASON;
  const isText = typeof reason === 'string' && reason.length >= 1 && reason.length <= MAX_REASON_LENGTH;
  const unknown = members?.find((name) => name !== 'reason');
  if (members && isText && unknown === undefined) return reason;
  const fault =
    members === undefined
      ? { pointer: '', detail: 'must be an object', code: 'type' }
      : unknown !== undefined
        ? {
            pointer: `/${unknown}`,
            detail: 'is not a member here; the only one is reason',
            code: 'additionalProperties',
          }
        : {
            pointer: '/reason',
            detail: `must be text of 1 to ${MAX_REASON_LENGTH} characters`,
            code: 'maxLength',
          };
  throw new KnownError('InvalidRequest', 'The body of a cancel call may hold a reason and nothing else.', {
    faults: [fault],
  });
}
