import { useRef, useState } from 'preact/hooks';
import { count } from '../cli/output/words.ts';
import type { DryRun } from '../functions/core/generated/dry-run.mjs';
import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import { CallError, post } from './api.ts';
import { lineOf, offsetOf } from './json-position.ts';
import { navigate } from './navigation.ts';
import { Fault, useAction } from './parts.tsx';
import { draft } from './request.ts';

/** The frequent operations: what the form asks for, and the Operation member that it makes. */
const kinds: Record<string, { label: string; hint: string; make(text: string): object }> = {
  tag: {
    label: 'Replace tags',
    hint: 'team=media, cost=42',
    make: (text) => ({
      S3PutObjectTagging: {
        TagSet: text.split(',').map((pair) => {
          const [Key = '', Value = ''] = pair.split('=').map((part) => part.trim());
          return { Key, Value };
        }),
      },
    }),
  },
  untag: { label: 'Remove tags', hint: '', make: () => ({ S3DeleteObjectTagging: {} }) },
  copy: {
    label: 'Copy',
    hint: 's3://my-archive/2026',
    make: (text) => {
      const [bucket = '', ...prefix] = text.replace(/^s3:\/\//, '').split('/');
      const folder = prefix.filter(Boolean).join('/');
      return {
        S3PutObjectCopy: {
          TargetResource: `arn:aws:s3:::${bucket}`,
          ...(folder && { TargetKeyPrefix: folder }),
        },
      };
    },
  },
  restore: {
    label: 'Restore for days',
    hint: '7',
    make: (text) => ({ S3InitiateRestoreObject: { ExpirationInDays: Number(text), GlacierJobTier: 'BULK' } }),
  },
  run: {
    label: 'Worker action',
    hint: 'verify-checksum',
    make: (text) => ({ LambdaInvoke: { UserArguments: { action: text } } }),
  },
};

const sources: Record<string, { label: string; hint: string; make(text: string): object }> = {
  prefix: {
    label: 'All objects under',
    hint: 's3://my-bucket/photos/',
    make: (text) => {
      const [, bucket = '', key = ''] = /^(?:s3:\/\/)?([^/]+)\/?(.*)$/.exec(text) ?? [];
      return {
        ManifestGenerator: {
          S3JobManifestGenerator: {
            SourceBucket: `arn:aws:s3:::${bucket}`,
            EnableManifestOutput: false,
            ...(key && { Filter: { KeyNameConstraint: { MatchAnyPrefix: [key] } } }),
          },
        },
      };
    },
  },
  manifest: {
    label: 'A manifest (CSV)',
    hint: 's3://my-bucket/manifest.csv',
    make: (text) => ({ Manifest: { Location: { ObjectArn: text.replace(/^s3:\/\//, 'arn:aws:s3:::') } } }),
  },
};

type Choice = (typeof kinds)[string];

/** A form for the frequent operations, and the JSON that is sent: checked first, then started exactly as it was checked. */
export function NewJobView() {
  const [text, setText] = useState(() => (draft.body ? JSON.stringify(draft.body, null, 2) : ''));
  const [checked, setChecked] = useState<{ text: string; dryRun: DryRun }>();
  const editor = useRef<HTMLTextAreaElement>(null);
  const { act, error, isBusy } = useAction();
  const isChecked = checked?.text === text && checked.dryRun.wouldStart;

  const check = () =>
    act(async () => {
      setChecked(undefined);
      setChecked({ text, dryRun: await post<DryRun>('/jobs?dryRun=true', parsed(text)) });
    });
  const start = () =>
    act(async () => {
      const id = checked?.dryRun.dryRunId;
      const path = `/jobs${id ? `?dryRunId=${id}` : ''}`;
      const job = await post<JobResource>(path, parsed(text), { 'idempotency-key': crypto.randomUUID() });
      navigate(`/console/jobs/${job.jobRequestId}`);
    });
  const show = (pointer: string) => {
    const offset = offsetOf(text, pointer);
    editor.current?.focus();
    editor.current?.setSelectionRange(offset, text.indexOf('\n', offset) + 1 || text.length);
  };

  return (
    <main>
      <h2>New job</h2>
      <Form onMake={(body) => setText(JSON.stringify(body, null, 2))} />
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
      {error && <Fault error={error} />}
      {error instanceof CallError && <Lines text={text} error={error} onShow={show} />}
      <div class="actions">
        <button type="button" disabled={isBusy || !text.trim()} onClick={check}>
          Check (dry run)
        </button>
        <button type="button" class="primary" disabled={isBusy || !isChecked} onClick={start}>
          Start exactly this
        </button>
      </div>
      {checked?.text === text && <DryRunResult dryRun={checked.dryRun} onShow={show} />}
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

/** Where in the editor each fault is. */
function Lines({ text, error, onShow }: { text: string; error: CallError; onShow(pointer: string): void }) {
  return (
    <ul>
      {(error.problem?.errors ?? []).slice(0, 20).map(({ pointer, detail }) => (
        <li key={pointer + detail}>
          <button type="button" onClick={() => onShow(pointer)}>
            Line {lineOf(text, offsetOf(text, pointer))}
          </button>{' '}
          {detail}
        </li>
      ))}
    </ul>
  );
}

function Form({ onMake }: { onMake(body: object): void }) {
  const make = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const value = (name: string) => String(form.get(name) ?? '').trim();
    const description = value('description');
    onMake({
      Operation: kinds[value('kind')]?.make(value('argument')),
      ...sources[value('source')]?.make(value('address')),
      ...(description && { Description: description }),
      ...(form.has('confirmation') && { ConfirmationRequired: true }),
    });
  };
  const options = (choices: Record<string, Choice>) =>
    Object.entries(choices).map(([name, { label, hint }]) => (
      <option key={name} value={name}>
        {hint ? `${label}: ${hint}` : label}
      </option>
    ));
  return (
    <form class="filters" onSubmit={make}>
      <label>
        What to do
        <select name="kind">{options(kinds)}</select>
      </label>
      <label>
        With
        <input name="argument" />
      </label>
      <label>
        On
        <select name="source">{options(sources)}</select>
      </label>
      <label>
        Address
        <input name="address" required />
      </label>
      <label>
        Description
        <input name="description" />
      </label>
      <label class="inline">
        <input type="checkbox" name="confirmation" /> Wait for confirmation
      </label>
      <button type="submit">Fill in</button>
    </form>
  );
}

function DryRunResult({ dryRun, onShow }: { dryRun: DryRun; onShow(pointer: string): void }) {
  const { wouldStart, objects, firstRows, findings, estimate } = dryRun;
  return (
    <section aria-live="polite">
      <h3>{wouldStart ? 'It would start' : 'It would be refused'}</h3>
      <p>
        {objects
          ? `${objects.isExact ? '' : 'About '}${count(objects.likely)} objects`
          : 'S3 counts the objects when the job runs'}
        , about ${estimate.usd.toFixed(2)} (without {estimate.notIncluded.join(', ')}).
      </p>
      {findings.map(({ code, severity, detail, remedy, lines, pointer }) => (
        <div key={code + detail} class={`notice ${severity === 'error' ? 'bad' : 'warn'}`}>
          <strong>{code}</strong> {detail} {lines && `Lines ${lines.join(', ')}.`}
          {pointer && (
            <button type="button" onClick={() => onShow(pointer)}>
              Show
            </button>
          )}
          <p>{remedy}</p>
        </div>
      ))}
      {firstRows.length > 0 && (
        <ol>
          {firstRows.map(({ Bucket, Key, VersionId }) => (
            <li key={Bucket + Key + VersionId}>
              <code>
                {Bucket}/{Key}
              </code>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
