import type { DescribeJobResult } from '@aws-sdk/client-s3-control';
import type { Notice } from '../../functions/core/generated/notice.mjs';
import type { CreateJobEvent } from '../../functions/create-job.ts';
import type { DescribeJobEvent } from '../../functions/describe-job.ts';
import type { Step } from '../../functions/domain/watch/watch.ts';
import type { Handler } from '../../local/lambda/context.ts';
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

/** A fault in the shipped thing that the simulation has to see: what somebody may really do wrong one day. */
export type PlantedBug = (shipped: Shipped) => Shipped;

/** Another state machine. */
const machine =
  (change: (states: Required<States>) => void): PlantedBug =>
  (shipped) => {
    const definition = JSON.parse(shipped.machine.definition) as { States: States };
    change(definition.States);
    return { ...shipped, machine: { ...shipped.machine, definition: JSON.stringify(definition) } };
  };

/** Another handler around a shipped one. */
const handler =
  (bundle: string, around: (shipped: Handler) => Handler): PlantedBug =>
  (shipped) => {
    const functions = new Map(shipped.functions);
    for (const [name, shippedFunction] of functions)
      if (name.endsWith(`-${bundle}`))
        functions.set(name, { ...shippedFunction, handler: around(shippedFunction.handler) });
    return { ...shipped, functions };
  };

const state = (states: States, name: string): State => {
  const found = states[name];
  if (!found) throw new Error(`the state machine has no state ${name}; the planted bug needs another place`);
  return found;
};

/** Where it goes on after errors. */
function goOn(place: State, next: string): void {
  place.Catch = place.Catch?.map((catcher) => ({ ...catcher, Next: next })) ?? [];
}

/** Its retriers give up after so many tries. */
function giveUpAfter(place: State, tries: number): void {
  place.Retry = place.Retry?.map((retrier) => ({ ...retrier, MaxAttempts: tries })) ?? [];
}

/** The function gets another event. */
const withEvent = <Event>(bundle: string, change: (event: Event) => Event): PlantedBug =>
  handler(bundle, (shipped) => (event, context) => shipped(change(event as Event), context));

/** The state machine gets another step. */
const withStep = (bundle: string, change: (step: Step) => Step): PlantedBug =>
  handler(bundle, (shipped) => async (event, context) => change((await shipped(event, context)) as Step));

/** The functions take one status of a job for another. */
const seenAs =
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

/** The step's notice says something else. */
function retold(step: Step, change: (notice: Notice) => Notice): Step {
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

  'an earlier job is not looked for': machine((states) => {
    Object.assign(state(states, 'CreateJob').Arguments ?? {}, { attempt: 0 });
  }),

  'CreateJob is not tried again': machine((states) => {
    state(states, 'CreateJob').Retry = [];
  }),

  'who gives up creating a job tells nobody': machine((states) => {
    goOn(state(states, 'CreateJob'), 'Noticed');
  }),

  'a look that fails ends the execution': machine((states) => {
    state(states, 'DescribeJob').Catch = [];
  }),

  'nobody hears of a job that waits for its confirmation': machine((states) => {
    const branch = state(states, 'BranchOnStatus');
    branch.Choices = branch.Choices?.filter(({ Next }) => Next !== 'PublishNotice') ?? [];
  }),

  'what was told is not remembered': machine((states) => {
    delete state(states, 'PublishNotice').Assign;
  }),

  'what was told is forgotten at the next look': machine((states) => {
    Object.assign(state(states, 'DescribeJob').Assign ?? {}, { notified: [] });
  }),

  'status-unreadable is told at every look': machine((states) => {
    delete state(states, 'PublishStatusUnreadable').Assign;
  }),

  'the hour of blindness counts from the first failed look of all': machine((states) => {
    delete state(states, 'DescribeJob').Assign?.['unreadableSince'];
  }),

  'an along-the-way notice that fails ends the execution': machine((states) => {
    state(states, 'PublishNotice').Catch = [];
  }),

  'the notice comes before the outcome is known': seenAs((status) =>
    status === 'Completing' ? 'Complete' : status,
  ),

  'an Active job counts as ended': machine((states) => {
    const [, ended] = state(states, 'BranchOnStatus').Choices ?? [];
    if (ended) ended.Condition = ended.Condition.replace("['Complete'", "['Active', 'Complete'");
  }),

  'Complete is success, failed tasks or not': withStep('describe-job', (step) =>
    step.outcome === 'CompletedWithFailures'
      ? { ...retold(step, (notice) => ({ ...notice, outcome: 'Succeeded' })), outcome: 'Succeeded' }
      : step,
  ),

  'a cancelled job goes on': seenAs((status) => (status === 'Cancelled' ? 'Cancelling' : status)),

  'a paused job counts as failed': seenAs((status) => (status === 'Paused' ? 'Failed' : status)),

  'the noticeId has the time in it': withStep('describe-job', (step) =>
    retold(step, (notice) => ({ ...notice, noticeId: `${notice.noticeId}:${notice.time}` })),
  ),

  'a job that is not found is lost at once': withEvent<DescribeJobEvent>('describe-job', (event) => ({
    ...event,
    createdAt: '2020-01-01T00:00:00Z',
  })),

  'the default of the choice ends the watch': machine((states) => {
    state(states, 'BranchOnStatus').Default = 'PublishFinalNotice';
  }),

  'the watch waits for no time': machine((states) => {
    state(states, 'WaitForJob').Seconds = 0;
  }),

  'the watch waits ten times as long': machine((states) => {
    state(states, 'WaitForJob').Seconds = '{% $waitSeconds * 10 %}';
  }),

  'the final notice is not tried again': machine((states) => {
    state(states, 'PublishFinalNotice').Retry = [];
  }),

  'a final notice that does not go out counts as noticed': machine((states) => {
    const publish = state(states, 'PublishFinalNotice');
    giveUpAfter(publish, 3);
    goOn(publish, 'Noticed');
  }),

  'a final notice is given up after an hour or two': machine((states) => {
    giveUpAfter(state(states, 'PublishFinalNotice'), 20);
  }),

  'the deadline is not kept': withEvent<DescribeJobEvent>('describe-job', ({ request, ...event }) => {
    const { DeadlineSeconds: _, ...watch } = request.watch;
    return { ...event, request: { ...request, watch } };
  }),

  'a report that is late ends the execution': machine((states) => {
    const summarize = state(states, 'SummarizeReport');
    summarize.Catch = [];
  }),

  'a report that is late is not waited for': machine((states) => {
    const summarize = state(states, 'SummarizeReport');
    summarize.Retry =
      summarize.Retry?.filter(({ ErrorEquals }) => !ErrorEquals.includes('ReportNotReady')) ?? [];
  }),

  'a status that nobody knows ends the execution': machine((states) => {
    const branch = state(states, 'BranchOnStatus');
    branch.Default = 'NotifyFailed';
  }),

  'there is no dead man’s switch': (shipped) => ({ ...shipped, rules: [] }),

  'the dead man’s switch wakes for failures only': (shipped) => ({
    ...shipped,
    rules: shipped.rules.map((rule) => ({ ...rule, pattern: { detail: { status: ['FAILED'] } } })),
  }),

  'the output is not the record': machine((states) => {
    state(states, 'PublishFinalNotice').Output = { jobRequestId: '{% $step.record.jobRequestId %}' };
  }),

  'the idempotency key is not looked at': handler('submit-job', (shipped) => (event, context) => {
    const { headers, ...rest } = event as { headers: Record<string, string> };
    const { 'idempotency-key': _, ...others } = headers;
    return shipped({ ...rest, headers: others }, context);
  }),
};
