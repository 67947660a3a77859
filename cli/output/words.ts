/** Job requests in words, for the terminal and for the page. */
import type { DryRun } from '../../functions/core/generated/dry-run.mjs';
import type { JobSummary } from '../../functions/core/generated/job-list.mjs';
import type { JobResource } from '../../functions/core/generated/job-resource.mjs';

export type AnyJob = JobSummary | JobResource;

export const isFinal = ({ state }: Pick<AnyJob, 'state'>): boolean =>
  state === 'Ended' || state === 'NotWatched';

/** The outcome once there is one, else S3's status, else the state of the request. */
export const stateWord = ({ outcome, status, state }: AnyJob): string => outcome ?? status ?? state;

type Tone = 'good' | 'warn' | 'bad' | 'quiet' | 'busy';

/** Every state has a shape of its own, beside its word and the tone that says how it is coloured. */
const signs: Record<string, { shape: string; tone: Tone }> = {
  Succeeded: { shape: '✓', tone: 'good' },
  CompletedWithFailures: { shape: '▲', tone: 'warn' },
  Suspended: { shape: '❚❚', tone: 'warn' },
  Cancelled: { shape: '■', tone: 'quiet' },
  Failed: { shape: '✕', tone: 'bad' },
  NotCreated: { shape: '✕', tone: 'bad' },
  Lost: { shape: '?', tone: 'bad' },
  WatchEnded: { shape: '?', tone: 'bad' },
  NotWatched: { shape: '?', tone: 'bad' },
};

export const signOf = (word: string) => signs[word] ?? { shape: '●', tone: 'busy' as Tone };

export const count = (value: number): string => value.toLocaleString('en-US');

/** `1 object`, `2,000 objects`. */
export const counted = (value: number, noun: string): string =>
  `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

/** `950,000 of 1,000,000 (3 failed)`, or `-` before S3 knows. */
export function countsText({ progress }: AnyJob): string {
  if (!progress) return '-';
  const { total, succeeded, failed } = progress;
  return `${count(succeeded + failed)} of ${count(total)}${failed ? ` (${count(failed)} failed)` : ''}`;
}

/** The two largest units: `3d 4h`, `2m 5s`. */
export function durationText(seconds: number): string {
  const units = Object.entries({ d: 86_400, h: 3600, m: 60, s: 1 });
  const parts = units.map(([unit, size], i) => {
    const value = Math.floor((seconds % (units[i - 1]?.[1] ?? Number.POSITIVE_INFINITY)) / size);
    return value > 0 ? `${value}${unit}` : '';
  });
  const first = parts.findIndex(Boolean);
  return first < 0 ? '0s' : `${parts[first]} ${parts[first + 1] ?? ''}`.trimEnd();
}

export const ageText = (time: string, nowMs: number): string =>
  `${durationText(Math.max(0, nowMs - Date.parse(time)) / 1000)} ago`;

/** `2m 25s left`; empty when nobody knows. */
export const etaText = ({ progress }: AnyJob): string =>
  progress?.etaSeconds ? `${durationText(progress.etaSeconds)} left` : '';

/** Objects a second since the job became active; empty before S3 says how long that is. */
export function rateText({ progress, job }: JobResource): string {
  const seconds = job?.ProgressSummary?.Timers?.ElapsedTimeInActiveSeconds ?? 0;
  if (!progress || seconds <= 0) return '';
  const rate = (progress.succeeded + progress.failed) / seconds;
  return `${rate < 10 ? rate.toFixed(1) : count(Math.round(rate))}/s`;
}

/** What a dry run expects: `about 1,200 objects`. */
export const expectedText = ({ objects }: DryRun): string =>
  objects
    ? `${objects.isExact ? '' : 'about '}${counted(objects.likely, 'object')}`
    : 'as many objects as S3 lists when the job runs';

export const priceText = ({ usd, prices, notIncluded }: DryRun['estimate']): string =>
  `$${usd.toFixed(2)} (prices of ${prices.date}, ${prices.region}; without ${notIncluded.join(', ')})`;
