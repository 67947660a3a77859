/** The API with the shipped handlers in one thread, and a watch that runs a given number of steps. */
import { join } from 'node:path';
import type { Step } from '../../functions/domain/watch/watch.ts';
import type { Clock } from '../../local/core/clock.ts';
import { createRandom } from '../../local/core/random.ts';
import { createGateway } from '../../local/gateway/gateway.ts';
import { returned, thrown } from '../../local/lambda/answers.ts';
import type { Lambda } from '../../local/lambda/lambda.ts';
import { readServerlessYml } from '../../local/serverless-yml.ts';
import { useClients } from '../simulation/clients.ts';
import { canary } from './bodies.ts';
import { params } from './lists.ts';
import { createWorld, type KeptExecution, type World } from './world.ts';

const root = join(import.meta.dirname, '../..');
const START = Date.parse('2026-01-01T00:00:00Z');

type Handler = (event: unknown, context: object) => Promise<unknown>;

/** The functions by their deployed names, loaded once for all worlds. */
export async function loadFunctions() {
  const definition = readServerlessYml({
    file: join(root, 'serverless.yml'),
    apiUrl: 'http://localhost:3000',
    params,
  });
  const logs = await captureLogs();
  const handlers = new Map<string, Handler>();
  for (const { name, bundle, environment } of definition.functions) {
    Object.assign(process.env, environment, { POWERTOOLS_LOG_LEVEL: 'INFO' });
    handlers.set(name, (await import(join(root, 'functions', `${bundle}.ts`))).handler);
  }
  return { routes: definition.routes, handlers, logs };
}

/** Captures log lines at info and above instead of printing them. */
async function captureLogs(): Promise<string[]> {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO'; // read when the logger is created
  const { logger } = await import('../../functions/core/logger.ts');
  const lines: string[] = [];
  const keep = (line: string) => void lines.push(line);
  Object.assign(logger, { console: { info: keep, warn: keep, error: keep, debug: () => {} } });
  return lines;
}

export interface Notice {
  subject: string;
  message: string;
  attributes: object;
}

export function createStack({ routes, handlers }: Awaited<ReturnType<typeof loadFunctions>>, name: string) {
  let seconds = 0;
  const now = () => START + seconds * 1000;
  const clock: Clock = { now, sleep: async () => {}, timer: () => () => {}, busy: (work) => work() };
  const world = createWorld(now);
  const { client } = world;
  useClients({ s3: client, s3control: client, states: client, sns: client });
  const random = createRandom(name);
  const notices: Notice[] = [];

  const run = async (functionName: string, event: unknown) => {
    const handler = handlers.get(functionName.split(':').at(-1) ?? '');
    if (!handler) throw new Error(`unknown function ${functionName}`);
    const awsRequestId = random.uuid();
    return handler(event, {
      functionName,
      awsRequestId,
      invokedFunctionArn: functionName,
      memoryLimitInMB: '512',
      getRemainingTimeInMillis: () => 29_000,
    });
  };
  const lambda: Lambda = {
    invoke: (functionName, payload) => run(functionName, JSON.parse(payload)).then(returned, thrown),
  };
  const step = async (functionName: string, event: object) => {
    const done = (await run(`bucket-brigade-local-${functionName}`, {
      time: new Date(now()).toISOString(),
      ...event,
    })) as Step;
    if (done.notice) notices.push(done.notice as unknown as Notice);
    return done;
  };

  return {
    world,
    notices,
    api: createGateway({ routes, lambda, clock, random }),
    /** Advances the clock by one second. */
    tick: () => void seconds++,
    watch: (execution: KeptExecution, steps: number, sign: (text: string) => string) =>
      watch(world, step, execution, steps, sign),
  };
}

/** Runs up to three steps of a watch: creates the job, describes it, and ends it with a report. */
async function watch(
  world: World,
  step: (functionName: string, event: object) => Promise<Step>,
  execution: KeptExecution,
  steps: number,
  sign: (text: string) => string,
) {
  const request = JSON.parse(execution.input);
  const { submittedAt: createdAt } = request;
  if (steps < 1) return;
  const created = await step('create-job', { request, attempt: 0 });
  execution.created = created;
  const { jobId } = created;
  if (steps < 2 || !jobId) return;
  const poll = () => step('describe-job', { request, jobId, createdAt, notified: [] });
  await poll();
  if (steps < 3) return;
  const { Report } = request.createJob;
  const bucket = String(Report.Bucket ?? '').replace(/^.*:/, '');
  // S3 adds a slash to a prefix unless it ends with one.
  const folder = `${Report.Prefix ? `${Report.Prefix.replace(/\/$/, '')}/` : ''}job-${jobId}`;
  world.endJob(jobId, { bucket, folder }, sign(canary('Key')), sign(canary('Result')));
  const { record } = await poll();
  const summarized = record?.report ? await step('summarize-report', { request, record }) : undefined;
  Object.assign(execution, { status: 'SUCCEEDED', output: JSON.stringify(summarized?.record ?? record) });
}
