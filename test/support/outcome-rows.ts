import { JobStatus } from '@aws-sdk/client-s3-control';
import { catalogue } from '../../functions/core/errors.ts';
import { AwsError } from '../../local/core/aws-error.ts';
import { jobOf, jobWithReport } from './jobs.ts';
import { type Aws, type Call, jobMachine, type RunWatch, type Watched, type WatchOptions } from './watch.ts';

const HOUR_SECONDS = 3600;
const FEW_LOOKS_SECONDS = 100;

export const code = (text: string) => `\`${text}\``;
const listed = (texts: string[]) => [...new Set(texts)].map(code).join(', ') || '–';

const endedWithReport = { Job: jobWithReport('Complete', 1) };

/** The row of one status: what the watch does about a job that stays in it. */
export async function statusRow(run: RunWatch, status: string): Promise<string[]> {
  const Notices = ['running-again', 'cannot-see'];
  const look = (jobAt: (visit: number) => object) => {
    const DescribeJob: Aws['DescribeJob'] = (_, { visit }) => ({ Job: jobAt(visit) });
    return run({ aws: { DescribeJob }, watch: { Notices } }, FEW_LOOKS_SECONDS);
  };
  const first = await look(() => jobOf(status));
  const confirmed = await look((visit) => jobOf(visit === 0 ? 'Suspended' : status));
  const withFailures = await look(() => jobWithReport(status, 1));
  return [
    status in JobStatus ? code(status) : 'any other',
    first.status === 'RUNNING' ? 'goes on' : 'ends',
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
};

export const lostReply = () =>
  Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));

/** What comes of a call that fails so in the first visit of its state, and how the attempts ended. */
export async function callFailing(run: RunWatch, call: keyof Aws, error: Error) {
  const fail = (_: object, { visit }: Call) => (visit === 0 ? Promise.reject(error) : endedWithReport);
  const watched = await run({
    aws: {
      DescribeJob: () => endedWithReport,
      ...(call === 'ListJobs' && { CreateJob: lostReply }),
      [call]: fail,
    },
  });
  // ListJobs is asked for the first time when CreateJob is tried again.
  const calls = call === 'ListJobs' ? watched.calls.slice(1) : watched.calls;
  return { cell: cellOf(madeBy[call], { ...watched, calls }), error: watched.errors.at(-1) };
}

/** What comes of a function that fails so in the first visit of its state, and how the attempts ended. */
export async function functionFailing(run: RunWatch, to: string, error: string) {
  const watched = await run({
    aws: { DescribeJob: () => endedWithReport },
    onInvoke: (call) => (call.to === to && call.visit === 0 ? failedInvocation(error) : undefined),
  });
  return { cell: cellOf(to, watched), error: watched.errors.at(-1) };
}

/** Lambda's own error, a function that failed, or one that never answers. */
export function failedInvocation(error: string): ReturnType<NonNullable<WatchOptions['onInvoke']>> {
  if (error === 'States.Timeout') return new Promise(() => {});
  if (error === 'Lambda.Unknown') return Promise.resolve({ payload: '{}', functionError: 'Unhandled' });
  if (error === 'Lambda.SdkClientException') return Promise.reject(new Error('connection reset'));
  const [, service] = /^Lambda\.(.*)$/.exec(error) ?? [];
  if (service) return Promise.reject(new AwsError(service, 500, 'on demand'));
  const payload = JSON.stringify({ errorType: error, errorMessage: 'on demand' });
  return Promise.resolve({ payload, functionError: 'Unhandled' });
}

/** What became of the first visit of a function's state: how often it was tried again, for how long, and what then. */
function cellOf(to: string, { calls, record, notices }: Watched): string {
  const attempts = calls.filter((call) => call.to === to && call.visit === 0);
  const looksAgain = calls.some((call) => call.to === to && call.visit > 0);
  const reportState = notices.at(-1)?.report?.state ?? '';
  const then =
    to === 'SummarizeReport'
      ? `a notice with ${code(reportState)}`
      : looksAgain
        ? 'the next look'
        : code(record.outcome);
  return `${tries(attempts)}${then}`;
}

/** How often something was tried again, and for how long. */
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

/** The names of errors that are Lambda's or of Step Functions, as the state machine's retriers name them. */
export function functionErrors(): string[] {
  const { States } = JSON.parse(jobMachine()) as {
    States: Record<string, { Retry?: { ErrorEquals: string[] }[] }>;
  };
  const named = Object.values(States).flatMap(({ Retry = [] }) =>
    Retry.flatMap(({ ErrorEquals }) => ErrorEquals),
  );
  return [...new Set(named)].filter((name) => !(name in catalogue) && name !== 'States.ALL');
}
