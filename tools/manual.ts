/** The commands of the command line, read from the reference in docs/cli.md: help, completion and dispatch use them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Option {
  name: string;
  /** As the help shows it: `-f, --file FILE`. */
  usage: string;
  description: string;
  short: string | undefined;
  /** Placeholder of the value; a switch has none. */
  value: string | undefined;
  isMultiple: boolean;
  /** The only values that it takes. */
  values: readonly string[] | undefined;
}

/** What docs/cli.md says of a command. */
export interface CommandEntry {
  /** As it is typed: `jobs list`. */
  name: string;
  /** Placeholders of the positional arguments: `ID`, `ID...`, `[NAME]`. */
  arguments: readonly string[];
  /** Name and arguments. */
  usage: string;
  summary: string;
  /** More than the summary says, in a few lines. */
  details: readonly string[];
  options: readonly Option[];
  example: string;
}

const optionPattern = /^((?:-(\w), )?--([\w-]+)(?: (\S+))?) {2}(.*)$/;

/** `-f, --file FILE  Text`: an option with a placeholder takes a value, `...` allows several, `A|B` are its only values. */
function optionOf(line: string): Option {
  const [, usage = '', short, name = '', value, description = ''] = optionPattern.exec(line) ?? [];
  const isMultiple = value?.endsWith('...') ?? false;
  const values = value && /^[A-Za-z]+(\|[A-Za-z]+)+$/.test(value) ? value.split('|') : undefined;
  return { name, usage, description, short, value, isMultiple, values };
}

function commandOf(entry: string, commonOptions: readonly string[]): CommandEntry {
  const [usage = '', summary = '', ...lines] = entry.split('\n');
  const [, name = '', args] = /^([a-z -]+?)(?: ([A-Z[].*))?$/.exec(usage) ?? [];
  const example = lines.pop() ?? '';
  if (!name || !example.startsWith('Example: '))
    throw new Error(`docs/cli.md: no usage or example: ${usage}`);
  return {
    ...{ name, usage, summary, example },
    arguments: args?.split(' ') ?? [],
    details: lines.filter((line) => !optionPattern.test(line)),
    options: [...lines.filter((line) => optionPattern.test(line)), ...commonOptions].map(optionOf),
  };
}

/** `operations` replace OPERATIONS. A group of options is an entry in square brackets, and so is each use of it. */
export function readManual(operations: readonly string[]): CommandEntry[] {
  const page = readFileSync(join(import.meta.dirname, '../docs/cli.md'), 'utf8');
  const [, reference = ''] = /^## Reference\n.*?^```text\n(.*?)^```/ms.exec(page) ?? [];
  const groups = new Map<string, string>();
  const commands: string[] = [];
  for (const entry of reference.trim().split('\n\n')) {
    const text = entry.replace(/(?<=\n)\[.+\]$/gm, (group) => groups.get(group) ?? group);
    const [first = '', ...lines] = text.replace('OPERATIONS', operations.join(', ')).split('\n');
    if (first.startsWith('[')) groups.set(first, lines.join('\n'));
    else commands.push([first, ...lines].join('\n'));
  }
  const common = groups.get('[options of every command]')?.split('\n') ?? [];
  return commands.map((entry) => commandOf(entry, common));
}
