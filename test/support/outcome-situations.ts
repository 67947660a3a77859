import { JOB_ID, jobOf, objectOf } from './jobs.ts';
import type { Aws, Call, RunWatch, Watched, WatchOptions } from './watch.ts';

const HOUR_SECONDS = 3600;
const YOUNG_SECONDS = 600;
const DEADLINE_SECONDS = 2 * HOUR_SECONDS;

const code = (text: string) => `\`${text}\``;
const refusal = (name: string) =>
  Object.assign(new Error('on demand'), { name, $metadata: { httpStatusCode: 404 } });
const describeJob = (answerOf: (call: Call) => object | Error): Partial<Aws> => ({
  DescribeJob: (_, call) => {
    const answer = answerOf(call);
    if (answer instanceof Error) throw answer;
    return { Job: answer };
  },
});

const pollsOf = (calls: readonly Call[]) =>
  calls.filter(({ to }) => to === 'DescribeJob').map(({ at }) => at);

async function ending(run: RunWatch, options: WatchOptions): Promise<string> {
  const { record, notices, status } = await run(options);
  if (status !== 'SUCCEEDED' || notices.at(-1)?.outcome !== record.outcome) return `${status}`;
  return `ends: ${code(record.outcome)}`;
}

/** S3 returns the job at first, and does not find it later. */
const vanishing = (run: RunWatch, name: string) =>
  ending(run, { aws: describeJob(({ at }) => (at <= YOUNG_SECONDS ? jobOf('Active') : refusal(name))) });

/** S3 needs long to create the job, and does not return it at first. */
async function appearing(run: RunWatch, name: string): Promise<string> {
  let createdAt = 0;
  const { calls, record } = await run({
    aws: {
      CreateJob: (_, { at }) => {
        if (at < 1.2 * YOUNG_SECONDS) throw refusal('SlowDown');
        createdAt = at;
        return { JobId: JOB_ID };
      },
      ...describeJob(({ at }) => (at - createdAt < YOUNG_SECONDS ? refusal(name) : jobOf('Complete'))),
    },
  });
  const polls = pollsOf(calls);
  const gaps = polls.slice(1).map((at, index) => Math.round(at - (polls[index] ?? 0)));
  return record.outcome === 'Succeeded' ? `polls every ${[...new Set(gaps)].join(', ')} s` : record.outcome;
}

/** A request that starts in an hour, and was marked as cancelled at `markedAt` seconds, just before it. */
function starting(run: RunWatch, { markedAt = Number.POSITIVE_INFINITY }) {
  let reason: string | undefined;
  return run({
    startsAfterSeconds: HOUR_SECONDS,
    aws: {
      GetObject: (_, { at }) => {
        if (at < markedAt) throw refusal('NoSuchKey');
        return objectOf('wrong day');
      },
      UpdateJobStatus: ({ StatusUpdateReason }) => {
        reason = StatusUpdateReason;
      },
      ...describeJob(({ visit }) =>
        reason === undefined
          ? jobOf(visit < 3 ? 'Active' : 'Complete')
          : jobOf('Cancelled', { StatusUpdateReason: reason }),
      ),
    },
  });
}

const createdAt = ({ calls }: Watched) => calls.filter(({ to }) => to === 'CreateJob').map(({ at }) => at);

/** Situations, named as in the document, and what the watch does in them. */
export const situations: Record<string, (run: RunWatch) => Promise<string>> = {
  async '`StartAt` is still to come'(run) {
    const watched = await starting(run, {});
    const [first, ...later] = createdAt(watched);
    const isRight = first === 0 && later.join() === String(HOUR_SECONDS);
    return isRight && watched.record.outcome === 'Succeeded' ? 'waits, and creates the job then' : 'other';
  },

  async 'the request is cancelled in the last 2 minutes before `StartAt`'(run) {
    const watched = await starting(run, { markedAt: HOUR_SECONDS });
    const isCreated = watched.record.jobId !== undefined;
    return `ends at \`StartAt\`: ${code(watched.record.outcome)}${isCreated ? '' : ', without a job'}`;
  },

  async 'the request is cancelled while its job is being created'(run) {
    const { calls, record } = await starting(run, { markedAt: HOUR_SECONDS + 1 });
    const polls = calls.filter(({ to }) => to === 'DescribeJob').length;
    const { StatusUpdateReason: reason } = record.job ?? {};
    return polls === 2 && reason === 'wrong day'
      ? `cancels the job at the next poll, with the reason: ${code(record.outcome)}`
      : `${polls} polls, ${reason}`;
  },

  'S3 does not find the job (`NoSuchJob`) within 10 minutes after its creation': (run) =>
    appearing(run, 'NoSuchJob'),
  'S3 does not find the job (`NotFoundException`) within 10 minutes after its creation': (run) =>
    appearing(run, 'NotFoundException'),
  'S3 does not find the job (`NoSuchJob`) later': (run) => vanishing(run, 'NoSuchJob'),
  'S3 does not find the job (`NotFoundException`) later': (run) => vanishing(run, 'NotFoundException'),

  async 'more tasks fail than `Limits` allow'(run) {
    let reason: string | undefined;
    const ran = (failed: number) => ({
      ProgressSummary: {
        TotalNumberOfTasks: 900,
        NumberOfTasksSucceeded: 300 - failed,
        NumberOfTasksFailed: failed,
      },
    });
    const { calls, record, notices } = await run({
      limits: { MaxFailedPercent: 5, AfterTasks: 200 },
      aws: {
        UpdateJobStatus: ({ StatusUpdateReason }) => {
          reason = StatusUpdateReason;
        },
        ...describeJob(({ visit }) =>
          reason === undefined
            ? jobOf('Active', ran(5 * (visit + 1)))
            : jobOf('Cancelled', { ...ran(20), StatusUpdateReason: reason }),
        ),
      },
    });
    const polls = calls.filter(({ to }) => to === 'DescribeJob').length;
    const isNamed = /MaxFailedPercent 5 exceeded: 20 of 300/.test(notices.at(-1)?.summary ?? '');
    return polls === 5 && isNamed
      ? `cancels the job at that poll, and ends at the next: ${code(record.outcome)}, with the limit and the figures`
      : `${polls} polls: ${notices.at(-1)?.summary}`;
  },

  async 'somebody else cancels the job'(run) {
    const StatusUpdateReason = 'wrong bucket';
    const { record, notices } = await run({
      aws: describeJob(({ visit }) => jobOf(visit < 3 ? 'Active' : 'Cancelled', { StatusUpdateReason })),
    });
    const isNamed = JSON.stringify(notices.at(-1)).includes(StatusUpdateReason);
    return `ends: ${code(record.outcome)}${isNamed ? ', with their reason' : ''}`;
  },

  async 'no poll succeeds for an hour'(run) {
    let notifiedAt = 0;
    const { record, notices } = await run({
      aws: describeJob(({ at }) => (at < 30 * HOUR_SECONDS ? refusal('AccessDenied') : jobOf('Complete'))),
      onPublish: (_, { at }) => {
        notifiedAt ||= at;
      },
    });
    const [first, ...others] = notices.map(({ kind }) => kind);
    const isInTime = notifiedAt >= HOUR_SECONDS && notifiedAt < 2 * HOUR_SECONDS;
    const isAllRight = isInTime && others.join() === 'final' && record.outcome === 'Succeeded';
    return `continues, after ${code(first ?? '')}${isAllRight ? ', once' : ''}`;
  },

  '`Watch.DeadlineSeconds` have passed since the request or its `StartAt`': async (run) => {
    const { record, seconds } = await run({
      aws: describeJob(() => jobOf('Active')),
      watch: { DeadlineSeconds: DEADLINE_SECONDS },
    });
    return seconds === DEADLINE_SECONDS ? `ends: ${code(record.outcome)}` : `ends after ${seconds} s`;
  },

  '`Watch.DeadlineSeconds` have passed, and no poll succeeds': (run) =>
    ending(run, {
      aws: describeJob(() => refusal('AccessDenied')),
      watch: { DeadlineSeconds: DEADLINE_SECONDS },
    }),

  async '`Watch.DeadlineSeconds` have passed, and describe-job itself fails'(run) {
    const { status } = await run(
      {
        onInvoke: ({ to }) =>
          to === 'DescribeJob'
            ? Promise.resolve({ payload: '{"errorType":"TypeError"}', functionError: 'Unhandled' })
            : undefined,
        watch: { DeadlineSeconds: DEADLINE_SECONDS },
      },
      2 * DEADLINE_SECONDS,
    );
    return status === 'RUNNING' ? 'continues' : `${status}`;
  },
};
