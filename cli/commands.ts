/** Every command, as docs/cli.md describes it. The help, the completion and the dispatch read this table. */
import type { CommandEntry } from '../tools/manual.ts';
import type { Command, Run } from './command.ts';
import { copy, create, restore, runAction, tag, untag } from './commands/create.ts';
import { doctor } from './commands/doctor.ts';
import * as jobs from './commands/jobs.ts';
import { completionOf, template } from './commands/print.ts';
import { wait } from './commands/wait.ts';

/** From docs/cli.md; tools/manual.ts reads it, and tools/build-cli.ts puts it in. */
declare const MANUAL: readonly CommandEntry[];

/** By the last word of the command's name. */
const runs: Record<string, Run> = {
  ...{ create, tag, untag, copy, restore, run: runAction },
  ...{ ...jobs, 'tag-set': jobs.tagSet, 'run-rest': jobs.runRest },
  ...{ wait, template, doctor },
  console: async (context) => (await import('./commands/console.ts')).serveConsole(context),
  completion: (context) => completionOf(commands, context),
};

export const commands: readonly Command[] = MANUAL.map((entry) => ({
  ...entry,
  run: runs[entry.name.split(' ').at(-1) ?? ''] as Run,
}));
