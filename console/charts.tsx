/** Plots of one job, as plain SVG. */
import { count, counted, durationText } from '../cli/output/words.ts';
import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import type { Point } from './hooks.ts';
import { Scroll } from './parts.tsx';

const WIDTH = 600;
const HEIGHT = 160;

/** Progress over time: from the creation of the job, through every reading of this page, to its end. */
export function ProgressPlot({ job, points }: { job: JobResource; points: readonly Point[] }) {
  const { progress, submittedAt, endedAt } = job;
  const last = points.at(-1);
  if (!progress || !last) return null;
  const startMs = Date.parse(job.job?.CreationTime ?? submittedAt);
  const endMs = endedAt ? Date.parse(endedAt) : last.ms;
  const before = points.filter(({ ms }) => ms < endMs);
  const all = [{ ms: startMs, done: 0, failed: 0 }, ...before, { ...last, ms: endMs }];
  const spanMs = Math.max(1, endMs - startMs);
  const line = (value: (point: Point) => number) =>
    all
      .map((point) => {
        const x = ((point.ms - startMs) / spanMs) * WIDTH;
        const y = HEIGHT - (value(point) / Math.max(1, progress.total)) * HEIGHT;
        return `${x.toFixed(1)},${y.toFixed(1)}`;
      })
      .join(' ');
  return (
    <figure>
      <svg
        class="plot"
        viewBox={`0 -4 ${WIDTH} ${HEIGHT + 8}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${count(last.done)} of ${count(progress.total)} objects, ${count(last.failed)} failed`}
      >
        <polyline class="good" points={line(({ done }) => done)} />
        <polyline class="bad" points={line(({ failed }) => failed)} />
      </svg>
      <figcaption>
        0 to {counted(progress.total, 'object')} over {durationText(spanMs / 1000)}
        {last.failed > 0 ? `; the lower line is the ${count(last.failed)} that failed` : ''}
      </figcaption>
    </figure>
  );
}

/** Counts by name, the largest first, as bars that are read as a table. */
export function CountBars({ title, rows }: { title: string; rows: readonly (readonly [string, number])[] }) {
  if (rows.length === 0) return null;
  const most = Math.max(...rows.map(([, value]) => value));
  return (
    <table class="bars">
      <caption>{title}</caption>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name || '(no folder)'}</th>
            <td>
              <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect class="bad" width={(value * 100) / most} height="6" />
              </svg>
            </td>
            <td class="number">{count(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Drawn from statemachines/job.asl.json by tools/draw-state-machine.ts, which the build of the page puts in. */
declare const MACHINE: {
  width: number;
  height: number;
  states: { name: string; x: number; y: number }[];
  /** Paths of SVG. */
  arrows: string[];
};

/** The state that an execution is in, as far as the job resource says. */
function currentState({ state, jobId, status }: JobResource): string {
  if (state === 'Ended') return 'Noticed';
  if (state === 'NotWatched') return 'NotifyFailed';
  if (state === 'Scheduled') return 'WaitForStart';
  return jobId || status ? 'WaitForJob' : 'CreateJob';
}

export function StateMachine({ job }: { job: JobResource }) {
  const current = currentState(job);
  return (
    <Scroll label="State machine">
      <svg
        class="machine"
        viewBox={`0 0 ${MACHINE.width} ${MACHINE.height}`}
        role="img"
        aria-label={`State machine, now in ${current}`}
      >
        {MACHINE.arrows.map((path) => (
          <path key={path} d={path} />
        ))}
        {MACHINE.states.map(({ name, x, y }) => (
          <g key={name} class={name === current ? 'current' : ''}>
            <rect x={x - 72} y={y - 14} width="144" height="28" rx="6" />
            <text x={x} y={y + 4}>
              {name}
            </text>
          </g>
        ))}
      </svg>
    </Scroll>
  );
}
