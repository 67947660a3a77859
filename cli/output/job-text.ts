import type { JobResource } from '../../functions/core/generated/job-resource.mjs';
import type { Context } from '../command.ts';
import { printable } from './table.ts';
import { ageText, colourOf, count, countsText, durationText, stateWord } from './words.ts';

/** One job request for people, with what failed and what to do next; as JSON with `--json`. */
export function printJob(job: JobResource, { input, terminal, now }: Context): void {
  if (input.has('json')) {
    terminal.print(JSON.stringify(job, null, 2));
    return;
  }
  const { style } = terminal;
  const word = stateWord(job);
  const lines: [string, string | undefined][] = [
    ['Job request', job.jobRequestId],
    ['State', style(colourOf(word), word)],
    ['Operation', job.operation],
    ['Description', job.description ? printable(job.description) : undefined],
    ['Objects', countsText(job)],
    ['Submitted', `${job.submittedAt} (${ageText(job.submittedAt, now())})`],
    ['Ended', job.endedAt ? `${job.endedAt}${tookText(job)}` : undefined],
    ['Job id', job.jobId ?? undefined],
    ['Retry of', job.parent?.jobRequestId],
    ['Report', job.report ? `s3://${job.report.bucket}/${job.report.manifestKey}` : undefined],
  ];
  for (const [name, value] of lines) if (value !== undefined) terminal.print(`${name.padEnd(13)}${value}`);
  for (const { code, reason, remedy } of job.failureReasons)
    terminal.print(`${style('red', code)}: ${printable(reason ?? '')}\n  ${remedy}`);
  for (const { errorCode, count: failed } of job.digest?.byCode ?? [])
    terminal.print(`  ${style('red', errorCode)} ${count(failed)}`);
  const next = nextStep(job);
  if (next) terminal.print(`Next         ${next}`);
}

const tookText = ({ submittedAt, endedAt }: JobResource): string =>
  endedAt ? ` (took ${durationText((Date.parse(endedAt) - Date.parse(submittedAt)) / 1000)})` : '';

function nextStep({ links, jobRequestId: id }: JobResource): string | undefined {
  if (links.confirm) return `bucket-brigade jobs confirm ${id}`;
  if (links.retryFailed) return `bucket-brigade jobs failures ${id}, then jobs retry ${id}`;
  return undefined;
}
