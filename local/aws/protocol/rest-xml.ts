import { AwsError, ConnectionLost } from '../../core/aws-error.ts';
import { createRandom, type Random } from '../../core/random.ts';
import type { WireHandler, WireRequest, WireResponse } from '../../core/wire.ts';
import type { ActionContext, Actions, AnyAction, Intercept } from './action.ts';
import { bareError, wrappedError } from './error-document.ts';
import { type Log, ShapeFault } from './fault.ts';
import { principalOf } from './principal.ts';
import { readInput } from './read-input.ts';
import type { Router } from './router.ts';
import { createXmlCodec } from './serde.ts';
import { writeOutput } from './write-output.ts';

export interface RestXmlOptions<Model extends object> {
  /** Finds the operations of the SDK package. */
  route: Router;
  /** XML namespace of the service's documents. */
  namespace: string;
  actions: Actions<Model>;
  /** The trait of the service's model: error documents have no `ErrorResponse`. */
  noErrorWrapping?: boolean;
  /** Texts may hold any character: control characters come and go as references. */
  anyCharacter?: boolean;
  /** Members that the model requires and the service does not, as `Tagging.TagSet`. */
  optionalMembers?: readonly string[];
  /** Turns a request that does not fit the model into the service's own error. */
  refuse?: (fault: ShapeFault) => AwsError;
  intercept?: Intercept | undefined;
  /** Largest body that is not an upload. */
  maxBodyBytes?: number;
  random?: Random;
  log?: Log;
}

const MAX_BODY_BYTES = 16 * 1024 * 1024;

const malformedXml = () =>
  new AwsError(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

const notImplemented = (what: string) =>
  new AwsError('NotImplemented', 501, `${what} is not implemented here.`, { Operation: what });

/** A server for one restXml service, driven by the schemas that its SDK package exports. */
export function restXml<Model extends object>(options: RestXmlOptions<Model>): WireHandler {
  const { random = createRandom(), log = (line) => console.error(line), refuse = malformedXml } = options;
  const { route, intercept = (_, act) => act() } = options;
  const maxBodyBytes = options.maxBodyBytes ?? MAX_BODY_BYTES;
  const { namespace, anyCharacter = false, optionalMembers = [] } = options;
  const codec = createXmlCodec({ namespace, anyCharacter, optionalMembers, log });
  const errorDocument = options.noErrorWrapping ? bareError : wrappedError;
  const actions = options.actions as Record<string, AnyAction | undefined>;

  const answer = async (request: WireRequest, context: ActionContext) => {
    const found = route(request);
    if (!found.operation) throw notImplemented(describe(request, found.subresources));
    const action = actions[found.operation.name];
    if (!action) throw notImplemented(found.operation.name);
    const input = await readInput({ route: found, request, codec, maxBodyBytes, anyCharacter });
    const call = { action: found.operation.name, input };
    const output = await intercept(call, () => action(input as never, context));
    return writeOutput(found.operation, (output ?? {}) as Record<string, unknown>, codec);
  };

  return async (request) => {
    const requestId = random.hex(16).toUpperCase();
    const principal = principalOf(request);
    const context: ActionContext = { request, requestId, principal, response: { headers: {} } };
    const response = await answer(request, context).catch((error: unknown) => {
      const refusal = error instanceof ShapeFault ? refuse(error) : asAwsError(error, log);
      return errorDocument(refusal, requestId);
    });
    return finish(response, context);
  };
}

const describe = ({ method, path }: WireRequest, subresources: readonly string[]) =>
  [method, path, ...subresources.map((name) => `?${name}`)].join(' ');

/** Unexpected errors are logged and answered as InternalError. */
function asAwsError(error: unknown, log: Log): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof ConnectionLost) throw error;
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return new AwsError('InternalError', 500, 'We encountered an internal error. Please try again.');
}

function finish(response: WireResponse, { request, requestId, response: more }: ActionContext): WireResponse {
  const status = response.status < 300 ? (more.status ?? response.status) : response.status;
  const headers = {
    'x-amz-request-id': requestId,
    'x-amz-id-2': Buffer.from(requestId).toString('base64'),
    ...response.headers,
    ...more.headers,
  };
  const bodyless = request.method === 'HEAD' || status === 204 || status === 304;
  return response.body === undefined || bodyless
    ? { status, headers }
    : { status, headers, body: response.body };
}
