import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { catalogue, type ErrorCode } from '../../functions/core/errors.ts';
import { type ApiCall, calls } from '../../tools/api-calls.ts';

interface ReceivedAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any form
  body: any;
}

const folder = join(import.meta.dirname, '../../schemas');
const schemas = readdirSync(folder)
  .filter((file) => file.endsWith('.schema.json'))
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
const ajv = new Ajv2020({
  ...{ allErrors: true, strictRequired: false, allowUnionTypes: true, schemas },
  // Half the time of many test files: `npm run generate` has validated the schemas, and few answers are checked.
  ...{ validateSchema: false, code: { optimize: false } },
});

/** Answers are not checked at run time, so their validators are compiled here. */
function validatorOf(schema: string) {
  const validate = ajv.getSchema(`https://bucket-brigade.dev/schemas/${schema}.schema.json`);
  if (!validate) throw new Error(`there is no schema ${schema}`);
  return validate;
}

/** Headers that the contract need not list. */
const COMMON = ['content-type', 'apigw-requestid', 'cache-control'];

/** The call of the contract that a request makes; undefined for a path or method that does not exist. */
export function routeOf(method: string, path: string): string | undefined {
  const matches = (route: string) => {
    const pattern = route.replace(/\{\w+\}/g, '[^/]+').replace('.', '\\.');
    return new RegExp(`^${pattern}$`).test(`${method} ${path}`);
  };
  return Object.keys(calls).find(matches);
}

function bodyFaults(schema: string, body: unknown): string[] {
  const validate = validatorOf(schema);
  if (validate(body)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `the body does not fit ${schema}: ${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

function problemFaults({ problems }: ApiCall, { status, headers, body }: ReceivedAnswer): string[] {
  const faults = bodyFaults('problem', body);
  const code = body.code as ErrorCode;
  if (!problems.includes(code)) faults.push(`the problem ${code} is not listed`);
  if (catalogue[code]?.status !== status || body.status !== status)
    faults.push(`${code} came with status ${status}`);
  if (status === 503 && !headers['retry-after']) faults.push('Retry-After is missing');
  return faults;
}

function answerFaults({ answers }: ApiCall, { status, headers, body }: ReceivedAnswer): string[] {
  const answer = answers[status];
  if (!answer) return [`the status ${status} is not listed`];
  const isText = answer.text !== undefined && headers['content-type']?.startsWith(answer.text);
  const known = [...COMMON, ...(answer.headers ?? []).map((name) => name.toLowerCase())];
  return [
    ...Object.keys(headers)
      .filter((name) => !known.includes(name))
      .map((name) => `the header ${name} is not listed`),
    ...(answer.schema && !isText ? bodyFaults(answer.schema, body) : []),
    ...(!answer.schema && body !== undefined ? ['there is a body'] : []),
  ];
}

/** Throws if the contract does not list the answer. */
export async function checkContract(method: string, path: string, received: ReceivedAnswer): Promise<void> {
  const route = routeOf(method, path);
  const call = route === undefined ? undefined : calls[route];
  const isOfGateway = received.status >= 400 && received.headers['content-type'] === 'application/json';
  if (!call || isOfGateway) return;
  const faults = await (received.status < 400 ? answerFaults : problemFaults)(call, received);
  if (faults.length > 0) throw new Error(`${route} does not match the contract: ${faults.join('; ')}`);
}
