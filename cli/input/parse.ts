import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { usageError } from '../exit-codes.ts';

/** The command that the words begin with, the longest name first; undefined when there is none. */
export const findCommand = (commands: readonly Command[], words: readonly string[]): Command | undefined =>
  commands
    .filter(({ name }) => name.split(' ').every((word, i) => word === words[i]))
    .sort((a, b) => b.name.length - a.name.length)[0];

export type Input = ReturnType<typeof readInput>;

/** Reads the words, which begin with the command's name. Throws a usage error that names the word. */
export function readInput(command: Command, words: readonly string[]) {
  const { values, positionals } = parse(command, words.slice(command.name.split(' ').length));
  const list = (name: string) => (values[name] ?? []).map(String);
  for (const { name, values: allowed, isMultiple } of command.options) {
    const given = list(name);
    if (given.length > 1 && !isMultiple) throw usageError(`--${name} is given ${given.length} times`);
    const wrong = allowed && given.find((value) => !allowed.includes(value));
    if (wrong !== undefined) throw usageError(`--${name} ${wrong}: use one of ${allowed?.join(', ')}`);
  }
  checkPositionals(command, positionals);
  /** The last value of an option. */
  const text = (name: string) => list(name).at(-1);
  return {
    positionals,
    text,
    /** All values of an option. */
    list,
    has: (name: string) => values[name] !== undefined,
    /** A whole number of at least `least`. Throws a usage error. */
    integer(name: string, least: number): number | undefined {
      const given = text(name);
      if (given === undefined || (/^\d{1,15}$/.test(given) && Number(given) >= least))
        return given === undefined ? undefined : Number(given);
      throw usageError(`--${name} ${given}: use a whole number of at least ${least}`);
    },
  };
}

function parse({ name: command, options }: Command, args: string[]) {
  const config = options.map(({ name, value, short }) => [
    name,
    { type: value ? 'string' : 'boolean', multiple: true, ...(short && { short }) } as const,
  ]);
  try {
    return parseArgs({ args, options: Object.fromEntries(config), allowPositionals: true }) as {
      values: Record<string, (string | boolean)[] | undefined>;
      positionals: string[];
    };
  } catch (error) {
    const [first] = (error as Error).message.split('. ');
    throw usageError(`${first}. See: bucket-brigade ${command} --help`);
  }
}

function checkPositionals({ usage, arguments: expected }: Command, given: readonly string[]): void {
  const least = expected.filter((name) => !name.startsWith('[')).length;
  const most = expected.some((name) => name.includes('...')) ? Number.POSITIVE_INFINITY : expected.length;
  const remedy = `usage: bucket-brigade ${usage}`;
  if (given.length < least) throw usageError(`${expected[given.length]} is missing; ${remedy}`);
  if (given.length > most) throw usageError(`Unexpected argument '${given[most]}'; ${remedy}`);
}
