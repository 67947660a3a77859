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

/** What the form asks for, with an example of the text (empty if it needs none), and the member that it makes. */
type Kind = [label: string, hint: string, make: (text: string) => object];

const operations: readonly Kind[] = [
  ['Replace tags', 'team=media, cost=42', (text) => make.tagging('With', text.split(/, */))],
  ['Remove tags', '', () => ({ S3DeleteObjectTagging: {} })],
  ['Copy', 's3://my-archive/2026', (text) => make.copying('With', text)],
  ['Restore for days', '7', (text) => make.restoring(Number(text), 'BULK')],
  ['Worker action', 'verify-checksum', (text) => make.acting(text)],
];
const sources: readonly Kind[] = [
  ['All objects under', 's3://my-bucket/photos/', (text) => make.objectsUnder('Address', text)],
  ['A manifest (CSV)', 's3://my-bucket/manifest.csv', (text) => make.manifestAt('Address', text)],
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
      setChecked({
        text,
        dryRun: await post<DryRun>('/jobs?dryRun=true', make.parsed<object>(text, 'The request')),
      });
    });
  const start = () =>
    act(async () => {
      const path = `/jobs${dryRun?.dryRunId ? `?dryRunId=${dryRun.dryRunId}` : ''}`;
      const job = await post<JobResource>(path, make.parsed(text, 'The request'), {
        'idempotency-key': crypto.randomUUID(),
      });
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

function Form({ onMake }: { onMake(body: () => object): void }) {
  const [[, hint, makeOperation], setOperation] = useState(operations[0] as Kind);
  const [[, sourceHint, makeSource], setSource] = useState(sources[0] as Kind);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const value = (name: string) => String(form.get(name) ?? '').trim();
    const description = value('description');
    onMake(() => ({
      Operation: makeOperation(value('argument')),
      ...makeSource(value('address')),
      ...(description && { Description: description }),
      ...(form.has('confirmation') && { ConfirmationRequired: true }),
    }));
  };
  const choose = (choices: readonly Kind[], set: (choice: Kind) => void) => ({
    options: choices.map(([label]) => label),
    onChange: (event: { currentTarget: HTMLSelectElement }) =>
      set(choices[event.currentTarget.selectedIndex] as Kind),
  });
  return (
    <form class="form" onSubmit={submit}>
      <Choice label="What to do" {...choose(operations, setOperation)} />
      <Field label="With" name="argument" placeholder={hint} disabled={!hint} required />
      <Choice label="On" {...choose(sources, setSource)} />
      <Field label="Address" name="address" placeholder={sourceHint} required />
      <Field label="Description" name="description" />
      <label class="inline">
        <input type="checkbox" name="confirmation" /> Wait for confirmation
      </label>
      <button type="submit">Fill in</button>
    </form>
  );
}

const toneOf = (severity: string) => (severity === 'error' ? 'bad' : 'warn');

type Locate = (pointer: string) => ComponentChildren;

function DryRunResult({ dryRun, locate }: { dryRun: DryRun; locate: Locate }) {
  const { wouldStart, firstRows, findings, estimate } = dryRun;
  return (
    <section aria-live="polite">
      <h3>{wouldStart ? 'It would start' : 'It would be refused'}</h3>
      <p>
        It runs on {expectedText(dryRun)} and costs about {priceText(estimate)}.
      </p>
      {findings.map(({ code, severity, detail, remedy, lines, pointer }) => (
        <Notice key={code + detail} tone={toneOf(severity)} {...{ title: code, text: detail, remedy }}>
          {lines && `Lines ${lines.join(', ')}. `}
          {pointer && locate(pointer)}
        </Notice>
      ))}
      <ol>
        {firstRows.map(({ Bucket, Key, VersionId }) => (
          <li key={Bucket + Key + VersionId}>{`${Bucket}/${Key}`}</li>
        ))}
      </ol>
    </section>
  );
}
