/** Sends the requests of a seed and checks each. Every 500 requests start with an empty world. */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { tenantHashOf, tenantMarkOf } from '../../functions/domain/request/job-request-id.ts';
import type { WireResponse } from '../../local/core/wire.ts';
import { MARK, OTHER_MARK, WHO } from './bodies.ts';
import { faultsOf } from './checks.ts';
import { ACCOUNT } from './lists.ts';
import { type Caller, otherOf, type RequestPlan, requestPlan } from './requests.ts';
import { createStack, type loadFunctions } from './stack.ts';

export const PER_WORLD = 500;

type Stack = ReturnType<typeof createStack>;

/** A sent request, for the tally. */
export interface Sent {
  plan: RequestPlan;
  status: number;
  ms: number;
  /** Sends the request again without checks, to measure it. */
  again(): Promise<number>;
}

const nameOf = { ann: 'Ann', bob: 'Bob', eve: 'Eve' } as const;
/** Of the tenant of an IAM user, with `tenancy=principal`. */
const markOf = (caller: string) => tenantMarkOf(tenantHashOf(`arn:aws:iam::${ACCOUNT}:user/${caller}`));
const signedBy = (caller: string) =>
  `AWS4-HMAC-SHA256 Credential=${caller}/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0`;

function pathOf({ route, id, caller }: RequestPlan, ids: Record<Caller, string[]>): string {
  const [, path = ''] = route.split(' ');
  const whose = 'of' in id && id.of === 'other' ? otherOf(caller) : caller;
  const known = ids[whose];
  const text = 'text' in id ? id.text : (known[id.nth % Math.max(1, known.length)] ?? 'none');
  return path.replace('{id}', text);
}

async function send(
  { api }: Stack,
  request: {
    method: string;
    path: string;
    query: string;
    headers: Record<string, string>;
    body: string | undefined;
  },
) {
  const before = performance.now();
  const response = await api({
    ...request,
    body: Readable.from(request.body ? [Buffer.from(request.body)] : []),
  });
  return { response, ms: performance.now() - before };
}

const textOf = ({ body }: WireResponse) => (body === undefined ? '' : String(body));

export async function fuzzWorld(
  functions: Awaited<ReturnType<typeof loadFunctions>>,
  seed: number,
  onSent: (sent: Sent, index: number) => void,
): Promise<void> {
  const stack = createStack(functions, `fuzz ${seed}`);
  const { world, notices } = stack;
  const ids: Record<Caller, string[]> = { ann: [], bob: [], eve: [] };
  for (const [index, plan] of fc.sample(requestPlan, { seed, numRuns: PER_WORLD }).entries()) {
    const sign = (text: string) =>
      text
        .replaceAll(`cnry${WHO}`, `cnry${nameOf[plan.caller]}`)
        .replaceAll(MARK, markOf(plan.caller))
        .replaceAll(OTHER_MARK, markOf(otherOf(plan.caller)));
    const [method = ''] = plan.route.split(' ');
    const body = plan.body === undefined ? undefined : sign(plan.body);
    const path = sign(pathOf(plan, ids));
    const headers = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...Object.fromEntries(Object.entries(plan.headers).map(([name, text]) => [name, sign(text)])),
      authorization: signedBy(plan.caller),
    };
    const request = { method, path, query: sign(plan.query), headers, body };
    functions.logs.length = notices.length = world.calls.length = 0;
    stack.tick();
    const { response, ms } = await send(stack, request);
    const asked = world.calls.splice(0);
    for (const { action, input } of asked)
      if (action === 'StartExecution') {
        ids[plan.caller].push(input.name);
        const execution = world.executions.get(input.name);
        if (execution) await stack.watch(execution, plan.watchSteps, sign);
      }
    const answer = { status: response.status, headers: response.headers, text: textOf(response) };
    const happened = {
      plan,
      ownMark: markOf(plan.caller),
      path,
      body,
      answer,
      asked,
      created: world.calls.splice(0),
      logs: functions.logs,
      notices,
    };
    const faults = await faultsOf(happened);
    if (faults.length > 0) throw new FuzzFailure(seed, index, faults, { ...request, answer });
    onSent({ plan, status: response.status, ms, again: async () => (await send(stack, request)).ms }, index);
  }
}

export class FuzzFailure extends Error {
  constructor(seed: number, index: number, faults: readonly string[], what: object) {
    const details = JSON.stringify(
      what,
      (_, value) =>
        typeof value === 'string' && value.length > 2000
          ? `${value.slice(0, 2000)}… (${value.length})`
          : value,
      2,
    );
    super(
      `request ${index} of seed ${seed}:\n${faults.join('\n')}\n${details}\nagain: node test/fuzz/main.ts --seed ${seed}`,
    );
    this.name = 'FuzzFailure';
  }
}
