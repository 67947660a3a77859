/** The command line `bucket-brigade`: it finds the command, runs it, and exits with its code. */
import packageJson from '../package.json' with { type: 'json' };
import { createApi } from './api/api.ts';
import type { Context } from './command.ts';
import { commands } from './commands.ts';
import { CliError, exitCodes } from './exit-codes.ts';
import { commandHelp, programHelp } from './help.ts';
import { findCommand, readInput } from './input/parse.ts';
import { createTerminal } from './output/terminal.ts';

const now = () => Date.now();
const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
const terminal = createTerminal(process, now);

async function main(words: string[]): Promise<number> {
  const found = findCommand(commands, words);
  if (words.includes('--help') || words.includes('-h')) {
    terminal.print(found ? commandHelp(found.command) : programHelp(commands));
    return exitCodes.done;
  }
  if (words[0] === '--version') {
    terminal.print(packageJson.version);
    return exitCodes.done;
  }
  if (!found) {
    const asked = words.filter((word) => !word.startsWith('-')).join(' ');
    terminal.say(
      `${asked ? `There is no command "${asked}".` : 'Name a command.'}\n\n${programHelp(commands)}`,
    );
    return exitCodes.usage;
  }
  const input = readInput(found.command, found.rest);
  const context: Context = {
    ...{ input, terminal, now, sleep },
    env: process.env,
    api: createApi({ env: process.env, api: input.text('api'), sleep }),
    onInterrupt: (say) =>
      process.removeAllListeners('SIGINT').on('SIGINT', () => {
        terminal.progress(undefined);
        terminal.say(say());
        process.exit(exitCodes.interrupted);
      }),
  };
  const run = await found.command.load();
  return run(context);
}

process.on('SIGINT', () => process.exit(exitCodes.interrupted));
// A reader such as head has gone: nothing is wrong, and nobody listens.
process.stdout.on('error', () => process.exit(exitCodes.done));
process.exitCode = await main(process.argv.slice(2)).catch((error: Error) => {
  terminal.progress(undefined);
  if (!(error instanceof CliError)) {
    terminal.say(`An unexpected fault of bucket-brigade: ${error.stack}`);
    return exitCodes.failure;
  }
  terminal.say(`bucket-brigade: ${error.message}`);
  return error.exitCode;
});
