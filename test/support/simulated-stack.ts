import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { InvokeStore } from '@aws/lambda-invoke-store';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { paginateListJobs, S3ControlClient } from '@aws-sdk/client-s3-control';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { jest } from '@jest/globals';
import type { FinalRecord } from '../../functions/domain/watch/watch.ts';
import { inProcess } from '../../local/aws/in-process.ts';
import type { Envelope } from '../../local/aws/sns/envelope.ts';
import { type VirtualClock, virtualClock } from '../../local/core/clock.ts';
import { createRandom } from '../../local/core/random.ts';
import type { WireHandler } from '../../local/core/wire.ts';
import type { Handler } from '../../local/lambda/context.ts';
import { createInProcessLambda } from '../../local/lambda/in-process.ts';
import { LOCAL_PARAMS } from '../../local/params.ts';
import { readServerlessYml } from '../../local/serverless-yml.ts';
import { createServices } from '../../local/services.ts';
import { openDatabase } from '../../local/store/database.ts';
import { checkContract } from './contract.ts';

const root = join(import.meta.dirname, '../..');
const START = Date.parse('2026-01-01T00:00:00Z');
const AccountId = '000000000000';

/** A call of an AWS service by a function. */
export interface FunctionCall {
  function: string;
  /** Of the SDK: `HeadObjectCommand`. */
  command: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs of all commands
  input: any;
  /** The HTTP status of an error, for example 404. */
  status?: number;
}

/** The name of the function that runs. */
const running = new AsyncLocalStorage<string>();

/** SDK clients whose requests go straight into the stand-ins, through their whole wire protocol. */
function connect(endpoint: WireHandler, clock: VirtualClock, onCall: (call: FunctionCall) => void) {
  const settings = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: inProcess((request) => clock.busy(() => endpoint(request))),
  };
  const url = 'http://localhost';
  const record = (client: { middlewareStack: { add(middleware: unknown, options: object): void } }) => {
    const middleware =
      (next: (args: { input: object }) => Promise<unknown>, { commandName = '' }: { commandName?: string }) =>
      async (args: { input: object }) => {
        const made = { function: running.getStore() ?? '', command: commandName, input: args.input };
        const answer = next(args);
        if (made.function)
          await answer.then(
            () => onCall(made),
            (error) => onCall({ ...made, status: error.$metadata?.httpStatusCode }),
          );
        return answer;
      };
    client.middlewareStack.add(middleware, { step: 'initialize' });
  };
  const clients = {
    s3: new S3Client({ ...settings, endpoint: url, forcePathStyle: true }),
    s3Control: new S3ControlClient({ ...settings, endpointProvider: () => ({ url: new URL(url) }) }),
    sfn: new SFNClient({ ...settings, endpoint: url }),
    sns: new SNSClient({ ...settings, endpoint: url }),
    secrets: new SecretsManagerClient({ ...settings, endpoint: url }),
  };
  for (const client of Object.values(clients)) record(client);
  return clients;
}

/** The shipped state machine and handlers with all stand-ins in one thread, on a virtual clock, with no socket. */
export async function simulateStack({
  tasksPerSecond,
  stage,
  params = {},
  keys,
  onCall = () => {},
}: {
  tasksPerSecond?: number;
  stage?: string;
  params?: Record<string, string>;
  /** Keys of objects in the bucket `data`, which is made for them. */
  keys?: readonly string[];
  /** Receives each call that a function makes. */
  onCall?: (call: FunctionCall) => void;
} = {}) {
  const clock: VirtualClock = virtualClock(START);
  const random = createRandom('simulation');
  const definition = readServerlessYml({
    file: join(root, 'serverless.yml'),
    apiUrl: 'http://localhost:3000',
    params: { ...LOCAL_PARAMS, ...params },
    ...(stage && { stage }),
  });
  const logLevel = { POWERTOOLS_LOG_LEVEL: process.env['POWERTOOLS_LOG_LEVEL'] };
  for (const { environment } of definition.functions) Object.assign(process.env, environment, logLevel);

  const handlers: Record<string, Handler> = {};
  const notices: Envelope[] = [];
  const closed = new Map<string, () => void>();
  const services = createServices({
    definition,
    database: openDatabase(),
    lambda: createInProcessLambda({ functions: handlers, clock, random }),
    clock,
    random,
    onNotice: (notice) => notices.push(notice),
    onExecution: ({ detail }) => {
      if (detail.status !== 'RUNNING') closed.get(detail.executionArn)?.();
    },
    ...(tasksPerSecond && { tasksPerSecond }),
  });
  const clients = connect(services.aws, clock, onCall);
  jest.unstable_mockModule(join(root, 'functions/aws/clients.ts'), () => ({
    s3Client: () => clients.s3,
    s3ControlClient: () => clients.s3Control,
    sfnClient: () => clients.sfn,
    snsClient: () => clients.sns,
    secretsManagerClient: () => clients.secrets,
  }));
  jest.unstable_mockModule(join(root, 'functions/core/sleep.ts'), () => ({
    sleep: (ms: number) => clock.idle(clock.sleep(ms)),
  }));
  // As in Lambda, log keys of one invocation are not those of another.
  process.env['AWS_LAMBDA_MAX_CONCURRENCY'] = '64';
  const store = await InvokeStore.getInstanceAsync();
  for (const { name, bundle } of definition.functions) {
    const { handler } = (await import(join(root, 'functions', `${bundle}.ts`))) as { handler: Handler };
    handlers[name] = (event, context) =>
      running.run(bundle, () => store.run({}, () => handler(event, context)));
  }
  await services.start();
  if (keys) await clients.s3.send(new CreateBucketCommand({ Bucket: 'data' }));
  for (const Key of keys ?? [])
    await clients.s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body: 'x' }));

  const stateMachineArn = process.env['STATE_MACHINE_ARN'] ?? '';
  const executionArnOf = (id: string) => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${id}`;
  const describeExecution = (executionArn: string) =>
    clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
  return {
    ...clients,
    clock,
    api: services.api,
    aws: services.aws,
    faults: services.faults,
    notices,
    executionArnOf,
    async jobs() {
      const pages = await Array.fromAsync(paginateListJobs({ client: clients.s3Control }, { AccountId }));
      return pages.flatMap(({ Jobs }) => Jobs ?? []);
    },
    async executions() {
      const pages = await Array.fromAsync(
        paginateListExecutions({ client: clients.sfn }, { stateMachineArn }),
      );
      return pages.flatMap(({ executions }) => executions ?? []);
    },
    /** The history of an execution: all its events. */
    async history(jobRequestId: string) {
      const executionArn = executionArnOf(jobRequestId);
      const pages = await Array.fromAsync(
        paginateGetExecutionHistory({ client: clients.sfn }, { executionArn }),
      );
      return pages.flatMap(({ events }) => events ?? []);
    },
    /** Lets time pass until the execution of a job request is closed, and returns its output. */
    async ended(jobRequestId: string): Promise<FinalRecord> {
      const executionArn = executionArnOf(jobRequestId);
      const isClosed = new Promise<void>((resolve) => closed.set(executionArn, resolve));
      if ((await describeExecution(executionArn)).status === 'RUNNING') await clock.runUntil(isClosed);
      return JSON.parse((await describeExecution(executionArn)).output ?? 'null');
    },
  };
}

export type SimulatedStack = Awaited<ReturnType<typeof simulateStack>>;

/** One call of the API, through the gateway and the handler; the answer is held against the contract. */
export async function call(
  { api, clock }: SimulatedStack,
  method: string,
  target: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
) {
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  const [path = '', query = ''] = target.split('?');
  const response = await clock.runUntil(
    api({
      method,
      path,
      query,
      headers: { ...(sent !== undefined && { 'content-type': 'application/json' }), ...headers },
      body: Readable.from(sent === undefined ? [] : [Buffer.from(sent)]),
    }),
  );
  const text = String(response.body);
  const isJson = text !== '' && /json/.test(response.headers['content-type'] ?? '');
  const answer = {
    status: response.status,
    headers: response.headers,
    text,
    // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any form
    body: (isJson ? JSON.parse(text) : undefined) as any,
  };
  await checkContract(method, path, answer);
  return answer;
}

export const post = (stack: SimulatedStack, path: string, body?: unknown, headers?: Record<string, string>) =>
  call(stack, 'POST', path, { body, ...(headers && { headers }) });
