import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GetObjectCommandInput } from '@aws-sdk/client-s3';
import type {
  CreateJobCommandInput,
  DescribeJobCommandInput,
  ListJobsCommandInput,
  UpdateJobStatusCommandInput,
} from '@aws-sdk/client-s3-control';
import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import type { PublishInput } from '@aws-sdk/client-sns';
import { jest } from '@jest/globals';
import type { Notice } from '../../functions/core/generated/notice.mjs';
import type { AcceptedRequest } from '../../functions/domain/request/create-job-input.ts';
import type { FinalRecord } from '../../functions/domain/watch/watch.ts';
import { virtualClock } from '../../local/core/clock.ts';
import { createRandom } from '../../local/core/random.ts';
import type { Handler } from '../../local/lambda/context.ts';
import { createInProcessLambda } from '../../local/lambda/in-process.ts';
import type { Lambda } from '../../local/lambda/lambda.ts';
import { acceptedRequest, JOB_ID, jobOf, objectOf } from './jobs.ts';
import { createWorkbench, functionArn, historyOf, START } from './states.ts';

const root = join(import.meta.dirname, '../..');

/** The shipped state machine; its functions are named as its Task states. */
export const jobMachine = (): string =>
  readFileSync(join(root, 'statemachines/job.asl.json'), 'utf8')
    .replace(/\$\{(\w+?)(FunctionArn|Arn)\}/g, (_, name: string) => functionArn(name))
    .replaceAll('$' + '{PublishResource}', 'arn:aws:states:::sns:publish');

/** The answers, or exceptions, of AWS; `by` is the invocation that makes the call. */
export interface Aws {
  CreateJob(input: CreateJobCommandInput, by: Call): unknown;
  ListJobs(input: ListJobsCommandInput, by: Call): unknown;
  DescribeJob(input: DescribeJobCommandInput, by: Call): unknown;
  GetObject(input: GetObjectCommandInput, by: Call): unknown;
  UpdateJobStatus(input: UpdateJobStatusCommandInput, by: Call): unknown;
}

const healthyAws: Aws = {
  CreateJob: () => ({ JobId: JOB_ID }),
  ListJobs: () => ({ Jobs: [] }),
  DescribeJob: () => ({ Job: jobOf('Complete') }),
  GetObject: () => objectOf('{"Results":[]}'),
  UpdateJobStatus: () => ({}),
};

/** One invocation of a function of the state machine, or one publish. */
export interface Call {
  /** Of the function: CreateJob, DescribeJob or SummarizeReport; else Publish. */
  to: string;
  /** Seconds since the start. */
  at: number;
  /** How often the function's state was entered before. */
  visit: number;
  time: string;
}

export interface WatchOptions {
  aws?: Partial<Aws>;
  watch?: AcceptedRequest['watch'];
  createJob?: Partial<AcceptedRequest['createJob']>;
  startsAfterSeconds?: number;
  limits?: AcceptedRequest['limits'];
  /** Replaces the function's answer, unless it returns undefined. */
  onInvoke?: (call: Call) => ReturnType<Lambda['invoke']> | undefined;
  /** SNS answers with what it throws. */
  onPublish?: (notice: PublishInput, call: Call) => unknown;
}

export interface Watched {
  status: string | undefined;
  error: string | undefined;
  record: FinalRecord;
  /** In the order in which they were published. */
  notices: Notice[];
  published: PublishInput[];
  calls: Call[];
  /** Names of states, in the order in which they were entered. */
  states: string[];
  /** Names of errors, as the attempts of Tasks ended. */
  errors: string[];
  /** From start to end. */
  seconds: number;
}

/** One run: its options, and what has happened so far. */
interface Script {
  options: WatchOptions;
  startMs: number;
  calls: Call[];
  published: PublishInput[];
}

/** Notes a call; an event's `time` says when its state was entered. */
function note({ calls, startMs }: Script, to: string, nowMs: number, time = ''): Call {
  const others = calls.filter((call) => call.to === to);
  const last = others.at(-1);
  const visit = last ? last.visit + Number(last.time !== time) : 0;
  const call = { to, at: (nowMs - startMs) / 1000, visit, time };
  calls.push(call);
  return call;
}

/** The pauses of retries have their greatest length. */
const longestPauses = { ...createRandom('watch'), next: () => 1 };

/** The shipped functions of the state machine, by state, with `client` instead of all their SDK clients. */
async function loadFunctions(client: object): Promise<Record<string, Handler>> {
  jest.unstable_mockModule(join(root, 'functions/aws/clients.ts'), () => ({
    s3Client: () => client,
    s3ControlClient: () => client,
    sfnClient: () => client,
    snsClient: () => client,
  }));
  Object.assign(process.env, {
    ACCOUNT_ID: '000000000000',
    API_URL: 'https://api.example',
    STACK_BUCKET: 'stack',
  });
  const load = async (file: string) => (await import(join(root, `functions/${file}.ts`))).handler as Handler;
  return {
    CreateJob: await load('create-job'),
    DescribeJob: await load('describe-job'),
    SummarizeReport: await load('summarize-report'),
    StartRetry: await load('start-retry'),
  };
}

/**
 * The shipped state machine and handlers on a virtual clock, with AWS replaced behind the clients: any answer is possible,
 * and a second has about a hundred runs. Call it once in a test file, before it imports any function.
 */
export async function loadWatch() {
  const clock = virtualClock(START);
  let script: Script = { options: {}, startMs: START, calls: [], published: [] };
  const functions = await loadFunctions({
    async send(command: { input: never }) {
      const action = command.constructor.name.replace('Command', '') as keyof Aws;
      const answer = script.options.aws?.[action] ?? healthyAws[action];
      return answer(command.input, script.calls.at(-1) as Call);
    },
  });
  const lambda = createInProcessLambda({ functions, clock });
  const bench = createWorkbench({
    definition: jobMachine(),
    clock,
    random: longestPauses,
    lambda: {
      invoke(arn, payload) {
        const { time } = JSON.parse(payload) as { time?: string };
        const call = note(script, arn.split(':').at(-1) ?? '', clock.now(), time);
        return script.options.onInvoke?.(call) ?? lambda.invoke(arn, payload);
      },
    },
    async publish(notice) {
      const call = note(script, 'Publish', clock.now());
      await script.options.onPublish?.(notice, call);
      script.published.push(notice);
      return { MessageId: 'message' };
    },
  });
  let runs = 0;

  /** Runs one execution until it ends, or stops it after `forSeconds`. */
  return async function runWatch(options: WatchOptions, forSeconds?: number): Promise<Watched> {
    script = { options, startMs: clock.now(), calls: [], published: [] };
    const executionArn = bench.start(acceptedRequest(options, script.startMs), `run-${runs++}`);
    if (forSeconds === undefined) await bench.untilEnd(executionArn);
    else await clock.advance(forSeconds * 1000);
    const seconds = (clock.now() - script.startMs) / 1000;
    const ended = bench.stateMachines.describeExecution({ executionArn });
    if (ended.status === 'RUNNING') bench.stateMachines.stopExecution({ executionArn });
    return { ...watchedOf(script, ended, historyOf(bench.stateMachines, executionArn)), seconds };
  };
}

function watchedOf(
  { calls, published }: Script,
  { status, error, output }: DescribeExecutionOutput,
  events: HistoryEvent[],
): Omit<Watched, 'seconds'> {
  return {
    status,
    error,
    record: JSON.parse(output ?? 'null'),
    notices: published.map(({ Message }) => JSON.parse(Message ?? '')),
    published,
    calls,
    states: events.flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []),
    errors: events.flatMap(
      ({ lambdaFunctionFailedEventDetails: failed, taskFailedEventDetails: task, type }) =>
        failed?.error ?? task?.error ?? (type === 'LambdaFunctionTimedOut' ? 'States.Timeout' : []),
    ),
  };
}

export type RunWatch = Awaited<ReturnType<typeof loadWatch>>;
