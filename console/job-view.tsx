import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { counted, countsText, durationText, etaText, rateText } from '../cli/output/words.ts';
import type { DryRun } from '../functions/core/generated/dry-run.mjs';
import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import { get, post, settings } from './api.ts';
import { CountBars, ProgressPlot, StateMachine } from './charts.tsx';
import { FailuresTable } from './failures-table.tsx';
import { useAction, useJob } from './hooks.ts';
import { navigate } from './navigation.ts';
import { Bar, Button, Copy, Fault, Field, Link, Notice, Scroll, State, Time, useQuestion } from './parts.tsx';
import { acts, questionOf } from './questions.ts';
import { bodyOf, cliOf, curlOf, draft, sentenceOf } from './request.ts';

type JobProps = { job: JobResource };

/** One job request: what it does, how far it is, why objects failed, and what can be done now. */
export function JobView({ id }: { id: string }) {
  const { job, points, error, reload } = useJob(id);
  const { ask, act, error: refusal, dialog } = useQuestion(reload);
  if (!job)
    return (
      <main aria-busy={!error}>
        <Fault error={error} />
      </main>
    );
  const { links, failureReasons, warnings } = job;
  const setPriority = (text: string) =>
    act(() => get(links.self, { method: 'PATCH', body: { Priority: Number(text) } }).then(reload));
  return (
    <main>
      <h2>{job.description || job.operation}</h2>
      <p>{sentenceOf(job)}</p>
      <p>
        <State job={job} /> <Bar job={job} />{' '}
        {[countsText(job), rateText(job), etaText(job)].filter(Boolean).join(' · ')}
      </p>
      {!settings.isReadOnly && (
        <div class="actions" role="toolbar" aria-label="This job">
          {acts.map(
            ([kind, label]) =>
              links[kind] && (
                <Button
                  key={kind}
                  class={kind === 'confirm' ? 'primary' : undefined}
                  onClick={() => ask(questionOf(kind, [id]))}
                >
                  {label}
                </Button>
              ),
          )}
          {links.cancel && (
            <Field
              label="Priority"
              type="number"
              min="0"
              value={job.job?.Priority ?? job.request.Priority}
              onChange={(event) => setPriority(event.currentTarget.value)}
            />
          )}
        </div>
      )}
      <Fault error={refusal ?? error} />
      {failureReasons.map(({ code, reason, remedy }) => (
        <Notice key={code + reason} tone="bad" title={code} text={reason} remedy={remedy} />
      ))}
      {warnings.map(({ code, detail, remedy }) => (
        <Notice key={code + detail} tone="warn" title={code} text={detail} remedy={remedy} />
      ))}
      <ProgressPlot job={job} points={points} />
      <Digest job={job} />
      {links.failures && (
        <FailuresTable job={job} onRetry={(codes) => ask(questionOf('retryFailed', [id], codes))} />
      )}
      <Facts rows={factsOf(job)} />
      <details>
        <summary>Steps of the watch</summary>
        <div class="steps">
          <StateMachine job={job} />
          <Facts rows={stepsOf(job)} />
        </div>
      </details>
      <Request job={job} />
      {dialog}
    </main>
  );
}

function Digest({ job: { digest } }: JobProps) {
  if (!digest || digest.failed === 0) return null;
  return (
    <section>
      <h3>Why {counted(digest.failed, 'object')} failed</h3>
      <div class="columns">
        <CountBars title="By error code" rows={digest.byCode.map((row) => [row.errorCode, row.count])} />
        <CountBars title="By folder" rows={digest.byPrefix.map((row) => [row.prefix, row.count])} />
      </div>
      <ul>
        {digest.samples.map(({ bucket, key, errorCode, message }) => (
          <li key={errorCode + key}>{`${bucket}/${key}: ${errorCode}: ${message}`}</li>
        ))}
      </ul>
    </section>
  );
}

type Fact = [string, ComponentChildren];

/** Names and values; those without a value are left out. */
const Facts = ({ rows }: { rows: readonly Fact[] }) => (
  <dl>
    {rows
      .filter(([, value]) => value)
      .map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

/** Identifiers, parent and children, and links to other consoles. */
function factsOf(job: JobResource): Fact[] {
  const { jobRequestId, jobId, submittedAt, startAt, endedAt, submittedBy, report } = job;
  const { parent, children = [] } = job;
  const aws = settings.region && `https://${settings.region}.console.aws.amazon.com`;
  const execution = aws && executionOf(job);
  return [
    ['Job request', <code key="id">{jobRequestId}</code>],
    ['S3 job', jobId && (aws ? <a href={`${aws}/s3/jobs/${jobId}`}>{jobId}</a> : <code>{jobId}</code>)],
    ['Submitted', <Time key="submitted" at={submittedAt} />],
    ['Submitted by', submittedBy],
    ['Starts at', startAt && <Time at={startAt} />],
    ['Ended', endedAt && <Time at={endedAt} />],
    ['Report', report && <code>{`s3://${report.bucket}/${report.manifestKey}`}</code>],
    [
      'Execution',
      execution && <a href={`${aws}/states/home#/v2/executions/details/${execution}`}>Step Functions</a>,
    ],
    [parent ? 'Parent' : 'Children', (parent || children.length > 0) && <Family job={job} />],
  ];
}

/** The ARN of the execution; the name of the stack is read from its role, since the resource does not say it. */
function executionOf({ request, jobRequestId }: JobResource): string | undefined {
  const [, account, stack] = /^arn:[^:]+:iam::(\d+):role\/(.+)-BatchRole-/.exec(request.RoleArn) ?? [];
  return stack && `arn:aws:states:${settings.region}:${account}:execution:${stack}:${jobRequestId}`;
}

/** The parent, this job below it, and the children of this job below that. */
function Family({ job: { jobRequestId, parent, children = [] } }: JobProps) {
  const link = (id: string) => <Link to={`/console/jobs/${id}`}>{id}</Link>;
  const self = (
    <li>
      <strong>{jobRequestId}</strong> (this one)
      <ul>
        {children.map(({ jobRequestId: id, outcome, rows, codes, results }) => (
          <li key={id}>
            {link(id)} {outcome ?? 'running'}: {[rows, ...(codes ?? results ?? [])].join(', ')}
          </li>
        ))}
      </ul>
    </li>
  );
  if (!parent) return <ul>{self}</ul>;
  return (
    <ul>
      <li>
        {link(parent.jobRequestId)} <ul>{self}</ul>
      </li>
    </ul>
  );
}

/** When each step began or how long it took, as far as the resource knows. */
function stepsOf({ submittedAt, endedAt, job }: JobResource): Fact[] {
  const time = (at: unknown) => typeof at === 'string' && <Time at={at} />;
  const seconds = job?.ProgressSummary?.Timers?.ElapsedTimeInActiveSeconds;
  return [
    ['Submitted', time(submittedAt)],
    ['Created', time(job?.CreationTime)],
    ['Suspended', time(job?.['SuspendedDate'])],
    ['Active for', seconds !== undefined && durationText(seconds)],
    ['Terminated', time(job?.TerminationDate)],
    ['Ended', time(endedAt)],
  ];
}

function Request({ job }: JobProps) {
  const { act, error } = useAction();
  const [price, setPrice] = useState<DryRun['estimate']>();
  const body = bodyOf(job);
  const estimate = () => act(async () => setPrice((await post<DryRun>('/jobs?dryRun=true', body)).estimate));
  const edit = () => {
    draft.body = body;
    navigate('/console/new');
  };
  return (
    <details>
      <summary>Request</summary>
      <div class="actions">
        <Copy text={curlOf(body)}>Copy as curl</Copy>
        <Copy text={cliOf(body)}>Copy as CLI</Copy>
        <Button onClick={edit}>Run again with changes</Button>
        <Button onClick={estimate}>Estimate the price</Button>
        {price && <span>about ${price.usd.toFixed(2)}</span>}
      </div>
      <Fault error={error} />
      <Scroll label="Request as JSON">
        <pre>{JSON.stringify(job.request, null, 2)}</pre>
      </Scroll>
    </details>
  );
}
