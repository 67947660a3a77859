import { Readable } from 'node:stream';
import type { Clock } from '../../local/core/clock.ts';
import type { WireHandler } from '../../local/core/wire.ts';
import type { Dice } from './dice.ts';
import type { Plan } from './plan.ts';
import type { Trace } from './trace.ts';
import type { Track } from './tracker.ts';
import type { S3ControlModel } from './world/s3-control.ts';
import type { Delivered } from './world/topic.ts';

/** The API's answer, with the members of a job resource that the checks read. */
export interface Answer {
  status: number;
  jobRequestId?: string;
  state?: string;
  outcome?: string | null;
  /** Of a problem. */
  code?: string;
}

/** The answer to a POST /jobs. */
export interface Submitted extends Answer {
  /** Whether the body was the planned one. */
  asked: 'this' | 'something else';
}

/** A cancellation through the API that was acknowledged. */
export interface Cancelled {
  id: string;
  /** Milliseconds since the epoch, when the caller received the answer. */
  at: number;
  /** Together with all automatic retries. */
  isChain: boolean;
}

const MAX_TRIES = 40;
const LONGEST_PAUSE_SECONDS = 1800;

/** Callers and operators who submit, confirm and cancel, through the API and in the console. */
export function createPeople(options: {
  plan: Plan;
  api: WireHandler;
  s3control: S3ControlModel;
  /** Stops the running executions. */
  abort: () => void;
  dice: Dice;
  clock: Clock;
  track: Track;
  trace: Trace;
}) {
  const { plan, api, s3control, abort, dice, clock, track, trace } = options;
  const { people, body } = plan;
  const answers: Submitted[] = [];
  const cancelled: Cancelled[] = [];
  const sleep = (seconds: number) => clock.sleep(seconds * 1000);
  let isAskedToConfirm = false;

  const ask = async (method: string, path: string, content?: unknown): Promise<Answer> => {
    const text = JSON.stringify(content);
    const headers = {
      ...(text !== undefined && { 'content-type': 'application/json' }),
      ...(people.key && { 'idempotency-key': people.key }),
    };
    const request = {
      method,
      path,
      query: '',
      headers,
      body: Readable.from(text ? [Buffer.from(text)] : []),
    };
    const answer = await api(request);
    trace(() => [method, path, answer.status, answer.body]);
    return { ...JSON.parse(String(answer.body)), status: answer.status };
  };
  const post = (path: string, content?: unknown) => ask('POST', path, content);

  /** Retries while the answer is a 5xx. */
  const insist = async (path: string, content?: unknown) => {
    for (let tries = 1, pause = 2; ; tries++, pause = Math.min(pause * 2, LONGEST_PAUSE_SECONDS)) {
      const answer = await post(path, content);
      if (answer.status < 500 || tries === MAX_TRIES) return answer;
      await sleep(pause * (0.5 + dice.random.next()));
    }
  };

  const submit = async (): Promise<string | undefined> => {
    const answer = await (people.key ? insist('/jobs', body) : post('/jobs', body));
    answers.push({ ...answer, asked: 'this' });
    return answer.jobRequestId;
  };

  const reuseKey = async () => {
    const other = { ...body, Priority: 7 };
    answers.push({ ...(await insist('/jobs', other)), asked: 'something else' });
  };

  const change = async (id: string, status: 'Ready' | 'Cancelled', by: 'api' | 'console') => {
    if (by === 'api') {
      const answer = await insist(`/jobs/${id}/${status === 'Ready' ? 'confirm' : 'cancel'}`);
      if (status === 'Cancelled' && [200, 202].includes(answer.status))
        cancelled.push({ id, at: clock.now(), isChain: false });
      return;
    }
    trace(() => ['console', status]);
    for (const job of s3control.jobs) {
      try {
        s3control.actions.UpdateJobStatus({ AccountId: '', JobId: job.id, RequestedJobStatus: status });
      } catch (refusal) {
        trace(() => ['console refused', String(refusal)]);
      }
    }
  };

  const cancel = async (id: string) => {
    if (!people.cancel) return;
    await sleep(people.cancel.afterSeconds);
    await change(id, 'Cancelled', people.cancel.by);
  };

  const stopRetries = async (id: string, afterSeconds: number) => {
    await sleep(afterSeconds);
    const { status } = await insist(`/jobs/${id}/cancel`, { retries: true });
    if (status < 300) cancelled.push({ id, at: clock.now(), isChain: true });
  };

  return {
    answers,
    cancelled,
    read: (id: string) => ask('GET', `/jobs/${id}`),
    async begin(): Promise<void> {
      const [id] = await Promise.all([submit(), ...(people.isTwice ? [submit()] : [])]);
      if (people.abortAfterSeconds !== undefined) void track(sleep(people.abortAfterSeconds).then(abort));
      if (id) void track(cancel(id));
      if (id && people.stopsRetriesAfterSeconds !== undefined)
        void track(stopRetries(id, people.stopsRetriesAfterSeconds));
      if (people.reusesKey) await reuseKey();
    },
    /** Confirms the job once, if the plan says so. */
    hear({ notice }: Delivered): void {
      if (notice.kind !== 'needs-confirmation' || !people.confirm || isAskedToConfirm) return;
      isAskedToConfirm = true;
      const { afterSeconds, by } = people.confirm;
      void track(sleep(afterSeconds).then(() => change(notice.jobRequestId, 'Ready', by)));
    },
  };
}
