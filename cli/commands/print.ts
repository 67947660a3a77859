/** Commands that print text for other programs. */
import type { Command, Context, Run } from '../command.ts';
import { usageError } from '../exit-codes.ts';

/** A job request for each operation, from docs/cookbook.md; tools/build-cli.ts puts them in. */
declare const TEMPLATES: Readonly<Record<string, object>>;

/** template: a complete body to edit, for `jobs create -f`. */
export const template: Run = async ({ input, terminal }) => {
  const [operation = ''] = input.positionals;
  const body = TEMPLATES[operation];
  if (!body)
    throw usageError(`${operation} is no operation: use one of ${Object.keys(TEMPLATES).join(', ')}`);
  terminal.print(JSON.stringify({ ...body, Priority: 10, ConfirmationRequired: true }, null, 2));
  return undefined;
};

const shells = ['bash', 'zsh', 'fish'];

/** completion: a script that offers commands and options; it starts no process while you type. */
export async function completionOf(commands: readonly Command[], { input, terminal }: Context) {
  const [shell = ''] = input.positionals;
  if (!shells.includes(shell)) throw usageError(`SHELL ${shell}: use one of ${shells.join(', ')}`);
  const zsh = '#compdef bucket-brigade\nautoload -U +X bashcompinit && bashcompinit\n';
  terminal.print(shell === 'fish' ? fish(commands) : `${shell === 'zsh' ? zsh : ''}${bash(commands)}`);
  return undefined;
}

/** The first words of all commands, and the second words of those that begin with `jobs`. */
function beginnings(commands: readonly Command[]) {
  const firsts = new Set(commands.map(({ name }) => name.split(' ')[0]));
  const seconds = commands.flatMap(({ name }) => (name.startsWith('jobs ') ? [name.slice(5)] : []));
  return { firsts: [...firsts, '--help', '--version'].join(' '), seconds: seconds.join(' ') };
}

/** Besides options. */
const valuesOf: Record<string, readonly string[]> = { template: Object.keys(TEMPLATES), completion: shells };

function bash(commands: readonly Command[]): string {
  const { firsts, seconds } = beginnings(commands);
  const cases = commands.map(({ name, options }) => {
    const words = [...options.map((option) => `--${option.name}`), ...(valuesOf[name] ?? [])];
    return `    "${name}${name.includes(' ') ? '' : ' '}"*) words="${words.join(' ')}" ;;`;
  });
  return `_bucket_brigade() {
  local words
  case "\${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
${cases.join('\n')}
    "jobs "*) words="${seconds}" ;;
    *) words="${firsts}" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${firsts}"; fi
  if [ "$COMP_CWORD" -eq 2 ] && [ "\${COMP_WORDS[1]}" = jobs ]; then words="${seconds}"; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _bucket_brigade bucket-brigade`;
}

function fish(commands: readonly Command[]): string {
  const { firsts, seconds } = beginnings(commands);
  const after = (word = '') => `__fish_seen_subcommand_from ${word}`;
  return [
    `-f -n "__fish_use_subcommand" -a "${firsts}"`,
    `-f -n "${after('jobs')}; and not ${after(seconds)}" -a "${seconds}"`,
    ...Object.entries(valuesOf).map(([name, words]) => `-f -n "${after(name)}" -a "${words.join(' ')}"`),
    ...commands.flatMap(({ name: command, options }) =>
      options.map(
        ({ name, value, description }) =>
          `-n "${after(command.split(' ').at(-1))}" -l ${name}${value ? ' -r' : ''} -d '${description.replaceAll("'", "\\'")}'`,
      ),
    ),
  ]
    .map((line) => `complete -c bucket-brigade ${line}`)
    .join('\n');
}
