import { JobStatus } from '@aws-sdk/client-s3-control';
import { catalogue } from '../../functions/core/errors.ts';
import { AwsError } from '../../local/core/aws-error.ts';
import { jobOf, jobWithReport } from './jobs.ts';
import { type Aws, type Call, jobMachine, type RunWatch, type Watched, type WatchOptions } from './watch.ts';

const HOUR_SECONDS = 3600;
const FEW_POLLS_SECONDS = 100;

export const code = (text: string) => `\`${text}\``;
const listed = (texts: string[]) => [...new Set(texts)].map(code).join(', ') || '–';

const endedWithReport = { Job: jobWithReport('Complete', 1) };

/** The row of one status: what the watch does for a job that stays in it. */
export async function statusRow(run: RunWatch, status: string): Promise<string[]> {
  const Notices = ['running-again', 'status-unreadable'];
  const watchJob = (jobAt: (visit: number) => object) => {
    const DescribeJob: Aws['DescribeJob'] = (_, { visit }) => ({ Job: jobAt(visit) });
    return run({ aws: { DescribeJob }, watch: { Notices } }, FEW_POLLS_SECONDS);
  };
  const first = await watchJob(() => jobOf(status));
  const confirmed = await watchJob((visit) => jobOf(visit === 0 ? 'Suspended' : status));
  const withFailures = await watchJob(() => jobWithReport(status, 1));
  return [
    status in JobStatus ? code(status) : 'any other',
    first.status === 'RUNNING' ? 'continues' : 'ends',
    listed(first.notices.map(({ kind }) => kind)),
    listed(confirmed.notices.slice(1).map(({ kind }) => kind)),
    listed([first, withFailures].flatMap(({ record }) => record?.outcome ?? [])),
  ];
}

/** The function that makes a call. */
const madeBy: Record<keyof Aws, string> = {
  CreateJob: 'CreateJob',
  ListJobs: 'CreateJob',
  DescribeJob: 'DescribeJob',
  GetObject: 'SummarizeReport',
  UpdateJobStatus: 'DescribeJob',
};

export const lostReply = () =>
  Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));

/** The result of a call that fails during the first visit of its state, and the error of the last attempt. */
export async function callFailing(run: RunWatch, call: keyof Aws, error: Error) {
  const fail = (_: object, { visit }: Call) => (visit === 0 ? Promise.reject(error) : endedWithReport);
  const watched = await run({
    aws: {
      DescribeJob: () => endedWithReport,
      ...(call === 'ListJobs' && { CreateJob: lostReply }),
      [call]: fail,
    },
  });
  // create-job calls ListJobs only when it is retried.
  const calls = call === 'ListJobs' ? watched.calls.slice(1) : watched.calls;
  return { cell: cellOf(madeBy[call], { ...watched, calls }), error: watched.errors.at(-1) };
}

/** The result of a function that fails during the first visit of its state, and the error of the last attempt. */
export async function functionFailing(run: RunWatch, to: string, error: string) {
  const watched = await run({
    aws: { DescribeJob: () => endedWithReport },
    onInvoke: (call) => (call.to === to && call.visit === 0 ? failedInvocation(error) : undefined),
  });
  return { cell: cellOf(to, watched), error: watched.errors.at(-1) };
}

/** Lambda's own error, a failed function, or one that never answers. */
export function failedInvocation(error: string): ReturnType<NonNullable<WatchOptions['onInvoke']>> {
  if (error === 'States.Timeout') return new Promise(() => {});
  if (error === 'Lambda.Unknown') return Promise.resolve({ payload: '{}', functionError: 'Unhandled' });
  if (error === 'Lambda.SdkClientException') return Promise.reject(new Error('connection reset'));
  const [, service] = /^Lambda\.(.*)$/.exec(error) ?? [];
  if (service) return Promise.reject(new AwsError(service, 500, 'on demand'));
  const payload = JSON.stringify({ errorType: error, errorMessage: 'on demand' });
  return Promise.resolve({ payload, functionError: 'Unhandled' });
}

/** The result of the first visit of a function's state: number and duration of its retries, and what follows. */
function cellOf(to: string, { calls, record, notices }: Watched): string {
  const attempts = calls.filter((call) => call.to === to && call.visit === 0);
  const isRepeated = calls.some((call) => call.to === to && call.visit > 0);
  const reportState = notices.at(-1)?.report?.state ?? '';
  const then =
    to === 'SummarizeReport'
      ? `a notice with ${code(reportState)}`
      : isRepeated
        ? 'the next poll'
        : code(record.outcome);
  return `${tries(attempts)}${then}`;
}

/** The number and the duration of the retries. */
export function tries(attempts: readonly Call[]): string {
  const [first, last] = [attempts.at(0)?.at ?? 0, attempts.at(-1)?.at ?? 0];
  const retries = attempts.length - 1;
  if (retries < 1) return '';
  return `${retries === 1 ? '1 retry' : `${retries} retries`} in ${duration(last - first)}, then `;
}

function duration(seconds: number): string {
  if (seconds < 180) return `${Math.ceil(seconds)} s`;
  return seconds < 3 * HOUR_SECONDS
    ? `${Math.ceil(seconds / 60)} min`
    : `${Math.ceil(seconds / HOUR_SECONDS)} h`;
}

/** The errors of Lambda and of Step Functions that the retriers of the state machine name. */
export function functionErrors(): string[] {
  const { States } = JSON.parse(jobMachine()) as {
    States: Record<string, { Retry?: { ErrorEquals: string[] }[] }>;
  };
  const named = Object.values(States).flatMap(({ Retry = [] }) =>
    Retry.flatMap(({ ErrorEquals }) => ErrorEquals),
  );
  return [...new Set(named)].filter((name) => !(name in catalogue) && name !== 'States.ALL');
}
