import type { JobResource } from '../../functions/core/generated/job-resource.mjs';
import { countsText, durationText, stateWord } from './words.ts';

const WIDTH = 24;

/** `Active ██████░░░░ 58 % · 580,000 of 1,000,000 · 2,900/s · 2m 25s left`. */
export function progressLine(job: JobResource, withId: boolean): string {
  const { progress } = job;
  const name = withId ? `${job.jobRequestId.slice(-8)} ` : '';
  if (!progress || progress.total === 0) return `${name}${stateWord(job)}`;
  const filled = Math.round((WIDTH * progress.percent) / 100);
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
  if (withId) return `${name}${stateWord(job)} ${progress.percent} %`;
  return [
    `${stateWord(job)} ${bar} ${progress.percent} %`,
    countsText(job),
    rateText(job),
    progress.etaSeconds ? `${durationText(progress.etaSeconds)} left` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Objects a second since the job became active; empty before S3 says how long that is. */
export function rateText({ progress, job }: JobResource): string {
  const summary = job?.ProgressSummary as { Timers?: { ElapsedTimeInActiveSeconds?: number } } | undefined;
  const seconds = summary?.Timers?.ElapsedTimeInActiveSeconds ?? 0;
  if (!progress || seconds <= 0) return '';
  const rate = (progress.succeeded + progress.failed) / seconds;
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en-US')}/s`;
}
