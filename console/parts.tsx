/** Small parts that several views show. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ageText, stateWord } from '../cli/output/words.ts';
import type { JobSummary } from '../functions/core/generated/job-list.mjs';
import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import { CallError } from './api.ts';
import { follow } from './navigation.ts';

export const Link = ({ to, children }: { to: string; children: ComponentChildren }) => (
  <a href={to} onClick={follow}>
    {children}
  </a>
);

/** Every state has a shape of its own beside its word and its colour. */
const shapes: Record<string, [string, string]> = {
  Succeeded: ['✓', 'good'],
  CompletedWithFailures: ['▲', 'warn'],
  Suspended: ['❚❚', 'warn'],
  Cancelled: ['■', 'quiet'],
  Failed: ['✕', 'bad'],
  NotCreated: ['✕', 'bad'],
  Lost: ['?', 'bad'],
  WatchEnded: ['?', 'bad'],
  NotWatched: ['?', 'bad'],
};

export function State({ job }: { job: JobSummary | JobResource }) {
  const word = stateWord(job);
  const [shape, tone] = shapes[word] ?? ['●', 'busy'];
  return (
    <span class={`state ${tone}`}>
      <span aria-hidden="true">{shape}</span> {word === 'Suspended' ? 'Waits for confirmation' : word}
    </span>
  );
}

/** In the reader's zone; UTC on hover. */
export const Time = ({ at }: { at: string }) => (
  <time dateTime={at} title={`${new Date(at).toISOString()} (UTC)`}>
    {new Date(at).toLocaleString()}
  </time>
);

export const Age = ({ at }: { at: string }) => (
  <time dateTime={at} title={`${new Date(at).toLocaleString()} · ${new Date(at).toISOString()} (UTC)`}>
    {ageText(at, Date.now())}
  </time>
);

export function Bar({ job: { progress } }: { job: JobSummary | JobResource }) {
  if (!progress) return null;
  const { total, succeeded, failed, percent } = progress;
  const share = (value: number) => (total > 0 ? (value * 100) / total : 0);
  return (
    <svg
      class="bar"
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${percent} % done`}
    >
      <rect width="100" height="6" class="rest" />
      <rect width={share(succeeded)} height="6" class="good" />
      <rect x={share(succeeded)} width={share(failed)} height="6" class="bad" />
    </svg>
  );
}

/** What went wrong, each fault with its pointer, and what to do. */
export function Fault({ error }: { error: Error }) {
  const { errors = [], remedy } = (error instanceof CallError && error.problem) || {};
  return (
    <div class="notice bad" role="alert">
      <p>{error.message}</p>
      <ul>
        {errors.slice(0, 20).map(({ pointer, detail }) => (
          <li key={pointer + detail}>
            <code>{pointer || '(whole body)'}</code> {detail}
          </li>
        ))}
      </ul>
      {remedy && <p>{remedy}</p>}
    </div>
  );
}

/** Runs an action once at a time, and keeps its error. */
export function useAction(): {
  error: Error | undefined;
  isBusy: boolean;
  act(action: () => Promise<unknown>): void;
} {
  const [state, setState] = useState<{ error?: Error; isBusy: boolean }>({ isBusy: false });
  const act = (action: () => Promise<unknown>) => {
    setState({ isBusy: true });
    action().then(
      () => setState({ isBusy: false }),
      (error: Error) => setState({ error, isBusy: false }),
    );
  };
  return { error: state.error, isBusy: state.isBusy, act };
}

export interface Question {
  title: string;
  /** With the figures of the moment. */
  text: string;
  verb: string;
  act(): Promise<unknown>;
}

/** Asks before an action; the browser keeps the focus inside, and Escape closes it. */
export function Confirm({ question, onClose }: { question: Question; onClose(isDone: boolean): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { act, isBusy, error } = useAction();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={() => onClose(false)} aria-labelledby="question">
      <h2 id="question">{question.title}</h2>
      <p>{question.text}</p>
      {error && <Fault error={error} />}
      <div class="actions">
        <button type="button" onClick={() => onClose(false)}>
          Leave it
        </button>
        <button
          type="button"
          class="danger"
          disabled={isBusy}
          onClick={() => act(() => question.act().then(() => onClose(true)))}
        >
          {question.verb}
        </button>
      </div>
    </dialog>
  );
}

export function Copy({ text, children }: { text: string; children: ComponentChildren }) {
  const [isDone, setDone] = useState(false);
  return (
    <button type="button" onClick={() => navigator.clipboard.writeText(text).then(() => setDone(true))}>
      {isDone ? 'Copied' : children}
    </button>
  );
}

/** A box for wide or long content; the keyboard can focus it to scroll. */
export const Scroll = ({ label, children }: { label: string; children: ComponentChildren }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: without it, the keyboard cannot scroll
  <section class="scroll" tabIndex={0} aria-label={label}>
    {children}
  </section>
);
