import { useEffect, useState } from 'preact/hooks';
import { countsText, durationText } from '../cli/output/words.ts';
import type { JobList, JobSummary } from '../functions/core/generated/job-list.mjs';
import { get, settings } from './api.ts';
import { useLiveRows } from './hooks.ts';
import { navigate } from './navigation.ts';
import { Age, Bar, Confirm, Fault, Link, type Question, State, useAction } from './parts.tsx';
import { cancelQuestion, confirmQuestion, retryQuestion } from './questions.ts';

const statuses = [
  'Active',
  'Suspended',
  'Succeeded',
  'CompletedWithFailures',
  'Failed',
  'Cancelled',
  'NotCreated',
];
/** What the query of the page may hold; the names are those of GET /jobs. */
const filters = ['status', 'operation', 'text', 'createdAfter', 'tag'];
const PAGE_SIZE = 20;

const queryOf = (address: URL): string => {
  const query = new URLSearchParams({ pageSize: String(PAGE_SIZE) });
  for (const name of filters) {
    const value = address.searchParams.get(name);
    if (value) query.set(name, value);
  }
  return query.toString();
};

/** The job requests, newest first, filtered by the query of the page. */
export function JobListView({ address }: { address: URL }) {
  const [rows, setRows] = useState<JobSummary[]>();
  const [next, setNext] = useState<string | null>(null);
  const [selected, setSelected] = useState<readonly string[]>([]);
  const [question, setQuestion] = useState<Question>();
  const { act, error, isBusy } = useAction();
  const query = queryOf(address);

  const load = async (token?: string) => {
    const page = await get<JobList>(
      `/jobs?${query}${token ? `&pageToken=${encodeURIComponent(token)}` : ''}`,
    );
    setRows((known) => [...(token && known ? known : []), ...(page.jobs as JobSummary[])]);
    setNext(page.nextPageToken);
  };
  useEffect(() => act(() => load()), [query]);
  useLiveRows(rows ?? [], (job) =>
    setRows((known) => known?.map((row) => (row.jobRequestId === job.jobRequestId ? job : row))),
  );
  const ask = (make: (ids: readonly string[]) => Promise<Question>) =>
    act(async () => setQuestion(await make(selected)));

  return (
    <main>
      <Filters address={address} />
      <div class="actions" role="toolbar" aria-label="Selected jobs">
        <button type="button" onClick={() => act(() => load())} disabled={isBusy}>
          Refresh
        </button>
        {selected.length > 0 && !settings.isReadOnly && (
          <>
            <span>{selected.length} selected</span>
            <button type="button" onClick={() => ask(confirmQuestion)}>
              Confirm
            </button>
            <button type="button" onClick={() => ask(cancelQuestion)}>
              Cancel
            </button>
            <button type="button" onClick={() => ask(retryQuestion)}>
              Retry failed
            </button>
          </>
        )}
      </div>
      {error && <Fault error={error} />}
      {rows?.length === 0 && <p>No job requests match.</p>}
      <ul class="jobs" aria-busy={!rows}>
        {rows?.map((job) => (
          <Row
            key={job.jobRequestId}
            job={job}
            isSelected={selected.includes(job.jobRequestId)}
            onSelect={(isSelected) =>
              setSelected((ids) => [
                ...ids.filter((id) => id !== job.jobRequestId),
                ...(isSelected ? [job.jobRequestId] : []),
              ])
            }
          />
        ))}
      </ul>
      {next && (
        <button type="button" onClick={() => act(() => load(next))} disabled={isBusy}>
          More
        </button>
      )}
      {question && (
        <Confirm
          question={question}
          onClose={(isDone) => {
            setQuestion(undefined);
            if (isDone) act(() => load());
          }}
        />
      )}
    </main>
  );
}

function Filters({ address }: { address: URL }) {
  const set = (name: string, value: string) => {
    const target = new URL(address);
    if (value) target.searchParams.set(name, value);
    else target.searchParams.delete(name);
    navigate(target.href, true);
  };
  return (
    <search class="filters">
      <label>
        Id or text
        <input
          type="search"
          value={address.searchParams.get('text') ?? ''}
          onChange={(event) => set('text', event.currentTarget.value.trim())}
        />
      </label>
      <label>
        State
        <select
          value={address.searchParams.get('status') ?? ''}
          onChange={(event) => set('status', event.currentTarget.value)}
        >
          <option value="">All</option>
          {statuses.map((status) => (
            <option key={status}>{status}</option>
          ))}
        </select>
      </label>
      <label>
        Submitted since
        <input
          type="date"
          value={address.searchParams.get('createdAfter')?.slice(0, 10) ?? ''}
          onChange={(event) => set('createdAfter', event.currentTarget.value)}
        />
      </label>
    </search>
  );
}

interface RowProps {
  job: JobSummary;
  isSelected: boolean;
  onSelect(isSelected: boolean): void;
}

function Row({ job, isSelected, onSelect }: RowProps) {
  const { jobRequestId, operation, description, submittedAt, progress } = job;
  const name = description || jobRequestId;
  return (
    <li class={job.status === 'Suspended' && !job.outcome ? 'suspended' : ''}>
      <input
        type="checkbox"
        aria-label={`Select ${name}`}
        checked={isSelected}
        onChange={(event) => onSelect(event.currentTarget.checked)}
      />
      <div class="what">
        <Link to={`/console/jobs/${jobRequestId}`}>{name}</Link>
        <small>
          {operation} · <Age at={submittedAt} />
          {job.submittedBy ? ` · ${job.submittedBy}` : ''}
        </small>
      </div>
      <State job={job} />
      <div class="how-far">
        <Bar job={job} />
        <small>
          {countsText(job)}
          {progress?.etaSeconds ? ` · ${durationText(progress.etaSeconds)} left` : ''}
        </small>
      </div>
    </li>
  );
}
