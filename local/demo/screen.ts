import { styleText } from 'node:util';

/** The progress of one job. */
export interface Progress {
  status: string;
  done: number;
  failed: number;
  total: number;
}

type Format = Parameters<typeof styleText>[0];

/** The demo's output: bars that are redrawn on a terminal, plain lines elsewhere. */
export interface Screen {
  line(text: string): void;
  /** Adds a bar; returns the function that updates it. */
  bar(title: string): (progress: Progress) => void;
  /** Stops updating the bars; later lines are printed below them. */
  settle(): void;
  style(format: Format, text: string): string;
}

export function createScreen(output: NodeJS.WriteStream): Screen {
  const style: Screen['style'] = (format, text) => styleText(format, text, { stream: output });
  const isTerminal = output.isTTY && process.env['TERM'] !== 'dumb';
  return isTerminal ? terminalScreen(output, style) : plainScreen(output, style);
}

const TITLE_WIDTH = 26;
const n = (count: number) => count.toLocaleString('en-US');

const countsOf = ({ done, failed, total }: Progress) =>
  total === 0 ? '' : `${n(done)} of ${n(total)}${failed === 0 ? '' : `, ${n(failed)} failed`}`;

function terminalScreen(output: NodeJS.WriteStream, style: Screen['style']): Screen {
  const bars: { title: string; progress: Progress }[] = [];
  let drawn = 0;

  const draw = (above = '') => {
    const up = drawn === 0 ? '' : `\x1b[${drawn}A\x1b[J`;
    output.write(up + above + bars.map((bar) => `${render(bar)}\n`).join(''));
    drawn = bars.length;
  };
  const render = ({ title, progress }: (typeof bars)[number]) => {
    const { done, total, failed, status } = progress;
    const room = Math.max(8, (output.columns || 80) - TITLE_WIDTH - 15);
    const width = Math.max(8, Math.min(30, room - 32));
    const full = total === 0 ? 0 : Math.floor((width * done) / total);
    const bar =
      style(failed > 0 ? 'yellow' : 'green', '█'.repeat(full)) + style('dim', '░'.repeat(width - full));
    return `  ${title.padEnd(TITLE_WIDTH)}${bar} ${status.padEnd(11)} ${countsOf(progress).slice(0, room - width)}`;
  };

  return {
    style,
    line: (text) => draw(`${text}\n`),
    settle() {
      bars.length = 0;
      drawn = 0;
    },
    bar(title) {
      const bar = { title, progress: { status: '', done: 0, failed: 0, total: 0 } };
      bars.push(bar);
      draw();
      return (progress) => {
        bar.progress = progress;
        draw();
      };
    },
  };
}

function plainScreen(output: NodeJS.WriteStream, style: Screen['style']): Screen {
  const line = (text: string) => output.write(`${text}\n`);
  return {
    style,
    line,
    settle() {},
    bar(title) {
      let last = '';
      return (progress) => {
        const { status, done, total } = progress;
        const quarter = total === 0 ? 0 : Math.floor((4 * done) / total);
        if (last === `${status} ${quarter}`) return;
        last = `${status} ${quarter}`;
        line(`  ${title.padEnd(TITLE_WIDTH)}${status.padEnd(11)} ${countsOf(progress)}`.trimEnd());
      };
    },
  };
}
