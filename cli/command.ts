/** What a command is made of. The table of commands is in commands.ts. */
import type { Api } from './api/api.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './output/terminal.ts';

export interface Option {
  name: string;
  short?: string;
  /** Placeholder of the value; a switch has none. */
  value?: string;
  isMultiple: boolean;
  /** The only values that it takes. */
  values?: readonly string[];
  description: string;
}

/** What the user typed, checked against the options of the command. */
export interface Input {
  positionals: string[];
  /** The last value of an option. */
  text(name: string): string | undefined;
  /** All values of an option. */
  list(name: string): string[];
  has(name: string): boolean;
  /** A whole number of at least `least`. Throws a usage error. */
  integer(name: string, least: number): number | undefined;
}

export interface Context {
  input: Input;
  env: NodeJS.ProcessEnv;
  terminal: Terminal;
  /** The API that `--api` or BUCKET_BRIGADE_API names. */
  api: Api;
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Called once on Ctrl-C, before the process exits with 130. */
  onInterrupt(say: () => string): void;
}

export type Run = (context: Context) => Promise<ExitCode>;

export interface Command {
  /** As it is typed: `jobs list`. */
  name: string;
  summary: string;
  /** Placeholders of the positional arguments: `ID`, `ID...`, `[NAME]`. */
  arguments?: string;
  /** Lines of the help: options.ts. */
  options: readonly string[];
  /** More than the summary says, in a few lines. */
  details?: string;
  example: string;
  /** Imports the code of the command: the help needs none of it. */
  load(): Promise<Run>;
}
