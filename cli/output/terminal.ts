import { text } from 'node:stream/consumers';
import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

export type Terminal = ReturnType<typeof createTerminal>;

const PLAIN_LINE_EVERY_MS = 5000;

/** The terminal of this process. */
export function createTerminal(process: NodeJS.Process, now: () => number) {
  const { stdin, stdout, stderr, env } = process;
  const hasColour = Boolean(stdout.isTTY) && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  let lastPlainMs = Number.NEGATIVE_INFINITY;
  let hasLine = false;
  const clear = () => {
    if (hasLine) stderr.write('\r\u001b[K');
    hasLine = false;
  };
  return {
    /** The result, on stdout. */
    print(text: string) {
      clear();
      stdout.write(`${text}\n`);
    },
    /** Everything else, on stderr. */
    say(text: string) {
      clear();
      stderr.write(`${text}\n`);
    },
    /** Replaces the line of progress; on what is no terminal a plain line every few seconds. `undefined` removes it. */
    progress(line: string | undefined) {
      if (stderr.isTTY) {
        clear();
        if (line === undefined) return;
        stderr.write(line.slice(0, (stderr.columns ?? 80) - 1));
        hasLine = true;
      } else if (line !== undefined && now() - lastPlainMs >= PLAIN_LINE_EVERY_MS) {
        stderr.write(`${line}\n`);
        lastPlainMs = now();
      }
    },
    /** Colours on a terminal only, and never with NO_COLOR. */
    style: (format: Format, text: string) =>
      hasColour ? styleText(format, text, { validateStream: false }) : text,
    /** Asks on the terminal; true for yes. Never called when stdin is no terminal. */
    async ask(question: string) {
      const { createInterface } = await import('node:readline/promises');
      const lines = createInterface({ input: stdin, output: stderr });
      const answer = await lines.question(`${question} [y/N] `).finally(() => lines.close());
      return /^y(es)?$/i.test(answer.trim());
    },
    canAsk: Boolean(stdin.isTTY),
    /** Columns of stdout; undefined when it is no terminal. */
    columns: stdout.isTTY ? stdout.columns : undefined,
    /** The whole of stdin. */
    readInput: () => text(stdin),
  };
}
