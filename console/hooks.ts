import { useEffect, useRef, useState } from 'preact/hooks';
import type { JobSummary } from '../functions/core/generated/job-list.mjs';
import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import { send } from './api.ts';

/** S3's jobs change slowly, and each reading is a call that is paid for. */
const REFRESH_MS = 15_000;
const PAUSE_MS = 1000;

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Resolves while the page is shown. */
const shown = (): Promise<void> =>
  new Promise((done) => {
    const check = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', check);
      done();
    };
    document.addEventListener('visibilitychange', check);
    check();
  });

export const isFinal = ({ state }: { state: string }): boolean => state === 'Ended' || state === 'NotWatched';

/** One reading of a job's progress, while the page was open. */
export interface Point {
  ms: number;
  done: number;
  failed: number;
}

export interface LiveJob {
  job?: JobResource;
  points: Point[];
  error?: Error;
  /** Reads the job again at once. */
  reload(): void;
}

/** One job, read by long polls until it is final; nothing is read while the page is hidden. */
export function useJob(id: string): LiveJob {
  const [state, setState] = useState<Omit<LiveJob, 'reload'>>({ points: [] });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    const read = async () => {
      let etag = '';
      for (;;) {
        await shown();
        const headers = etag ? { prefer: 'wait=20', 'if-none-match': etag } : undefined;
        const response = await send(`/jobs/${id}`, { signal: abort.signal, ...(headers && { headers }) });
        if (response.status === 200) {
          etag = response.headers.get('etag') ?? '';
          const job = (await response.json()) as JobResource;
          setState(({ points }) => ({ job, points: [...points, ...pointOf(job)] }));
          if (isFinal(job)) return;
        }
        await sleep(PAUSE_MS);
      }
    };
    read().catch((error: Error) => {
      if (!abort.signal.aborted) setState((known) => ({ ...known, error }));
    });
    return () => abort.abort();
  }, [id, round]);
  return { ...state, reload: () => setRound(round + 1) };
}

const pointOf = ({ progress }: JobResource): Point[] =>
  progress ? [{ ms: Date.now(), done: progress.succeeded + progress.failed, failed: progress.failed }] : [];

/** Keeps the rows that are not final up to date, at most every 15 seconds and never while the page is hidden. */
export function useLiveRows(rows: readonly JobSummary[], update: (job: JobSummary) => void): void {
  const latest = useRef({ rows, update });
  latest.current = { rows, update };
  useEffect(() => {
    const timer = setInterval(async () => {
      if (document.hidden) return;
      for (const { jobRequestId } of latest.current.rows.filter((row) => !isFinal(row))) {
        const response = await send(`/jobs/${jobRequestId}`).catch(() => undefined);
        if (response) latest.current.update((await response.json()) as JobSummary);
      }
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
}
