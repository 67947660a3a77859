/** serverless.yml, schemas/, the error catalogue and tools/api-calls.ts → the contract, OpenAPI 3.1. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { catalogue, type ErrorCode } from '../functions/core/errors.ts';
import { type ApiCall, calls, headers, parameters } from './api-calls.ts';
import { answerExamples, bodyExamples, type Example } from './api-examples.ts';
import { componentsOf, type NamedSchemas, titleOf } from './openapi-components.ts';

const root = join(import.meta.dirname, '..');

/** A route of serverless.yml. */
interface Route {
  method: string;
  path: string;
  /** Of its function. */
  description: string;
  isAuthorized: boolean;
}

interface ServerlessYml {
  custom: { routeAuthorizers: Record<string, { scopes?: string[] }> };
  functions: Record<string, { description: string; events?: { httpApi?: HttpApiEvent }[] }>;
}

interface HttpApiEvent {
  method: string;
  path: string;
  authorizer?: unknown;
}

const securitySchemes = {
  iam: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'Signature Version 4 for the service execute-api; how a deployment is made by default.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
  jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Deployed with auth=jwt.' },
};

/** What API Gateway answers by itself on a path that is there, before any function. */
export const gatewayAnswers: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

const GATEWAY_MESSAGE = {
  type: 'object',
  description: 'An answer of API Gateway itself.',
  required: ['message'],
  properties: { message: { type: 'string' } },
};

const ref = (room: string, name: string) => ({ $ref: `#/components/${room}/${name}` });

const routesOf = ({ functions }: ServerlessYml): Route[] =>
  Object.values(functions).flatMap(({ description, events = [] }) =>
    events.flatMap(({ httpApi }) =>
      httpApi
        ? [{ method: httpApi.method, path: httpApi.path, description, isAuthorized: 'authorizer' in httpApi }]
        : [],
    ),
  );

/** A status's problems as one answer: the schema knows their codes, and each has an example. */
function problemContent(status: number, codes: readonly ErrorCode[]) {
  const example = (code: ErrorCode) => ({
    type: `urn:bucket-brigade:problem:${code}`,
    title: catalogue[code].title,
    status,
    detail: 'What happened this time.',
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

interface Refusal {
  status: number;
  codes: ErrorCode[];
}

/** What a call may be refused with, by status. */
function refusalsOf({ problems, body }: ApiCall): Refusal[] {
  const codes = (Object.keys(catalogue) as ErrorCode[]).filter((code) => problems.includes(code));
  const statuses = [
    ...codes.map((code) => catalogue[code].status),
    ...Object.keys(gatewayAnswers).map(Number),
  ].filter((status) => status !== 413 || body);
  return [...new Set(statuses)]
    .sort((a, b) => a - b)
    .map((status) => ({ status, codes: codes.filter((code) => catalogue[code].status === status) }));
}

/** Calls that may be refused with the same codes share one response. */
const responseNameOf = ({ status, codes }: Refusal) =>
  codes.join('.') || (gatewayAnswers[status] ?? '').replaceAll(' ', '');

function responseOf({ status, codes }: Refusal) {
  const gateway = gatewayAnswers[status];
  return {
    description: [
      ...codes.map((code) => `${code}: ${catalogue[code].title}.`),
      ...(gateway ? [`API Gateway itself: ${gateway}.`] : []),
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

function operationOf(route: Route, call: ApiCall, security: object[], schemas: NamedSchemas) {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const content = (schema: string, examples: Record<string, Example> | undefined) => ({
    'application/json': { schema: ref('schemas', titleOf(schemas, schema)), ...(examples && { examples }) },
  });
  const { operationId } = call;
  const answers = Object.entries(call.answers).map(
    ([status, { description, schema, text, headers: names = [] }]) => [
      status,
      {
        description,
        ...(names.length > 0 && {
          headers: Object.fromEntries(names.map((name) => [name, ref('headers', name)])),
        }),
        ...(schema && {
          content: {
            ...content(schema, status === '200' ? answerExamples[operationId] : undefined),
            ...(text && { [text]: { schema: { type: 'string' } } }),
          },
        }),
      },
    ],
  );
  return {
    operationId,
    summary: call.summary,
    description: route.description,
    parameters: [...inPath, ...(call.parameters ?? [])].map((name) => ref('parameters', name)),
    ...(call.body && {
      requestBody: { required: !call.isBodyOptional, content: content(call.body, bodyExamples[operationId]) },
    }),
    responses: Object.fromEntries([
      ...answers,
      ...refusalsOf(call).map((refusal) => [refusal.status, ref('responses', responseNameOf(refusal))]),
    ]),
    security: route.isAuthorized ? security : [],
  };
}

function pathsOf(yml: ServerlessYml, schemas: NamedSchemas) {
  const security = Object.entries(yml.custom.routeAuthorizers).map(([name, { scopes = [] }]) => ({
    [name]: scopes,
  }));
  const routes = new Map(routesOf(yml).map((route) => [`${route.method} ${route.path}`, route]));
  for (const key of routes.keys())
    if (!calls[key]) throw new Error(`tools/api-calls.ts does not know ${key}`);
  const paths: Record<string, Record<string, object>> = {};
  for (const [key, call] of Object.entries(calls)) {
    const route = routes.get(key);
    if (!route) throw new Error(`serverless.yml has no route ${key}`);
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(route, call, security, schemas),
    };
  }
  return paths;
}

/** The contract as a document. Throws when the table and serverless.yml differ on which routes there are. */
export function openapiOf(schemas: NamedSchemas) {
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const { version, license } = JSON.parse(read('package.json')) as { version: string; license: string };
  const paths = pathsOf(parse(read('serverless.yml')) as ServerlessYml, schemas);
  const asked = Object.values(calls).flatMap(({ body }) => (body ? [titleOf(schemas, body)] : []));
  const responses = Object.fromEntries(
    Object.values(calls)
      .flatMap(refusalsOf)
      .map((refusal) => [responseNameOf(refusal), responseOf(refusal)]),
  );
  return {
    openapi: '3.1.1',
    info: {
      title: 'Bucket Brigade',
      version,
      summary: 'Amazon S3 Batch Operations as an HTTPS API',
      description:
        'Post a job request; its job is created, watched to its end and told in a notice. Bodies use the member names of CreateJob.',
      license: { name: license, identifier: license },
    },
    servers: [{ url: '/', description: 'Where this document was got from.' }],
    paths,
    components: {
      schemas: { ...componentsOf(schemas, { paths, responses }, asked), GatewayMessage: GATEWAY_MESSAGE },
      responses,
      parameters,
      headers,
      securitySchemes,
    },
  };
}
