import type { Context } from '../command.ts';
import { CliError, exitCodes, usageError } from '../exit-codes.ts';

/** Asks before what cannot be taken back. Without a terminal it never asks: then `--yes` is required. */
export async function agree(question: string, { input, terminal }: Context): Promise<void> {
  if (input.has('yes')) return;
  if (!terminal.canAsk)
    throw usageError(`${question} stdin is no terminal, so nobody can be asked: add --yes`);
  if (!(await terminal.ask(question))) throw new CliError(exitCodes.failure, 'Nothing was done.');
}
