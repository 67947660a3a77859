/** Job requests and dry runs as lines for a terminal. */
import type { DryRun } from '../../functions/core/generated/dry-run.mjs';
import type { JobResource } from '../../functions/core/generated/job-resource.mjs';
import type { Context } from '../command.ts';
import { printable, table } from './table.ts';
import type { Terminal } from './terminal.ts';
import * as words from './words.ts';

const BAR_WIDTH = 24;

const colours = { good: 'green', warn: 'yellow', bad: 'red', quiet: 'yellow', busy: 'cyan' } as const;

/** The state of a job, in its colour on a terminal. */
export const paintState = (word: string, { style }: Terminal): string =>
  style(colours[words.signOf(word).tone], word);

/** One job request, with what failed and what to do next. */
export function jobText(job: JobResource, { terminal, now }: Context): string {
  const { jobRequestId: id, operation, description, submittedAt, startAt, endedAt } = job;
  const { jobId, parent, children = [], report, links } = job;
  const { style } = terminal;
  const tookSeconds = (Date.parse(endedAt ?? '') - Date.parse(submittedAt)) / 1000;
  const nexts = [
    links.confirm && `bucket-brigade jobs confirm ${id}`,
    links.retryFailed && `bucket-brigade jobs failures ${id}, then jobs retry ${id}`,
    links.runRest && `bucket-brigade jobs run-rest ${id}`,
  ];
  const facts: [string, string | null | undefined][] = [
    ['Job request', id],
    ['State', paintState(words.stateWord(job), terminal)],
    ['Operation', operation],
    ['Description', description && printable(description)],
    ['Objects', words.countsText(job)],
    ['Submitted', `${submittedAt} (${words.ageText(submittedAt, now())})`],
    ['Starts at', startAt],
    ['Ended', endedAt && `${endedAt} (took ${words.durationText(tookSeconds)})`],
    ['Job id', jobId],
    ['Parent', parent?.jobRequestId],
    ...children.map((child): [string, string] => [
      `Child`,
      `${child.jobRequestId} ${child.outcome ?? 'running'}`,
    ]),
    ['Report', report && `s3://${report.bucket}/${report.manifestKey}`],
  ];
  return [
    ...facts.flatMap(([name, value]) => (value ? [`${name.padEnd(13)}${value}`] : [])),
    ...job.failureReasons.map(
      ({ code, reason, remedy }) => `${style('red', code)}: ${printable(reason ?? '')}\n  ${remedy}`,
    ),
    ...(job.digest?.byCode ?? []).map(
      ({ errorCode, count }) => `  ${style('red', errorCode)} ${words.count(count)}`,
    ),
    ...nexts.flatMap((next) => (next ? [`Next         ${next}`] : [])),
  ].join('\n');
}

/** `Active ██████░░░░ 58 % · 580,000 of 1,000,000 · 2,900/s · 2m 25s left`; shorter beside other jobs. */
export function progressText(job: JobResource, isAlone: boolean): string {
  const { progress, jobRequestId } = job;
  const state = `${isAlone ? '' : `${jobRequestId.slice(-8)} `}${words.stateWord(job)}`;
  if (!progress || progress.total === 0) return state;
  const filled = Math.round((BAR_WIDTH * progress.percent) / 100);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  if (!isAlone) return `${state} ${progress.percent} %`;
  const parts = [words.countsText(job), words.rateText(job), words.etaText(job)];
  return [`${state} ${bar} ${progress.percent} %`, ...parts.filter(Boolean)].join(' · ');
}

/** A dry run: verdict, count, first rows, findings with their lines, price, and how to start exactly this. */
export function dryRunText(dryRun: DryRun, { style, columns }: Terminal): string {
  const { wouldStart, firstRows, findings, estimate, dryRunId } = dryRun;
  const hasVersions = firstRows.some(({ VersionId }) => VersionId !== undefined);
  const cells = (bucket: string, version: string, key: string) =>
    hasVersions ? [bucket, version, key] : [bucket, key];
  const rows = firstRows.map(({ Bucket, Key, VersionId = '' }) => cells(Bucket, VersionId, Key));
  const headings = cells('BUCKET', 'VERSION', 'KEY');
  return [
    wouldStart ? style('green', 'The job would start.') : style('red', 'The job would be refused.'),
    `Objects   ${words.expectedText(dryRun)}`,
    `Price     ${words.priceText(estimate)}`,
    ...(rows.length > 0 ? ['', table(headings, rows, columns)] : []),
    ...findings.flatMap(({ code, severity, detail, remedy, lines, file, pointer }) => [
      '',
      `${style(severity === 'error' ? 'red' : 'yellow', severity)} ${code}${pointer ? ` at ${pointer}` : ''}: ${printable(detail)}`,
      ...(lines?.length ? [`  Lines ${lines.join(', ')}${file ? ` of ${file}` : ''}`] : []),
      `  ${remedy}`,
    ]),
    ...(dryRunId ? ['', `To start exactly this, repeat the command with: --dry-run-id ${dryRunId}`] : []),
  ].join('\n');
}
