import { useState } from 'preact/hooks';
import { countsText, etaText } from '../cli/output/words.ts';
import type { JobList, JobSummary } from '../functions/core/generated/job-list.mjs';
import { settings } from './api.ts';
import { useLiveRows, usePages } from './hooks.ts';
import { navigate } from './navigation.ts';
import { Bar, Button, Check, Choice, Fault, Field, Link, More, State, Time, useQuestion } from './parts.tsx';
import { acts, questionOf } from './questions.ts';

const statuses =
  'Active Suspended Succeeded CompletedWithFailures Failed Cancelled NotCreated Lost WatchEnded'.split(' ');
/** What the query of the page may hold; the names are those of GET /jobs. */
const filters = ['status', 'operation', 'text', 'createdAfter', 'tag'];

function pathOf({ searchParams }: URL): string {
  const query = new URLSearchParams({ pageSize: '20' });
  for (const name of filters) {
    const value = searchParams.get(name);
    if (value) query.set(name, value);
  }
  return `/jobs?${query}`;
}

/** The job requests, newest first, filtered by the query of the page. */
export function JobListView({ address }: { address: URL }) {
  const [selected, setSelected] = useState<readonly string[]>([]);
  const list = usePages(pathOf(address), (page: JobList) => page.jobs as JobSummary[]);
  const { items: rows, setItems, error, isBusy, reload } = list;
  const { ask, error: refusal, dialog } = useQuestion(reload);
  useLiveRows(rows, (job) =>
    setItems((known) => known?.map((row) => (row.jobRequestId === job.jobRequestId ? job : row))),
  );
  return (
    <main>
      <Filters address={address} />
      <div class="actions" role="toolbar" aria-label="Selected jobs">
        <Button onClick={reload} disabled={isBusy}>
          Refresh
        </Button>
        {selected.length > 0 && !settings.isReadOnly && (
          <>
            <span>{selected.length} selected</span>
            {acts.map(([kind, label]) => (
              <Button key={kind} onClick={() => ask(questionOf(kind, selected))}>
                {label}
              </Button>
            ))}
          </>
        )}
      </div>
      <Fault error={error ?? refusal} />
      {rows?.length === 0 && <p>No job requests match.</p>}
      <ul class="jobs" aria-busy={!rows}>
        {rows?.map((job) => (
          <Row key={job.jobRequestId} job={job} selected={selected} onSelect={setSelected} />
        ))}
      </ul>
      <More {...list} />
      {dialog}
    </main>
  );
}

function Filters({ address }: { address: URL }) {
  /** The value of a filter, and what changes it in the address. */
  const bind = (name: string) => ({
    value: address.searchParams.get(name) ?? '',
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => {
      const target = new URL(address);
      target.searchParams.set(name, currentTarget.value.trim());
      if (!currentTarget.value.trim()) target.searchParams.delete(name);
      navigate(target.href, true);
    },
  });
  return (
    <search class="form">
      <Field label="Id or text" type="search" {...bind('text')} />
      <Choice label="State" options={['', ...statuses]} {...bind('status')} />
      <Field label="Submitted since" type="date" {...bind('createdAfter')} />
    </search>
  );
}

type RowProps = { job: JobSummary; selected: readonly string[]; onSelect(ids: readonly string[]): void };

function Row({ job, selected, onSelect }: RowProps) {
  const { jobRequestId, operation, description, submittedAt, submittedBy } = job;
  const name = description || jobRequestId;
  return (
    <li class={job.status === 'Suspended' && !job.outcome ? 'suspended' : ''}>
      <Check value={jobRequestId} chosen={selected} onChange={onSelect} aria-label={`Select ${name}`} />
      <div class="what">
        <Link to={`/console/jobs/${jobRequestId}`}>{name}</Link>
        <small>
          {operation} · <Time at={submittedAt} isAge />
          {submittedBy && ` · ${submittedBy}`}
        </small>
      </div>
      <State job={job} />
      <div class="how-far">
        <Bar job={job} />
        <small>{[countsText(job), etaText(job)].filter(Boolean).join(' · ')}</small>
      </div>
    </li>
  );
}
