import { useEffect, useState } from 'preact/hooks';
import { isFinal } from '../cli/output/words.ts';
import type { JobSummary } from '../functions/core/generated/job-list.mjs';
import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import { get, send } from './api.ts';

/** S3's jobs change slowly, and each reading is a call that is paid for. */
const REFRESH_MS = 15_000;
const PAUSE_MS = 1000;

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Runs what the user asks for, one thing at a time, and keeps its error until the next. */
export function useAction() {
  const [state, setState] = useState<{ error?: Error; isBusy: boolean }>({ isBusy: false });
  const act = (action: () => Promise<unknown>): void => {
    setState({ isBusy: true });
    action().then(
      () => setState({ isBusy: false }),
      (error: Error) => setState({ error, isBusy: false }),
    );
  };
  return { error: state.error, isBusy: state.isBusy, act };
}

/** A list that the API answers in pages: the first at once, the next when the user asks for `more`. */
export function usePages<P extends { nextPageToken: string | null }, T>(
  path: string,
  itemsOf: (page: P) => readonly T[],
) {
  const [items, setItems] = useState<readonly T[]>();
  const [next, setNext] = useState<string | null>(null);
  const action = useAction();
  const load = (token?: string) =>
    action.act(async () => {
      const page = await get<P>(token ? `${path}&pageToken=${encodeURIComponent(token)}` : path);
      setItems((known = []) => [...(token ? known : []), ...itemsOf(page)]);
      setNext(page.nextPageToken);
    });
  useEffect(() => load(), [path]);
  return { ...action, items, setItems, reload: () => load(), more: next ? () => load(next) : undefined };
}

/** One reading of a job's progress, while the page was open. */
export type Point = { ms: number; done: number; failed: number };

type LiveJob = { job?: JobResource; points: Point[]; error?: Error };

/** One job, read by long polls until it is final; nothing is read while the page is hidden. */
export function useJob(id: string) {
  const [state, setState] = useState<LiveJob>({ points: [] });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    const read = async () => {
      let headers = {};
      for (;;) {
        while (document.hidden) await sleep(PAUSE_MS);
        const response = await send(`/jobs/${id}`, { signal: abort.signal, headers });
        if (response.status === 200) {
          headers = { prefer: 'wait=20', 'if-none-match': response.headers.get('etag') ?? '' };
          const job = (await response.json()) as JobResource;
          setState(({ points }) => ({ job, points: [...points, ...pointOf(job)] }));
          if (isFinal(job)) {
            // The watch reads the report a little after S3 has ended the job.
            if (job.digest || !job.links.failures) return;
            headers = {};
            await sleep(REFRESH_MS / 5);
          }
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
export function useLiveRows(rows: readonly JobSummary[] = [], update: (job: JobSummary) => void): void {
  useEffect(() => {
    const timer = setInterval(async () => {
      if (document.hidden) return;
      for (const { jobRequestId } of rows.filter((row) => !isFinal(row))) {
        const job = await get<JobSummary>(`/jobs/${jobRequestId}`).catch(() => undefined);
        if (job) update(job);
      }
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [rows]);
}
