/** AWS for the functions of the API, in memory. It records every call. */
import { Readable } from 'node:stream';
import { ExecutionAlreadyExists, ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { canary } from './bodies.ts';
import { ACCOUNT, STACK_BUCKET } from './lists.ts';

// biome-ignore lint/suspicious/noExplicitAny: inputs of commands of the SDK
type Input = any;

export interface AwsCall {
  action: string;
  input: Input;
}

export interface KeptExecution {
  name: string;
  input: string;
  status: 'RUNNING' | 'SUCCEEDED';
  /** Of the state CreateJob. */
  created?: object;
  output?: string;
}

interface KeptJob {
  // biome-ignore lint/suspicious/noExplicitAny: DescribeJob's Job
  job: any;
  tags: object[];
}

const refusal = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(`${name} of the stand-in`), { name, $metadata: { httpStatusCode } });
const states = (message: string) => ({ message, $metadata: { httpStatusCode: 400 } });

interface Report {
  row: string;
  /** Result files of other jobs, as BUCKET/KEY. */
  others: string[];
  Results: object[];
}

/** What somebody who can write to the bucket of a report makes of it. Two reports of three are genuine. */
const forgeries: ((report: Report) => { manifest?: string; rows?: string })[] = [
  () => ({ manifest: 'null' }),
  () => ({ manifest: '{"Results":[null]}' }),
  () => ({ manifest: '{"Results":{"length":1}}' }),
  () => ({ manifest: '{"Results":[{"TaskExecutionStatus":"failed"}]}' }),
  () => ({ manifest: '[' }),
  ({ others, Results }) => {
    const [bucket, ...key] = (others[0] ?? 'secret/x').split('/');
    return { manifest: JSON.stringify({ Results: [{ ...Results[0], Bucket: bucket, Key: key.join('/') }] }) };
  },
  ({ row }) => ({ rows: `${row}secret,key,,failed,503,SlowDown,x\n` }),
  ({ row }) => ({ rows: `${row}${STACK_BUCKET},reports/others.csv,,failed,503,SlowDown,x\n` }),
  ({ row }) => ({ rows: `${row}data,"never ends` }),
  ({ row }) => ({ rows: `${row}data\n,,,,,,\n"\n` }),
  () => ({ rows: `data,${'k'.repeat(200_000)},,failed,503,SlowDown,${'m'.repeat(200_000)}\n` }),
  () => ({ rows: '\u0000\u0001\ufffe,\n'.repeat(50) }),
];

export function createWorld(now: () => number) {
  const calls: AwsCall[] = [];
  const executions = new Map<string, KeptExecution>();
  const jobs = new Map<string, KeptJob>();
  const objects = new Map<string, Buffer>();
  let ended = 0;
  const manifests = {
    'a.csv': 'data,a\ndata,b\n',
    'b%20c.csv': 'data,a+b\n',
    'outside.csv': `secret,${canary('Key')}\ndata,a\n`,
    'odd.csv': `\ufeffBucket,Key\n"data","${canary('Key')}\n\n%zz,%zz,1\n`,
  };
  for (const [key, rows] of Object.entries(manifests)) objects.set(`lists/in/${key}`, Buffer.from(rows));

  const executionOf = ({ executionArn }: Input) => {
    const found = executions.get(executionArn.split(':').at(-1));
    if (!found) throw new ExecutionDoesNotExist(states('it does not exist'));
    return found;
  };
  const jobOf = ({ JobId }: Input) => {
    const found = jobs.get(JobId);
    if (!found) throw refusal('NoSuchJob', 404);
    return found;
  };
  const objectOf = ({ Bucket, Key }: Input) => {
    const found = objects.get(`${Bucket}/${Key}`);
    if (!found) throw refusal('NoSuchKey', 404);
    return found;
  };

  const actions: Record<string, (input: Input) => unknown> = {
    StartExecution({ name, input }) {
      if (executions.has(name)) throw new ExecutionAlreadyExists(states('it exists'));
      executions.set(name, { name, input, status: 'RUNNING' });
    },
    StopExecution(input) {
      const { error, cause } = input;
      Object.assign(executionOf(input), { status: 'ABORTED', error, cause, stopDate: new Date(now()) });
    },
    DescribeExecution: executionOf,
    GetExecutionHistory(input) {
      const { created } = executionOf(input);
      return {
        events: created
          ? [{ stateExitedEventDetails: { name: 'CreateJob', output: JSON.stringify(created) } }]
          : [],
      };
    },
    ListExecutions({ maxResults, nextToken = '0' }) {
      const from = Number(nextToken);
      if (!Number.isInteger(from)) throw refusal('InvalidToken', 400);
      const all = [...executions.values()].reverse();
      const to = from + maxResults;
      return { executions: all.slice(from, to), ...(to < all.length && { nextToken: String(to) }) };
    },

    CreateJob(input) {
      const JobId = `${String(jobs.size).padStart(8, '0')}-2222-4333-8444-555555555555`;
      const { Tags = [], ...job } = input;
      const Status = input.ConfirmationRequired ? 'Suspended' : 'Active';
      const ProgressSummary = { TotalNumberOfTasks: 2, NumberOfTasksSucceeded: 1, NumberOfTasksFailed: 1 };
      const CreationTime = new Date(now());
      jobs.set(JobId, { job: { ...job, JobId, Status, CreationTime, ProgressSummary }, tags: Tags });
      return { JobId };
    },
    DescribeJob: (input) => ({ Job: jobOf(input).job }),
    ListJobs: () => ({ Jobs: [...jobs.values()].map(({ job }) => job) }),
    UpdateJobStatus(input) {
      Object.assign(jobOf(input).job, {
        Status: input.RequestedJobStatus,
        StatusUpdateReason: input.StatusUpdateReason,
      });
    },
    UpdateJobPriority: (input) => void Object.assign(jobOf(input).job, { Priority: input.Priority }),
    GetJobTagging: (input) => ({ Tags: jobOf(input).tags }),
    PutJobTagging: (input) => void Object.assign(jobOf(input), { tags: input.Tags }),

    ListObjectsV2({ Bucket, Prefix }) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(`${Bucket}/${Prefix}`));
      return {
        Contents: keys.map((key) => ({ Key: key.slice(Bucket.length + 1), LastModified: new Date(now()) })),
      };
    },
    HeadBucket: () => ({ BucketRegion: 'us-east-1' }),
    GetObjectLockConfiguration: () => ({ ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }),
    HeadObject: (input) => ({ ETag: '"e1"', ContentLength: objectOf(input).length }),
    GetObject: (input) => ({ ETag: '"e1"', Body: Readable.from([objectOf(input)]) }),
    PutObject({ Bucket, Key, Body }) {
      objects.set(`${Bucket}/${Key}`, Buffer.from(Body));
      return { ETag: '"e1"' };
    },
  };

  const client = {
    async send(command: { input: Input }) {
      const action = command.constructor.name.replace(/Command$/, '');
      calls.push({ action, input: command.input });
      const act = actions[action];
      if (!act) throw new Error(`the stand-in has no ${action}`);
      return act(command.input) ?? {};
    },
  };

  /** Ends a job with one failed task, and writes its report. */
  function endJob(
    jobId: string,
    report: { bucket: string; folder: string },
    failedKey: string,
    message: string,
  ) {
    const { job } = jobOf({ JobId: jobId });
    const forgery = forgeries[ended++ % (3 * forgeries.length)];
    Object.assign(job, { Status: 'Complete', TerminationDate: new Date(now()) });
    const Key = `${report.folder}/results/failed.csv`;
    const Results = [{ TaskExecutionStatus: 'failed', Bucket: report.bucket, Key }];
    const row = `"data","${failedKey}","","failed","503","SlowDown","${message}"\n`;
    const others = [...objects.keys()].filter((key) => key.endsWith('/results/failed.csv'));
    const { manifest = JSON.stringify({ Results }), rows = row } = forgery?.({ row, others, Results }) ?? {};
    objects.set(`${report.bucket}/${report.folder}/manifest.json`, Buffer.from(manifest));
    objects.set(`${report.bucket}/${Key}`, Buffer.from(rows));
  }

  return { account: ACCOUNT, calls, executions, jobs, client, endJob };
}

export type World = ReturnType<typeof createWorld>;
