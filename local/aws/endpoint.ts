import { AwsError } from '../core/aws-error.ts';
import type { WireHandler, WireRequest, WireResponse } from '../core/wire.ts';

/** The services behind the one port of the local stack. */
export interface Services {
  s3: WireHandler;
  s3control: WireHandler;
  states: WireHandler;
  secrets?: WireHandler;
  /** SNS and SQS. */
  messages?: WireHandler;
  /** The JSON interface of the stack itself, below `/_bucket-brigade/`. */
  control?: WireHandler;
}

export const CONTROL_PREFIX = '/_bucket-brigade/';

/** One handler for all services. Header, path or body say which service a client calls; the host never does. */
export function createEndpoint(services: Services): WireHandler {
  return async (request) => {
    const target = request.headers['x-amz-target'];
    if (request.path.startsWith(CONTROL_PREFIX)) return control(services, request);
    if (target?.startsWith('AWSStepFunctions.')) return services.states(request);
    if (target?.startsWith('secretsmanager.') && services.secrets) return services.secrets(request);
    if (target?.startsWith('AmazonSQS.') || target?.startsWith('AmazonSNS') || isQueryProtocol(request))
      return (services.messages ?? unknownTarget('SNS and SQS'))(request);
    if (target !== undefined) return unknownTarget(target)(request);
    const service = foreignService(request);
    if (service) return unknownTarget(`${request.method} ${request.path} of ${service}`)(request);
    return request.path.startsWith('/v20180820/') ? services.s3control(request) : services.s3(request);
  };
}

/** Clients of SNS, and older ones of SQS, send `Action=…` to the root or to a queue's URL. Clients of S3 never do. */
const isQueryProtocol = ({ method, path, query, headers }: WireRequest) =>
  /^\/(?:\d{12}\/[^/]+)?$/.test(path) &&
  (/(?:^|&)Action=/.test(query) ||
    (method === 'POST' &&
      query === '' &&
      (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')));

/** The name of another service. For S3 every path is a bucket and a key, so it would answer such a request. */
function foreignService({ path, headers }: WireRequest): string | undefined {
  const signedFor = /Credential=[^,]*\/([\w-]+)\/aws4_request/.exec(headers['authorization'] ?? '')?.[1];
  if (signedFor !== undefined) return signedFor.startsWith('s3') ? undefined : signedFor;
  return LAMBDA_FUNCTIONS.test(path) ? 'lambda' : undefined;
}

const LAMBDA_FUNCTIONS = /^\/\d{4}-\d\d-\d\d\/functions(?:\/|$)/;

/** Takes only JSON, which a web page cannot send to another origin without a CORS preflight. */
async function control({ control }: Services, request: WireRequest): Promise<WireResponse> {
  const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '');
  if (request.method !== 'GET' && request.method !== 'HEAD' && !isJson)
    return json(415, { message: 'send content-type: application/json' });
  return control ? control(request) : json(404, { message: `${request.path} does not exist` });
}

const unknownTarget =
  (target: string): WireHandler =>
  async () => {
    const { code, status, message } = new AwsError(
      'UnknownOperationException',
      400,
      `${target} is not implemented here.`,
    );
    return json(status, { __type: code, message });
  };

const json = (status: number, members: object): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(members),
});
