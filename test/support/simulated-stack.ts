import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { SFNClient } from '@aws-sdk/client-sfn';
import { jest } from '@jest/globals';
import type { FinalRecord } from '../../functions/domain/watch.ts';
import { createEndpoint } from '../../local/aws/endpoint.ts';
import { inProcess } from '../../local/aws/in-process.ts';
import { createS3 } from '../../local/aws/s3/s3.ts';
import { createS3Control } from '../../local/aws/s3control/s3control.ts';
import { createStates } from '../../local/aws/states/states.ts';
import type { WireHandler } from '../../local/aws/wire.ts';
import { createBatch } from '../../local/batch/batch.ts';
import { type VirtualClock, virtualClock } from '../../local/clock.ts';
import { createGateway } from '../../local/gateway/gateway.ts';
import type { Handler } from '../../local/lambda/context.ts';
import { createInProcessLambda } from '../../local/lambda/in-process.ts';
import { createRandom } from '../../local/random.ts';
import { readServerlessYml } from '../../local/serverless-yml.ts';
import { createStateMachines } from '../../local/states/state-machines.ts';
import { openDatabase } from '../../local/store/database.ts';

const root = join(import.meta.dirname, '../..');
const START = Date.parse('2026-01-01T00:00:00Z');
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const settings = { region: 'us-east-1', credentials, maxAttempts: 1 };

export interface Published {
  Subject?: string;
  Message: string;
  MessageAttributes?: Record<string, { StringValue?: string }>;
}

/**
 * The shipped state machine and handlers in one thread, on a virtual clock, with no socket: the handlers use the real
 * SDK clients, whose requests go straight into the stand-ins.
 */
export async function simulateStack({ pace }: { pace?: number } = {}) {
  const clock: VirtualClock = virtualClock(START);
  const random = createRandom('simulation');
  const database = openDatabase();
  const definition = readServerlessYml({
    file: join(root, 'serverless.yml'),
    apiUrl: 'http://localhost:3000',
  });
  for (const { environment } of definition.functions) Object.assign(process.env, environment);

  const handlers: Record<string, Handler> = {};
  const lambda = createInProcessLambda({ functions: handlers, clock, random });
  const published: Published[] = [];
  const closed = new Map<string, () => void>();
  const s3 = createS3({ database, clock, random });
  const batch = createBatch({ database, clock, random, objects: s3.objects, lambda, ...(pace && { pace }) });
  const stateMachines = createStateMachines({
    database,
    clock,
    random,
    lambda,
    publish: async (input) => {
      published.push(input as unknown as Published);
      return { MessageId: random.uuid() };
    },
    machines: definition.stateMachines,
    onStatusChange: ({ detail }) => {
      if (detail.status !== 'RUNNING') closed.get(detail.executionArn)?.();
    },
  });
  const endpoint = createEndpoint({
    s3: s3.handle,
    s3control: createS3Control({ batch }).handle,
    states: createStates({ stateMachines }).handle,
  });
  const requestHandler = inProcess((request) => clock.busy(() => endpoint(request)));
  const s3Client = new S3Client({
    ...settings,
    requestHandler,
    endpoint: 'http://localhost',
    forcePathStyle: true,
  });
  const s3ControlClient = new S3ControlClient({
    ...settings,
    requestHandler,
    endpointProvider: () => ({ url: new URL('http://localhost') }),
  });
  const sfnClient = new SFNClient({ ...settings, requestHandler, endpoint: 'http://localhost' });
  jest.unstable_mockModule(join(root, 'functions/aws/clients.ts'), () => ({
    s3Client: () => s3Client,
    s3ControlClient: () => s3ControlClient,
    sfnClient: () => sfnClient,
  }));
  for (const { name, bundle } of definition.functions)
    handlers[name] = (await import(join(root, 'functions', `${bundle}.ts`))).handler;

  const gateway = createGateway({ routes: definition.routes, lambda, clock, random });
  for (const Bucket of definition.buckets) await s3Client.send(new CreateBucketCommand({ Bucket }));
  batch.start();
  const machine = definition.stateMachines[0]?.name ?? '';
  const executionArnOf = (name: string) =>
    `arn:aws:states:us-east-1:000000000000:execution:${machine}:${name}`;
  return {
    clock,
    startMs: START,
    database,
    s3Client,
    s3ControlClient,
    sfnClient,
    gateway,
    batch,
    published,
    stateMachines,
    /** Names of the states that the execution has entered, in order. */
    statesEntered(jobRequestId: string): string[] {
      const names: string[] = [];
      for (let nextToken: string | undefined, more = true; more; more = nextToken !== undefined) {
        const page = stateMachines.getExecutionHistory({
          executionArn: executionArnOf(jobRequestId),
          maxResults: 1000,
          ...(nextToken && { nextToken }),
        });
        names.push(...(page.events ?? []).flatMap((event) => event.stateEnteredEventDetails?.name ?? []));
        nextToken = page.nextToken;
      }
      return names;
    },
    /** Lets time pass until the execution of a job request is closed, and returns its output. */
    async ended(jobRequestId: string): Promise<FinalRecord> {
      const executionArn = executionArnOf(jobRequestId);
      const isRunning = () => stateMachines.describeExecution({ executionArn }).status === 'RUNNING';
      if (isRunning())
        await clock.runUntil(new Promise<void>((resolve) => closed.set(executionArn, resolve)));
      const { output } = stateMachines.describeExecution({ executionArn });
      return JSON.parse(output ?? 'null');
    },
  };
}

/** One call of the API, through the gateway and the handler. */
export async function call(
  { gateway, clock }: { gateway: WireHandler; clock: VirtualClock },
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await clock.runUntil(
    gateway({
      method,
      path,
      query: '',
      headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
      body: Readable.from(text === undefined ? [] : [Buffer.from(text)]),
    }),
  );
  return {
    status: response.status,
    headers: response.headers,
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of any form
    body: JSON.parse(String(response.body)) as any,
  };
}

export const post = (
  stack: { gateway: WireHandler; clock: VirtualClock },
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => call(stack, 'POST', path, { body, ...(headers && { headers }) });
