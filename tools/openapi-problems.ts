/** Error responses of the contract: the errors of the catalogue, and the answers of API Gateway. */
import { catalogue, type ErrorCode } from '../functions/core/errors.ts';
import { type ApiCall, calls } from './api-calls.ts';
import { ref } from './openapi-components.ts';

/** Answers of API Gateway on an existing path, before any function runs. */
export const gatewayAnswers: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export const GATEWAY_MESSAGE = {
  type: 'object',
  description: 'An answer of API Gateway.',
  required: ['message'],
  properties: { message: { type: 'string' } },
};

/** The problems of a status as one response, with their codes in the schema and one example each. */
function problemContent(status: number, codes: readonly ErrorCode[]) {
  const example = (code: ErrorCode) => ({
    type: `urn:bucket-brigade:problem:${code}`,
    title: catalogue[code].title,
    status,
    detail: 'The description of this error.',
    code,
    remedy: catalogue[code].remedy,
    requestId: 'd8f1b6a0-2f0e-4a53-9c1c-0f7f3a6c1b57',
  });
  return {
    schema: {
      allOf: [
        ref('schemas', 'Problem'),
        { type: 'object', properties: { status: { const: status }, code: { enum: codes } } },
      ],
    },
    examples: Object.fromEntries(codes.map((code) => [code, { value: example(code) }])),
  };
}

export interface Refusal {
  status: number;
  codes: ErrorCode[];
}

/** The errors of a call, by status. */
export function refusalsOf({ problems, body }: ApiCall): Refusal[] {
  const codes = (Object.keys(catalogue) as ErrorCode[]).filter((code) => problems.includes(code));
  const statuses = [
    ...codes.map((code) => catalogue[code].status),
    ...Object.keys(gatewayAnswers).map(Number),
  ].filter((status) => status !== 413 || body);
  return [...new Set(statuses)]
    .sort((a, b) => a - b)
    .map((status) => ({ status, codes: codes.filter((code) => catalogue[code].status === status) }));
}

/** Calls with the same error codes share one response. */
export const responseNameOf = ({ status, codes }: Refusal) =>
  codes.join('.') || (gatewayAnswers[status] ?? '').replaceAll(' ', '');

function responseOf({ status, codes }: Refusal) {
  const gateway = gatewayAnswers[status];
  return {
    description: [
      ...codes.map((code) => `${code}: ${catalogue[code].title}.`),
      ...(gateway ? [`API Gateway: ${gateway}.`] : []),
    ].join(' '),
    ...((status === 503 || codes.includes('ReportNotReady')) && {
      headers: { 'Retry-After': ref('headers', 'Retry-After') },
    }),
    content: {
      ...(codes.length > 0 && { 'application/problem+json': problemContent(status, codes) }),
      ...(gateway && {
        'application/json': { schema: ref('schemas', 'GatewayMessage'), example: { message: gateway } },
      }),
    },
  };
}

/** The responses of all calls by name. */
export const refusalResponses = () =>
  Object.fromEntries(
    Object.values(calls)
      .flatMap(refusalsOf)
      .map((refusal) => [responseNameOf(refusal), responseOf(refusal)]),
  );
