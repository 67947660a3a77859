/** What a command is made of. commands.ts has all of them. */
import type { CommandEntry } from '../tools/manual.ts';
import type { Api } from './api/api.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Input } from './input/parse.ts';
import type { Terminal } from './output/terminal.ts';

export interface Context {
  /** What the user typed, checked against the options of the command. */
  input: Input;
  env: NodeJS.ProcessEnv;
  terminal: Terminal;
  /** The API that `--api` or BUCKET_BRIGADE_API names. */
  api: Api;
  /** Prints the result: with `--json` the value, else its text unless that is empty. */
  show(value: unknown, text: () => string): void;
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Called once on Ctrl-C, before the process exits with 130. */
  onInterrupt(say: () => string): void;
}

/** Without an exit code, the process exits with 0. */
export type Run = (context: Context) => Promise<ExitCode | undefined>;

export type Command = CommandEntry & { run: Run };
