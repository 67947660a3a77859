import type { WireResponse } from '../core/wire.ts';

/** An answer of API Gateway itself. */
export const gatewayMessage = (status: number, message: string): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

export const internalServerError = () => gatewayMessage(500, 'Internal Server Error');

/**
 * What a function returned as an HTTP response, by the rules of payload format 2.0: an object with `statusCode` is
 * a response, anything else is the body of a 200 with JSON.
 */
export function toResponse(payload: string): WireResponse {
  const result: unknown = JSON.parse(payload);
  if (isObject(result) && 'statusCode' in result) return fromStructured(result);
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof result === 'string' ? result : payload,
  };
}

function fromStructured({
  statusCode,
  headers = {},
  cookies = [],
  body = '',
  isBase64Encoded,
}: Record<string, unknown>): WireResponse {
  const status = Number(statusCode);
  const isValid =
    Number.isInteger(status) && status >= 100 && status <= 599 && isObject(headers) && Array.isArray(cookies);
  if (!isValid || typeof body !== 'string') return internalServerError();
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...Object.fromEntries(named) },
    ...(cookies.length === 0 ? {} : { cookies: cookies.map(String) }),
    body: isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
