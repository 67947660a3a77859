import { parseArgs } from 'node:util';
import type { Command, Input, Option } from '../command.ts';
import { usageError } from '../exit-codes.ts';
import { commonOptions, optionOf } from '../options.ts';

/**
 * Finds the command that the words begin with, the longest name first.
 * Returns undefined when there is none.
 */
export function findCommand(
  commands: readonly Command[],
  words: readonly string[],
): { command: Command; rest: string[] } | undefined {
  const [command] = commands
    .filter(({ name }) => name.split(' ').every((word, i) => word === words[i]))
    .sort((a, b) => b.name.length - a.name.length);
  return command && { command, rest: words.slice(command.name.split(' ').length) };
}

/** Reads the words behind the command's name. Throws a usage error that names the word. */
export function readInput(command: Command, words: string[]): Input {
  const options = [...command.options, ...commonOptions].map(optionOf);
  const { values, positionals } = parse(command, options, words);
  const list = (name: string) => (values[name] ?? []).map(String);
  for (const { name, values: allowed, isMultiple } of options) {
    const given = list(name);
    if (given.length > 1 && !isMultiple) throw usageError(`--${name} is given ${given.length} times`);
    for (const value of given)
      if (allowed && !allowed.includes(value))
        throw usageError(`--${name} ${value}: use one of ${allowed.join(', ')}`);
  }
  checkPositionals(command, positionals);
  const text = (name: string) => list(name).at(-1);
  return {
    positionals,
    text,
    list,
    has: (name) => values[name] !== undefined,
    integer(name, least) {
      const given = text(name);
      if (given === undefined) return undefined;
      if (!/^\d{1,15}$/.test(given) || Number(given) < least)
        throw usageError(`--${name} ${given}: use a whole number of at least ${least}`);
      return Number(given);
    },
  };
}

function parse(command: Command, options: readonly Option[], words: string[]) {
  const config = Object.fromEntries(
    options.map(({ name, value, short }) => [
      name,
      { type: value ? ('string' as const) : ('boolean' as const), multiple: true, ...(short && { short }) },
    ]),
  );
  try {
    return parseArgs({ args: words, options: config, allowPositionals: true }) as {
      values: Record<string, (string | boolean)[] | undefined>;
      positionals: string[];
    };
  } catch (error) {
    const [first] = (error as Error).message.split('. ');
    throw usageError(`${first}. See: bucket-brigade ${command.name} --help`);
  }
}

function checkPositionals(command: Command, positionals: readonly string[]): void {
  const expected = command.arguments?.split(' ') ?? [];
  const least = expected.filter((name) => !name.startsWith('[')).length;
  const most = expected.some((name) => name.includes('...')) ? Number.POSITIVE_INFINITY : expected.length;
  const usage = `bucket-brigade ${[command.name, command.arguments].filter(Boolean).join(' ')}`;
  if (positionals.length < least)
    throw usageError(`${expected[positionals.length]} is missing; usage: ${usage}`);
  if (positionals.length > most)
    throw usageError(`Unexpected argument '${positionals[most]}'; usage: ${usage}`);
}
