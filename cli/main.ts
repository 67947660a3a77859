/** The command line `bucket-brigade`: it finds the command, runs it, and exits with its code. */
import packageJson from '../package.json' with { type: 'json' };
import { createApi } from './api/api.ts';
import { commands } from './commands.ts';
import { CliError, exitCodes } from './exit-codes.ts';
import { commandHelp, programHelp } from './help.ts';
import { findCommand, readInput } from './input/parse.ts';
import { createTerminal } from './output/terminal.ts';

const { env } = process;
const now = () => Date.now();
const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
const terminal = createTerminal(process, now);

async function main(words: string[]): Promise<number> {
  const command = findCommand(commands, words);
  if (words.includes('--help') || words.includes('-h')) {
    terminal.print(command ? commandHelp(command) : programHelp(commands));
    return exitCodes.done;
  }
  if (words[0] === '--version') {
    terminal.print(packageJson.version);
    return exitCodes.done;
  }
  if (!command) {
    const asked = words.filter((word) => !word.startsWith('-')).join(' ');
    const fault = asked ? `There is no command "${asked}".` : 'Name a command.';
    terminal.say(`${fault}\n\n${programHelp(commands)}`);
    return exitCodes.usage;
  }
  const input = readInput(command, words);
  const exitCode = await command.run({
    ...{ input, env, terminal, now, sleep },
    api: createApi(input.text('api'), env, sleep),
    show(value, text) {
      const result = input.has('json') ? JSON.stringify(value, null, 2) : text();
      if (result) terminal.print(result);
    },
    onInterrupt: (say) =>
      process.removeAllListeners('SIGINT').on('SIGINT', () => {
        terminal.progress(undefined);
        terminal.say(say());
        process.exit(exitCodes.interrupted);
      }),
  });
  return exitCode ?? exitCodes.done;
}

process.on('SIGINT', () => process.exit(exitCodes.interrupted));
// A reader such as head has gone: nothing is wrong, and nobody listens.
process.stdout.on('error', () => process.exit(exitCodes.done));
process.exitCode = await main(process.argv.slice(2)).catch((error: Error) => {
  terminal.progress(undefined);
  const isExpected = error instanceof CliError;
  terminal.say(
    isExpected ? `bucket-brigade: ${error.message}` : `An unexpected fault of bucket-brigade: ${error.stack}`,
  );
  return isExpected ? error.exitCode : exitCodes.failure;
});
