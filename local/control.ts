import { CONTROL_PREFIX } from './aws/endpoint.ts';
import type { Envelope } from './aws/sns/envelope.ts';
import type { WireHandler, WireResponse } from './core/wire.ts';

export interface ControlResources {
  /** The last notices, oldest first, as subscribers of the topic get them. */
  notices: () => Envelope[];
  faults: WireHandler;
}

/** The JSON interface of the stack itself, on the AWS port below `/_bucket-brigade/`. */
export function createControl({ notices, faults }: ControlResources): WireHandler {
  const resources = new Map<string, WireHandler>([
    ['notices', readOnly(() => ({ notices: notices() }))],
    ['faults', faults],
  ]);
  return async (request) => {
    const resource = resources.get(request.path.slice(CONTROL_PREFIX.length));
    return resource ? resource(request) : json(404, { message: `${request.path} does not exist` });
  };
}

const readOnly =
  (read: () => object): WireHandler =>
  async ({ method, path }) =>
    method === 'GET' || method === 'HEAD'
      ? json(200, read())
      : json(405, { message: `${path} is read-only` });

const json = (status: number, members: object): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(members),
});
