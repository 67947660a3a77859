import { AwsError, ConnectionLost } from '../../core/aws-error.ts';
import { createRandom, type Random } from '../../core/random.ts';
import type { WireHandler, WireRequest, WireResponse } from '../../core/wire.ts';
import type { ActionContext, Actions, AnyAction, Intercept } from './action.ts';
import { readBody } from './body.ts';
import { type Log, limitLines } from './fault.ts';
import { parseJsonBody } from './parse-json.ts';
import { principalOf } from './principal.ts';
import { operationSchemas } from './schema.ts';
import { createJsonCodec } from './serde.ts';
import { checkJson } from './strict-json.ts';

export interface AwsJsonOptions<Model extends object> {
  /** The SDK package, `import * as Model from '@aws-sdk/client-…'`. */
  model: Model;
  /** The part of `X-Amz-Target` before the dot, such as `AWSStepFunctions`. */
  target: string;
  /** Version of the protocol. Default: 1.0. */
  version?: '1.0' | '1.1';
  actions: Actions<Model>;
  intercept?: Intercept | undefined;
  maxBodyBytes?: number;
  random?: Random;
  log?: Log;
}

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** A server for one AWS JSON service, driven by the schemas that its SDK package exports. */
export function awsJson<Model extends object>(options: AwsJsonOptions<Model>): WireHandler {
  const { random = createRandom(), log = (line) => console.error(line) } = options;
  const { intercept = (_, act) => act() } = options;
  const codec = createJsonCodec();
  const operations = new Map(operationSchemas(options.model).map((schema) => [schema.name, schema]));
  const actions = options.actions as Record<string, AnyAction | undefined>;

  const answer = async (request: WireRequest, context: ActionContext): Promise<WireResponse> => {
    const [service, name = ''] = (request.headers['x-amz-target'] ?? '').split('.');
    const operation = service === options.target ? operations.get(name) : undefined;
    const action = actions[name];
    if (!operation || !action)
      throw new AwsError('UnknownOperationException', 400, `${service}.${name} is not implemented here.`);
    const members = parseJsonBody(await readBody(request, options.maxBodyBytes ?? MAX_BODY_BYTES));
    checkJson(operation.input, members, '', limitLines(log));
    const input = codec.read(operation.input, members);
    const output = await intercept({ action: name, input }, () => action(input as never, context));
    return { status: 200, headers: {}, body: codec.write(operation.output, output ?? {}) };
  };

  const refuse = (error: unknown): WireResponse => {
    if (error instanceof ConnectionLost) throw error;
    if (!(error instanceof AwsError))
      log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const { code, status, message, detail } =
      error instanceof AwsError ? error : new AwsError('InternalServerError', 500, 'Internal server error');
    return { status, headers: {}, body: JSON.stringify({ __type: code, message, ...detail }) };
  };

  return async (request) => {
    const requestId = random.uuid();
    const context: ActionContext = {
      request,
      requestId,
      principal: principalOf(request),
      response: { headers: {} },
    };
    const response = await answer(request, context).catch(refuse);
    const headers = {
      'content-type': `application/x-amz-json-${options.version ?? '1.0'}`,
      'x-amzn-requestid': requestId,
      ...context.response.headers,
    };
    return { ...response, headers };
  };
}
