import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

export interface Terminal {
  /** The result, on stdout. */
  print(text: string): void;
  /** Everything else, on stderr. */
  say(text: string): void;
  /** Replaces the line of progress; on what is no terminal a plain line every few seconds. `undefined` removes it. */
  progress(line: string | undefined): void;
  /** Colours on a terminal only, and never with NO_COLOR. */
  style(format: Format, text: string): string;
  /** Asks on the terminal; true for yes. Never called when stdin is no terminal. */
  ask(question: string): Promise<boolean>;
  readonly canAsk: boolean;
  /** Columns of stdout; undefined when it is no terminal. */
  readonly columns: number | undefined;
  /** The whole of stdin. */
  readInput(): Promise<string>;
}

const PLAIN_LINE_EVERY_MS = 5000;

/** The terminal of this process. */
export function createTerminal(process: NodeJS.Process, now: () => number): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const hasColour = Boolean(stdout.isTTY) && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  let lastPlainMs = Number.NEGATIVE_INFINITY;
  let hasLine = false;
  const clear = () => {
    if (hasLine) stderr.write('\r\u001b[K');
    hasLine = false;
  };
  return {
    print(text) {
      clear();
      stdout.write(`${text}\n`);
    },
    say(text) {
      clear();
      stderr.write(`${text}\n`);
    },
    progress(line) {
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
    style: (format, text) => (hasColour ? styleText(format, text, { validateStream: false }) : text),
    async ask(question) {
      const { createInterface } = await import('node:readline/promises');
      const lines = createInterface({ input: stdin, output: stderr });
      const answer = await lines.question(`${question} [y/N] `).finally(() => lines.close());
      return /^y(es)?$/i.test(answer.trim());
    },
    canAsk: Boolean(stdin.isTTY),
    columns: stdout.isTTY ? stdout.columns : undefined,
    async readInput() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}
