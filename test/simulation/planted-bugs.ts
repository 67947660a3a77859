import type { CreateJobRequest, DescribeJobResult } from '@aws-sdk/client-s3-control';
import type { Notice } from '../../functions/core/generated/notice.mjs';
import type { CreateJobEvent } from '../../functions/create-job.ts';
import type { DescribeJobEvent } from '../../functions/describe-job.ts';
import type { AcceptedRequest } from '../../functions/domain/request/create-job-input.ts';
import type { Step } from '../../functions/domain/watch/watch.ts';
import { AwsError } from '../../local/core/aws-error.ts';
import type { Handler } from '../../local/lambda/context.ts';
import type { Service } from './calls.ts';
import type { Shipped } from './shipped.ts';

interface State {
  Next?: string;
  Default?: string;
  Seconds?: string | number;
  Arguments?: Record<string, unknown>;
  Assign?: Record<string, unknown>;
  Output?: unknown;
  Retry?: { ErrorEquals: string[]; MaxAttempts?: number }[];
  Catch?: { Next: string; Assign?: Record<string, unknown> }[];
  Choices?: { Condition: string; Next: string }[];
}
type States = Record<string, State>;

/** A plausible fault in the shipped code, which the simulation must find. */
export type PlantedBug = (shipped: Shipped) => Shipped;

/** Changes the state machine. */
const machine =
  (change: (states: Required<States>) => void): PlantedBug =>
  (shipped) => {
    const definition = JSON.parse(shipped.machine.definition) as { States: States };
    change(definition.States);
    return { ...shipped, machine: { ...shipped.machine, definition: JSON.stringify(definition) } };
  };

/** Wraps a shipped handler. */
const handler =
  (bundle: string, wrap: (shipped: Handler) => Handler): PlantedBug =>
  (shipped) => {
    const functions = new Map(shipped.functions);
    for (const [name, shippedFunction] of functions)
      if (name.endsWith(`-${bundle}`))
        functions.set(name, { ...shippedFunction, handler: wrap(shippedFunction.handler) });
    return { ...shipped, functions };
  };

const state = (states: States, name: string): State => {
  const found = states[name];
  if (!found) throw new Error(`the state machine has no state ${name}; correct the planted bug`);
  return found;
};

/** Changes where a state continues after errors. */
function continueAt(target: State, next: string): void {
  target.Catch = target.Catch?.map((catcher) => ({ ...catcher, Next: next })) ?? [];
}

/** Limits the retries of a state. */
function giveUpAfter(target: State, tries: number): void {
  target.Retry = target.Retry?.map((retrier) => ({ ...retrier, MaxAttempts: tries })) ?? [];
}

/** Changes the event of a function. */
const withEvent = <Event>(bundle: string, change: (event: Event) => Event): PlantedBug =>
  handler(bundle, (shipped) => (event, context) => shipped(change(event as Event), context));

/** Changes the step that a function returns. */
const withStep = (bundle: string, change: (step: Step) => Step): PlantedBug =>
  handler(bundle, (shipped) => async (event, context) => change((await shipped(event, context)) as Step));

/** Changes the status that the functions read. */
const misreading =
  (mistake: (status: string | undefined) => string | undefined): PlantedBug =>
  (shipped) => ({
    ...shipped,
    between: (actions) => ({
      ...actions,
      s3control: {
        ...actions.s3control,
        DescribeJob(input: never) {
          const { Job } = (actions.s3control['DescribeJob']?.(input) ?? {}) as DescribeJobResult;
          return { Job: { ...Job, Status: mistake(Job?.Status) } };
        },
      },
    }),
  });

/** Changes one call between the functions and AWS. */
const between =
  <Input>(
    service: Service,
    action: string,
    change: (act: () => unknown, input: Input) => unknown,
  ): PlantedBug =>
  (shipped) => ({
    ...shipped,
    between: (actions) => ({
      ...actions,
      [service]: {
        ...actions[service],
        [action]: (input: never) => change(() => actions[service][action]?.(input), input),
      },
    }),
  });

/** Changes the input of the execution of an automatic retry. */
function startingRetry(change: (input: AcceptedRequest, attempt: number) => AcceptedRequest): PlantedBug {
  let attempts = 0;
  return between('states', 'StartExecution', (act, command: { name: string; input: string }) => {
    const input = JSON.parse(command.input) as AcceptedRequest;
    if (!input.chain) return act();
    const changed = change(input, attempts++);
    Object.assign(command, { name: changed.jobRequestId, input: JSON.stringify(changed) });
    return act();
  });
}

/** Changes the notice of a step. */
function withNotice(step: Step, change: (notice: Notice) => Notice): Step {
  if (!step.notice) return step;
  const message = JSON.stringify(change(JSON.parse(step.notice.message) as Notice));
  return { ...step, notice: { ...step.notice, message } };
}

export const plantedBugs: Record<string, PlantedBug> = {
  'each attempt has a client token of its own': withEvent<CreateJobEvent>('create-job', (event) => {
    const ClientRequestToken = `${event.request.jobRequestId}-${event.attempt}`;
    const request = { ...event.request, createJob: { ...event.request.createJob, ClientRequestToken } };
    return { ...event, request };
  }),

  'create-job does not search for an earlier job': machine((states) => {
    Object.assign(state(states, 'CreateJob').Arguments ?? {}, { attempt: 0 });
  }),

  'create-job adopts a job by its description alone': (shipped) => ({
    ...shipped,
    between: (actions) => {
      let asked: Partial<CreateJobRequest> = {};
      return {
        ...actions,
        s3control: {
          ...actions.s3control,
          CreateJob(input: never) {
            asked = input;
            return actions.s3control['CreateJob']?.(input);
          },
          // Every job has the members of the wanted one, so the comparison finds no difference.
          DescribeJob(input: never) {
            const { Job } = (actions.s3control['DescribeJob']?.(input) ?? {}) as DescribeJobResult;
            const { Operation, Manifest, Report, RoleArn } = asked;
            return { Job: { ...Job, Operation, Manifest, Report, RoleArn } };
          },
        },
      };
    },
  }),

  'CreateJob is not retried': machine((states) => {
    state(states, 'CreateJob').Retry = [];
  }),

  'no notice is published when creating the job keeps failing': machine((states) => {
    continueAt(state(states, 'CreateJob'), 'Noticed');
  }),

  'a poll that fails ends the execution': machine((states) => {
    state(states, 'DescribeJob').Catch = [];
  }),

  'no notice is published for a job that waits for confirmation': machine((states) => {
    const branch = state(states, 'BranchOnStatus');
    branch.Choices = branch.Choices?.filter(({ Next }) => Next !== 'PublishNotice') ?? [];
  }),

  'published notices are not remembered': machine((states) => {
    delete state(states, 'PublishNotice').Assign;
  }),

  'published notices are forgotten at the next poll': machine((states) => {
    Object.assign(state(states, 'DescribeJob').Assign ?? {}, { notified: [] });
  }),

  'status-unreadable is published at every poll': machine((states) => {
    delete state(states, 'PublishStatusUnreadable').Assign;
  }),

  'the hour without a status counts from the first failed poll ever': machine((states) => {
    delete state(states, 'DescribeJob').Assign?.['unreadableSince'];
  }),

  'a notice before the end that cannot be published ends the execution': machine((states) => {
    state(states, 'PublishNotice').Catch = [];
  }),

  'the final notice is published before the outcome is known': misreading((status) =>
    status === 'Completing' ? 'Complete' : status,
  ),

  'an Active job counts as ended': machine((states) => {
    const ended = state(states, 'BranchOnStatus').Choices?.find(({ Condition }) =>
      /'Complete'/.test(Condition),
    );
    if (ended) ended.Condition = ended.Condition.replace("['Complete'", "['Active', 'Complete'");
  }),

  'Complete with failed tasks is Succeeded': withStep('describe-job', (step) =>
    step.outcome === 'CompletedWithFailures'
      ? { ...withNotice(step, (notice) => ({ ...notice, outcome: 'Succeeded' })), outcome: 'Succeeded' }
      : step,
  ),

  'a cancelled job counts as running': misreading((status) =>
    status === 'Cancelled' ? 'Cancelling' : status,
  ),

  'a paused job counts as failed': misreading((status) => (status === 'Paused' ? 'Failed' : status)),

  'the noticeId contains the time': withStep('describe-job', (step) =>
    withNotice(step, (notice) => ({ ...notice, noticeId: `${notice.noticeId}:${notice.time}` })),
  ),

  'a job that is not found is lost at once': withEvent<DescribeJobEvent>('describe-job', (event) => ({
    ...event,
    createdAt: '2020-01-01T00:00:00Z',
  })),

  'the default of the choice ends the watch': machine((states) => {
    state(states, 'BranchOnStatus').Default = 'PublishFinalNotice';
  }),

  'the watch does not wait': machine((states) => {
    state(states, 'WaitForJob').Seconds = 0;
  }),

  'the watch waits ten times as long': machine((states) => {
    state(states, 'WaitForJob').Seconds = '{% $waitSeconds * 10 %}';
  }),

  'the final notice is not retried': machine((states) => {
    state(states, 'PublishFinalNotice').Retry = [];
  }),

  'a final notice that cannot be published counts as published': machine((states) => {
    const publish = state(states, 'PublishFinalNotice');
    giveUpAfter(publish, 3);
    continueAt(publish, 'Noticed');
  }),

  'a final notice is given up after two hours': machine((states) => {
    giveUpAfter(state(states, 'PublishFinalNotice'), 20);
  }),

  'the deadline is ignored': withEvent<DescribeJobEvent>('describe-job', ({ request, ...event }) => {
    const { DeadlineSeconds: _, ...watch } = request.watch;
    return { ...event, request: { ...request, watch } };
  }),

  'a job is created before its start time': withEvent<CreateJobEvent>(
    'create-job',
    ({ request, ...event }) => {
      const { startAt: _, ...atOnce } = request;
      return { ...event, request: atOnce };
    },
  ),

  'DeadlineSeconds counts from the request': withEvent<DescribeJobEvent>('describe-job', (event) => {
    const { startAt: _, ...request } = event.request;
    return { ...event, request };
  }),

  'the mark of a cancelled request is not read': between(
    's3',
    'GetObject',
    (act, input: { Key?: string }) => {
      if (input.Key?.endsWith('/cancelled')) throw new AwsError('NoSuchKey', 404, 'no mark');
      return act();
    },
  ),

  'an execution is stopped while its job is being created': withEvent<{
    requestContext: { timeEpoch: number };
  }>('cancel-job', (event) => ({
    ...event,
    requestContext: { ...event.requestContext, timeEpoch: event.requestContext.timeEpoch - 180_000 },
  })),

  'the reason for a stopped execution is not read': between('states', 'DescribeExecution', (act) => ({
    ...(act() as object),
    error: undefined,
  })),

  'a limit is ignored': withEvent<DescribeJobEvent>('describe-job', (event) => {
    const { limits: _, ...request } = event.request;
    return { ...event, request };
  }),

  'a limit applies before its first tasks': withEvent<DescribeJobEvent>(
    'describe-job',
    ({ request, ...event }) => ({
      ...event,
      request: { ...request, ...(request.limits && { limits: { ...request.limits, AfterTasks: 1 } }) },
    }),
  ),

  'a limit cancels without a reason': between('s3control', 'UpdateJobStatus', (act, input: object) => {
    Object.assign(input, { StatusUpdateReason: undefined });
    return act();
  }),

  'no retry is started': machine((states) => {
    const branch = state(states, 'BranchOnStatus');
    branch.Choices = branch.Choices?.filter(({ Next }) => Next !== 'StartRetry') ?? [];
  }),

  'a retry that cannot be started ends the execution': machine((states) => {
    state(states, 'StartRetry').Catch = [];
  }),

  'the final notice does not name the retry': machine((states) => {
    delete state(states, 'StartRetry').Assign;
  }),

  'each attempt to start a retry starts another one': startingRetry((input, attempt) => ({
    ...input,
    jobRequestId: `${input.jobRequestId.slice(0, -2)}${10 + attempt}`,
  })),

  'a chain of retries does not end': startingRetry((input) => ({
    ...input,
    retry: { Times: 5, AfterSeconds: 1, ...input.retry },
  })),

  'the totals of a chain miss the jobs before': startingRetry((input) => ({
    ...input,
    ...(input.chain && { chain: { ...input.chain, succeeded: 0 } }),
  })),

  'a retry starts at once': startingRetry(({ startAt: _, ...input }) => input),

  'a retry runs all failed tasks': withEvent<{ request: AcceptedRequest }>('start-retry', (event) => ({
    ...event,
    request: {
      ...event.request,
      ...(event.request.retry && { retry: { ...event.request.retry, Codes: ['*'] } }),
    },
  })),

  'a stopped execution starts no retry': between('states', 'DescribeExecution', (act) => {
    const execution = act() as { status: string; input: string };
    if (!['ABORTED', 'FAILED'].includes(execution.status)) return execution;
    const { retry: _, ...input } = JSON.parse(execution.input) as AcceptedRequest;
    return { ...execution, input: JSON.stringify(input) };
  }),

  'a late report ends the execution': machine((states) => {
    const summarize = state(states, 'SummarizeReport');
    summarize.Catch = [];
  }),

  'a late report is not awaited': machine((states) => {
    const summarize = state(states, 'SummarizeReport');
    summarize.Retry =
      summarize.Retry?.filter(({ ErrorEquals }) => !ErrorEquals.includes('ReportNotReady')) ?? [];
  }),

  'an unknown status ends the execution': machine((states) => {
    const branch = state(states, 'BranchOnStatus');
    branch.Default = 'NotifyFailed';
  }),

  'announce-stopped-watch is not invoked': (shipped) => ({ ...shipped, rules: [] }),

  'announce-stopped-watch is invoked for failures only': (shipped) => ({
    ...shipped,
    rules: shipped.rules.map((rule) => ({ ...rule, pattern: { detail: { status: ['FAILED'] } } })),
  }),

  'the output is not the record': machine((states) => {
    state(states, 'PublishFinalNotice').Output = { jobRequestId: '{% $step.record.jobRequestId %}' };
  }),

  'the idempotency key is ignored': handler('submit-job', (shipped) => (event, context) => {
    const { headers, ...rest } = event as { headers: Record<string, string> };
    const { 'idempotency-key': _, ...others } = headers;
    return shipped({ ...rest, headers: others }, context);
  }),
};
