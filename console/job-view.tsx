import { useState } from 'preact/hooks';
import { rateText } from '../cli/output/progress-line.ts';
import { countsText, durationText, objectsText } from '../cli/output/words.ts';
import type { DryRun } from '../functions/core/generated/dry-run.mjs';
import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import { get, post, settings } from './api.ts';
import { CountBars, ProgressPlot, StateMachine } from './charts.tsx';
import { FailuresTable } from './failures-table.tsx';
import { useJob } from './hooks.ts';
import { navigate } from './navigation.ts';
import { Bar, Confirm, Copy, Fault, Link, type Question, Scroll, State, Time, useAction } from './parts.tsx';
import { cancelQuestion, confirmQuestion, retryQuestion } from './questions.ts';
import { bodyOf, cliOf, curlOf, draft, sentenceOf } from './request.ts';

/** One job request: what it does, how far it is, why objects failed, and what can be done now. */
export function JobView({ id }: { id: string }) {
  const { job, points, error, reload } = useJob(id);
  const [question, setQuestion] = useState<Question>();
  const { act, error: refusal } = useAction();
  if (error) return <main>{<Fault error={error} />}</main>;
  if (!job) return <main aria-busy="true" />;
  const ask = (make: Promise<Question>) => act(async () => setQuestion(await make));
  const { links, failureReasons, warnings } = job;
  return (
    <main>
      <h2>{job.description || job.operation}</h2>
      <p>{sentenceOf(job)}</p>
      <p>
        <State job={job} /> <Bar job={job} /> {countsText(job)}
        {[rateText(job), job.progress?.etaSeconds ? `${durationText(job.progress.etaSeconds)} left` : '']
          .filter(Boolean)
          .map((text) => ` · ${text}`)}
      </p>
      {!settings.isReadOnly && (
        <div class="actions" role="toolbar" aria-label="This job">
          {links.confirm && (
            <button type="button" class="primary" onClick={() => ask(confirmQuestion([id]))}>
              Confirm
            </button>
          )}
          {links.cancel && (
            <button type="button" onClick={() => ask(cancelQuestion([id]))}>
              Cancel
            </button>
          )}
          {links.cancel && <Priority job={job} onDone={reload} />}
          {links.retryFailed && (
            <button type="button" onClick={() => ask(retryQuestion([id]))}>
              Retry failed
            </button>
          )}
        </div>
      )}
      {refusal && <Fault error={refusal} />}
      {failureReasons.map(({ code, reason, remedy }) => (
        <div class="notice bad" key={code + reason}>
          <strong>{code}</strong> {reason}
          <p>{remedy}</p>
        </div>
      ))}
      {warnings.map(({ code, detail, remedy }) => (
        <div class="notice warn" key={code + detail}>
          <strong>{code}</strong> {detail}
          <p>{remedy}</p>
        </div>
      ))}
      <ProgressPlot job={job} points={points} />
      <Digest job={job} />
      {links.failures && <FailuresTable job={job} onRetry={(codes) => ask(retryQuestion([id], codes))} />}
      <Facts job={job} />
      <details>
        <summary>Steps of the watch</summary>
        <StateMachine job={job} />
      </details>
      <Request job={job} />
      {question && (
        <Confirm
          question={question}
          onClose={(isDone) => {
            setQuestion(undefined);
            if (isDone) reload();
          }}
        />
      )}
    </main>
  );
}

function Priority({ job, onDone }: { job: JobResource; onDone(): void }) {
  const { act, error } = useAction();
  const change = (text: string) =>
    act(async () => {
      await get(`/jobs/${job.jobRequestId}`, { method: 'PATCH', body: { Priority: Number(text) } });
      onDone();
    });
  return (
    <label>
      Priority{' '}
      <input
        type="number"
        min="0"
        value={job.job?.Priority ?? job.request.Priority}
        onChange={(event) => change(event.currentTarget.value)}
      />
      {error && <Fault error={error} />}
    </label>
  );
}

function Digest({ job: { digest } }: { job: JobResource }) {
  if (!digest || digest.failed === 0) return null;
  return (
    <section>
      <h3>Why {objectsText(digest.failed)} failed</h3>
      <div class="columns">
        <CountBars
          title="By error code"
          rows={digest.byCode.map((row) => [row.errorCode, row.count] as const)}
        />
        <CountBars title="By folder" rows={digest.byPrefix.map((row) => [row.prefix, row.count] as const)} />
      </div>
      <ul>
        {digest.samples.map(({ bucket, key, errorCode, message }) => (
          <li key={errorCode + key}>
            <code>
              {bucket}/{key}
            </code>{' '}
            {errorCode}: {message}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Identifiers, times, parent and retries, and links to other consoles. */
function Facts({ job }: { job: JobResource }) {
  const { jobRequestId, jobId, submittedAt, endedAt, submittedBy, parent, retries = [], report } = job;
  const { region } = settings;
  const aws = region && `https://${region}.console.aws.amazon.com`;
  const execution = executionOf(job);
  const facts: [string, preact.ComponentChildren][] = [
    ['Job request', <code key="id">{jobRequestId}</code>],
    ['S3 job', jobId && (aws ? <a href={`${aws}/s3/jobs/${jobId}`}>{jobId}</a> : <code>{jobId}</code>)],
    ['Submitted', <Time key="s" at={submittedAt} />],
    ['Submitted by', submittedBy],
    ['Ended', endedAt && <Time at={endedAt} />],
    ['Report', report && <code>{`s3://${report.bucket}/${report.manifestKey}`}</code>],
    [
      'Execution',
      aws && execution && (
        <a href={`${aws}/states/home#/v2/executions/details/${execution}`}>Step Functions</a>
      ),
    ],
    ['Retry of', parent && <Link to={`/console/jobs/${parent.jobRequestId}`}>{parent.jobRequestId}</Link>],
    [
      'Retries',
      retries.length > 0 && (
        <ul>
          {retries.map((retry) => (
            <li key={retry.jobRequestId}>
              <Link to={`/console/jobs/${retry.jobRequestId}`}>{retry.jobRequestId}</Link>
            </li>
          ))}
        </ul>
      ),
    ],
  ];
  return (
    <dl>
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** The ARN of the execution; the name of the stack is read from its role, since the resource does not say it. */
function executionOf({ request, jobRequestId }: JobResource): string | undefined {
  const [, account, stack] = /^arn:[^:]+:iam::(\d+):role\/(.+)-BatchRole-/.exec(request.RoleArn) ?? [];
  return stack && `arn:aws:states:${settings.region}:${account}:execution:${stack}:${jobRequestId}`;
}

function Request({ job }: { job: JobResource }) {
  const { act, error } = useAction();
  const [price, setPrice] = useState<DryRun['estimate']>();
  const body = bodyOf(job);
  return (
    <details>
      <summary>Request</summary>
      <div class="actions">
        <Copy text={curlOf(body)}>Copy as curl</Copy>
        <Copy text={cliOf(body)}>Copy as CLI</Copy>
        <button
          type="button"
          onClick={() => {
            draft.body = body;
            navigate('/console/new');
          }}
        >
          Run again with changes
        </button>
        <button
          type="button"
          onClick={() => act(async () => setPrice((await post<DryRun>('/jobs?dryRun=true', body)).estimate))}
        >
          Estimate the price
        </button>
        {price && <span>about ${price.usd.toFixed(2)}</span>}
      </div>
      {error && <Fault error={error} />}
      <Scroll label="Request as JSON">
        <pre>{JSON.stringify(job.request, null, 2)}</pre>
      </Scroll>
    </details>
  );
}
