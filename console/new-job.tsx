import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import * as make from '../cli/input/values.ts';
import { expectedText, priceText } from '../cli/output/words.ts';
import type { DryRun } from '../functions/core/generated/dry-run.mjs';
import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import { post } from './api.ts';
import { useAction } from './hooks.ts';
import { lineOf, offsetOf } from './json-position.ts';
import { navigate } from './navigation.ts';
import { Button, Choice, Fault, Field, Notice } from './parts.tsx';
import { draft } from './request.ts';

interface Kind {
  label: string;
  /** An example of the text that it needs; none when it needs no text. */
  hint?: string;
  make(text: string): object;
}

/** The frequent operations: what the form asks for, and the Operation member that it makes. */
const operations: readonly Kind[] = [
  {
    label: 'Replace tags',
    hint: 'team=media, cost=42',
    make: (text) => make.tagging('With', text.split(/, */)),
  },
  { label: 'Remove tags', make: () => ({ S3DeleteObjectTagging: {} }) },
  { label: 'Copy', hint: 's3://my-archive/2026', make: (text) => make.copying('With', text) },
  { label: 'Restore for days', hint: '7', make: (text) => make.restoring(Number(text), 'BULK') },
  { label: 'Worker action', hint: 'verify-checksum', make: (text) => make.acting(text) },
];

const sources: readonly Kind[] = [
  {
    label: 'All objects under',
    hint: 's3://my-bucket/photos/',
    make: (text) => make.objectsUnder('Address', text),
  },
  {
    label: 'A manifest (CSV)',
    hint: 's3://my-bucket/manifest.csv',
    make: (text) => make.manifestAt('Address', text),
  },
];

/** A form for the frequent operations, and the JSON that is sent: checked first, then started exactly as it was checked. */
export function NewJobView() {
  const [text, setText] = useState(() => (draft.body ? JSON.stringify(draft.body, null, 2) : ''));
  const [checked, setChecked] = useState<{ text: string; dryRun: DryRun }>();
  const editor = useRef<HTMLTextAreaElement>(null);
  const { act, error, isBusy } = useAction();
  const dryRun = checked?.text === text ? checked.dryRun : undefined;

  const check = () =>
    act(async () => {
      setChecked(undefined);
      setChecked({ text, dryRun: await post<DryRun>('/jobs?dryRun=true', parsed(text)) });
    });
  const start = () =>
    act(async () => {
      const path = `/jobs${dryRun?.dryRunId ? `?dryRunId=${dryRun.dryRunId}` : ''}`;
      const job = await post<JobResource>(path, parsed(text), { 'idempotency-key': crypto.randomUUID() });
      navigate(`/console/jobs/${job.jobRequestId}`);
    });
  const show = (pointer: string) => {
    const offset = offsetOf(text, pointer);
    editor.current?.focus();
    editor.current?.setSelectionRange(offset, text.indexOf('\n', offset) + 1 || text.length);
  };
  const locate = (pointer: string) => (
    <Button onClick={() => show(pointer)}>Line {lineOf(text, offsetOf(text, pointer))}</Button>
  );

  return (
    <main>
      <h2>New job</h2>
      <Form onMake={(body) => act(async () => setText(JSON.stringify(body(), null, 2)))} />
      <label class="editor">
        Request
        <textarea
          ref={editor}
          spellcheck={false}
          rows={Math.min(30, Math.max(8, text.split('\n').length + 1))}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <Fault error={error} locate={locate} />
      <div class="actions">
        <Button disabled={isBusy || !text.trim()} onClick={check}>
          Check (dry run)
        </Button>
        <Button class="primary" disabled={isBusy || !dryRun?.wouldStart} onClick={start}>
          Start exactly this
        </Button>
      </div>
      {dryRun && <DryRunResult dryRun={dryRun} locate={locate} />}
    </main>
  );
}

function parsed(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    throw new Error(`The request is no JSON: ${(error as Error).message}`);
  }
}

function Form({ onMake }: { onMake(body: () => object): void }) {
  const [operation, setOperation] = useState(operations[0] as Kind);
  const [source, setSource] = useState(sources[0] as Kind);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const value = (name: string) => String(form.get(name) ?? '').trim();
    const description = value('description');
    onMake(() => ({
      Operation: operation.make(value('argument')),
      ...source.make(value('address')),
      ...(description && { Description: description }),
      ...(form.has('confirmation') && { ConfirmationRequired: true }),
    }));
  };
  const choose = (choices: readonly Kind[], set: (choice: Kind) => void) => ({
    options: choices.map(({ label }) => label),
    onChange: (event: { currentTarget: HTMLSelectElement }) =>
      set(choices[event.currentTarget.selectedIndex] as Kind),
  });
  const { hint } = operation;
  return (
    <form class="form" onSubmit={submit}>
      <Choice label="What to do" {...choose(operations, setOperation)} />
      <Field label="With" name="argument" placeholder={hint} disabled={!hint} required />
      <Choice label="On" {...choose(sources, setSource)} />
      <Field label="Address" name="address" placeholder={source.hint} required />
      <Field label="Description" name="description" />
      <label class="inline">
        <input type="checkbox" name="confirmation" /> Wait for confirmation
      </label>
      <button type="submit">Fill in</button>
    </form>
  );
}

interface ResultProps {
  dryRun: DryRun;
  locate(pointer: string): ComponentChildren;
}

function DryRunResult({ dryRun, locate }: ResultProps) {
  const { wouldStart, firstRows, findings, estimate } = dryRun;
  return (
    <section aria-live="polite">
      <h3>{wouldStart ? 'It would start' : 'It would be refused'}</h3>
      <p>
        It runs on {expectedText(dryRun)} and costs about {priceText(estimate)}.
      </p>
      {findings.map(({ code, severity, detail, remedy, lines, pointer }) => (
        <Notice
          key={code + detail}
          tone={severity === 'error' ? 'bad' : 'warn'}
          {...{ title: code, text: detail, remedy }}
        >
          {lines && `Lines ${lines.join(', ')}. `}
          {pointer && locate(pointer)}
        </Notice>
      ))}
      <ol>
        {firstRows.map(({ Bucket, Key, VersionId }) => (
          <li key={Bucket + Key + VersionId}>
            <code>{`${Bucket}/${Key}`}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}
