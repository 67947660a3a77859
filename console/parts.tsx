/** Small parts that several views show. */
import type * as preact from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type AnyJob, ageText, signOf, stateWord } from '../cli/output/words.ts';
import { CallError } from './api.ts';
import { useAction } from './hooks.ts';
import { follow } from './navigation.ts';

type Parent = { children?: preact.ComponentChildren };

export const Link = ({ to, children }: Parent & { to: string }) => (
  <a href={to} onClick={follow}>
    {children}
  </a>
);

export const Button = (props: preact.ButtonHTMLAttributes) => <button type="button" {...props} />;

/** For the next page of a list. */
export const More = ({ more, isBusy }: { more: (() => void) | undefined; isBusy: boolean }) =>
  more ? <Button {...{ onClick: more, disabled: isBusy, children: 'More' }} /> : null;

export function State({ job }: { job: AnyJob }) {
  const word = stateWord(job);
  const { shape, tone } = signOf(word);
  return (
    <span class={`state ${tone}`}>
      <span aria-hidden="true">{shape}</span> {word === 'Suspended' ? 'Waits for confirmation' : word}
    </span>
  );
}

/** In the reader's zone, or as an age; UTC on hover. */
export function Time({ at, isAge = false }: { at: string; isAge?: boolean }) {
  const date = new Date(at);
  const local = date.toLocaleString();
  return (
    <time dateTime={at} title={`${isAge ? `${local} · ` : ''}${date.toISOString()} (UTC)`}>
      {isAge ? ageText(at, Date.now()) : local}
    </time>
  );
}

export function Bar({ job: { progress } }: { job: AnyJob }) {
  if (!progress) return null;
  const { total, succeeded, failed, percent } = progress;
  const share = (value: number) => (total > 0 ? (value * 100) / total : 0);
  const box = { viewBox: '0 0 100 6', preserveAspectRatio: 'none', role: 'img' } as const;
  return (
    <svg class="bar" {...box} aria-label={`${percent} % done`}>
      <rect width="100" height="6" class="rest" />
      <rect width={share(succeeded)} height="6" class="good" />
      <rect x={share(succeeded)} width={share(failed)} height="6" class="bad" />
    </svg>
  );
}

type NoticeProps = { tone: 'bad' | 'warn'; title?: string; text: string | null; remedy?: string | undefined };

export const Notice = ({ tone, title, text, remedy, children }: Parent & NoticeProps) => (
  <div class={`notice ${tone}`}>
    <strong>{title}</strong> {text} {children}
    {remedy && <p>{remedy}</p>}
  </div>
);

type FaultProps = { error: Error | undefined; locate?(pointer: string): preact.ComponentChildren };

/** What went wrong, each fault with its pointer or with what `locate` makes of it, and what to do. */
export function Fault({ error, locate }: FaultProps) {
  if (!error) return null;
  const { errors = [], remedy } = (error instanceof CallError && error.problem) || {};
  return (
    <div role="alert">
      <Notice tone="bad" text={error.message} remedy={remedy}>
        <ul>
          {errors.slice(0, 20).map(({ pointer, detail }) => (
            <li key={pointer + detail}>
              {locate ? locate(pointer) : <code>{pointer || '(whole body)'}</code>} {detail}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

export interface Question {
  title: string;
  /** With the figures of the moment. */
  text: string;
  verb: string;
  act(): Promise<unknown>;
}

/** Asks before an action; the browser keeps the focus inside, and Escape closes it. */
function Confirm({ title, text, verb, act: run, onClose }: Question & { onClose(isDone: boolean): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { act, isBusy, error } = useAction();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={() => onClose(false)} aria-labelledby="question">
      <h2 id="question">{title}</h2>
      <p>{text}</p>
      <Fault error={error} />
      <div class="actions">
        <Button onClick={() => onClose(false)}>Leave it</Button>
        <Button class="bad" disabled={isBusy} onClick={() => act(() => run().then(() => onClose(true)))}>
          {verb}
        </Button>
      </div>
    </dialog>
  );
}

/** `ask` reads the figures of a question and shows it as `dialog`. */
export function useQuestion(onDone: () => void) {
  const [question, setQuestion] = useState<Question>();
  const { act, error } = useAction();
  const close = (isDone: boolean) => {
    setQuestion(undefined);
    if (isDone) onDone();
  };
  const ask = (asked: Promise<Question>) => act(async () => setQuestion(await asked));
  return { ask, act, error, dialog: question && <Confirm {...question} onClose={close} /> };
}

interface CheckProps extends Parent {
  value: string;
  chosen: readonly string[];
  onChange(chosen: readonly string[]): void;
  'aria-label'?: string;
}

/** A box that adds its value to those that are chosen. */
export function Check({ value, chosen, onChange, children, ...rest }: CheckProps) {
  const others = chosen.filter((one) => one !== value);
  const isChosen = chosen.includes(value);
  const change = () => onChange(isChosen ? others : [...others, value]);
  return (
    <label>
      <input type="checkbox" checked={isChosen} onChange={change} {...rest} /> {children}
    </label>
  );
}

export function Copy({ text, children }: Parent & { text: string }) {
  const [isDone, setDone] = useState(false);
  const copy = () => void navigator.clipboard.writeText(text).then(() => setDone(true));
  return <Button onClick={copy}>{isDone ? 'Copied' : children}</Button>;
}

export const Field = ({ label, ...rest }: preact.InputHTMLAttributes & { label: string }) => (
  <label>
    {label} <input {...rest} />
  </label>
);

type ChoiceProps = { label: string; options: readonly string[] } & preact.SelectHTMLAttributes;

export const Choice = ({ label, options, ...rest }: ChoiceProps) => (
  <label>
    {label}
    <select {...rest}>
      {options.map((value) => (
        <option {...{ key: value, value, children: value || 'All' }} />
      ))}
    </select>
  </label>
);

/** A box for wide or long content; the keyboard can focus it to scroll. */
export const Scroll = ({ label, children }: Parent & { label: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: without it, the keyboard cannot scroll
  <section class="scroll" tabIndex={0} aria-label={label}>
    {children}
  </section>
);
