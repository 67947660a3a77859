import { readBody } from '../aws/protocol/body.ts';
import { AwsError } from '../core/aws-error.ts';
import type { WireHandler, WireRequest, WireResponse } from '../core/wire.ts';
import { checkObject, InvalidFaults, list, text } from './checks.ts';
import type { Fault } from './fault.ts';
import type { Faults } from './faults.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** Faults over HTTP: GET lists them, PUT replaces them by `{seed, faults}`, DELETE clears them. All return the list. */
export function createFaultControl(faults: Faults): WireHandler {
  const methods: Record<string, (request: WireRequest) => void | Promise<void>> = {
    GET: () => {},
    HEAD: () => {},
    PUT: async (request) => setFaults(faults, await readJson(request)),
    DELETE: () => faults.clear(),
  };
  return async (request) => {
    const method = methods[request.method];
    if (!method)
      return json(405, { message: `The method must be one of ${Object.keys(methods).join(', ')}` });
    try {
      await method(request);
      return json(200, faults.list());
    } catch (error) {
      if (error instanceof InvalidFaults) return json(400, { message: error.message, member: error.member });
      if (error instanceof AwsError) return json(error.status, { message: error.message });
      throw error;
    }
  };
}

function setFaults(faults: Faults, body: unknown): void {
  const members = checkObject(body, '', { seed: text, faults: list }, ['faults']);
  faults.set(members['faults'] as Fault[], members['seed'] as string | undefined);
}

async function readJson(request: WireRequest): Promise<unknown> {
  const body = (await readBody(request, MAX_BODY_BYTES)).toString();
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new InvalidFaults('the body', `is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

const json = (status: number, members: object): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(members),
});
