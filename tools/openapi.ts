/** serverless.yml, schemas/, the error catalogue and tools/api-calls.ts → the contract, OpenAPI 3.1. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type ApiCall, calls, headers, parameters } from './api-calls.ts';
import { answerExamples, bodyExamples, type Example } from './api-examples.ts';
import { componentsOf, type NamedSchemas, ref, titleOf } from './openapi-components.ts';
import { GATEWAY_MESSAGE, refusalResponses, refusalsOf, responseNameOf } from './openapi-problems.ts';

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
    description: 'Signature Version 4 for the service execute-api. The default of a deployment.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
  jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'For deployments with auth=jwt.' },
};

const routesOf = ({ functions }: ServerlessYml): Route[] =>
  Object.values(functions).flatMap(({ description, events = [] }) =>
    events.flatMap(({ httpApi }) =>
      httpApi
        ? [{ method: httpApi.method, path: httpApi.path, description, isAuthorized: 'authorizer' in httpApi }]
        : [],
    ),
  );

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
  for (const key of routes.keys()) if (!calls[key]) throw new Error(`tools/api-calls.ts has no call ${key}`);
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

/** The contract as a document. Throws if api-calls.ts and serverless.yml have different routes. */
export function openapiOf(schemas: NamedSchemas) {
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const { version, license } = JSON.parse(read('package.json')) as { version: string; license: string };
  const paths = pathsOf(parse(read('serverless.yml')) as ServerlessYml, schemas);
  const asked = Object.values(calls).flatMap(({ body }) => (body ? [titleOf(schemas, body)] : []));
  const responses = refusalResponses();
  return {
    openapi: '3.1.1',
    info: {
      title: 'Bucket Brigade',
      version,
      summary: 'Amazon S3 Batch Operations as an HTTPS API',
      description:
        'Post a job request; its job is created and watched to its end, and a notice is published. Bodies use the member names of CreateJob.',
      license: { name: license, identifier: license },
    },
    servers: [{ url: '/', description: 'The server of this document.' }],
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
