import type { WireRequest } from '../core/wire.ts';

/** A JWT authorizer of the HTTP API, as one route uses it. */
export interface JwtAuthorizer {
  issuer: string;
  /** A token must be for one of these. */
  audience: readonly string[];
  /** A token must have one of these; empty for any token. */
  scopes: readonly string[];
}

/** What the function gets from an accepted token, or the status with which API Gateway refuses it. */
export type JwtVerdict =
  | { claims: Record<string, string>; scopes: readonly string[] | null }
  | { refusal: 401 | 403 };

type Claims = Record<string, unknown>;

/** Checks a token as API Gateway does, except for its signature: any process on this machine may make a token. */
export function judgeToken(
  { headers }: Pick<WireRequest, 'headers'>,
  { issuer, audience, scopes }: JwtAuthorizer,
  nowMs: number,
): JwtVerdict {
  const claims = claimsOf(headers['authorization'] ?? '');
  const audiences = [claims?.['aud'] ?? claims?.['client_id']].flat();
  const isGood =
    claims?.['iss'] === issuer &&
    audiences.some((name) => audience.includes(String(name))) &&
    isInTime(claims, nowMs / 1000);
  if (!isGood) return { refusal: 401 };
  const granted = [claims['scope'] ?? claims['scp'] ?? []].flat().flatMap((text) => String(text).split(' '));
  if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope))) return { refusal: 403 };
  const asText = Object.entries(claims).map(([name, value]) => [name, textOf(value)]);
  return { claims: Object.fromEntries(asText), scopes: scopes.length > 0 ? scopes : null };
}

/** The claims of `Bearer HEADER.CLAIMS.SIGNATURE`; undefined for anything else. */
function claimsOf(authorization: string): Claims | undefined {
  const [, payload = ''] = /^(?:Bearer\s+)?[\w-]+\.([\w-]+)\.[\w-]*$/i.exec(authorization) ?? [];
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? (claims as Claims) : undefined;
  } catch {
    return undefined;
  }
}

const isInTime = ({ exp, nbf = 0, iat = 0 }: Claims, now: number): boolean =>
  Number(exp) > now && Number(nbf) <= now && Number(iat) <= now;

/** Claims reach a function as text, lists as `[a b]`. */
const textOf = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.join(' ')}]`
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
