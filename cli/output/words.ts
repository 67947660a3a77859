/** Job requests in words for a terminal. */
import type { JobSummary } from '../../functions/core/generated/job-list.mjs';
import type { JobResource } from '../../functions/core/generated/job-resource.mjs';

type AnyJob = JobSummary | JobResource;

/** The outcome once there is one, else S3's status, else the state of the request. */
export const stateWord = ({ outcome, status, state }: AnyJob): string => outcome ?? status ?? state;

export const colourOf = (word: string): 'green' | 'red' | 'yellow' | 'cyan' => {
  if (word === 'Succeeded') return 'green';
  if (['Failed', 'NotCreated', 'Lost', 'WatchEnded', 'NotWatched'].includes(word)) return 'red';
  if (['CompletedWithFailures', 'Suspended', 'Cancelled', 'Paused'].includes(word)) return 'yellow';
  return 'cyan';
};

export const count = (value: number): string => value.toLocaleString('en-US');

/** `1 object`, `2,000 objects`. */
export const objectsText = (value: number): string => `${count(value)} ${value === 1 ? 'object' : 'objects'}`;

/** `950,000 of 1,000,000 (3 failed)`, or `-` before S3 knows. */
export function countsText({ progress }: AnyJob): string {
  if (!progress) return '-';
  const { total, succeeded, failed } = progress;
  return `${count(succeeded + failed)} of ${count(total)}${failed ? ` (${count(failed)} failed)` : ''}`;
}

/** The two largest units: `3d 4h`, `2m 5s`. */
export function durationText(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [Math.floor(seconds) % 60, 's'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) return '0s';
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value}${unit}`)
    .join(' ');
}

export const ageText = (time: string, nowMs: number): string =>
  `${durationText(Math.max(0, nowMs - Date.parse(time)) / 1000)} ago`;
