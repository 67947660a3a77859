import type { Run } from '../command.ts';
import { commands, templates } from '../commands.ts';
import { exitCodes, usageError } from '../exit-codes.ts';
import { commonOptions, optionOf } from '../options.ts';

/** completion: a script that offers commands and options; it starts no process while you type. */
export const run: Run = async ({ input, terminal }) => {
  const [shell = ''] = input.positionals;
  const script = scripts[shell];
  if (!script) throw usageError(`SHELL ${shell}: use one of ${Object.keys(scripts).join(', ')}`);
  terminal.print(script());
  return exitCodes.done;
};

const optionsOf = (options: readonly string[]) => [...options, ...commonOptions].map(optionOf);

/** What may follow each beginning of a command line. */
function words(): [string, string[]][] {
  const firsts = [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''))];
  const seconds = commands.filter(({ name }) => name.startsWith('jobs ')).map(({ name }) => name.slice(5));
  return [
    ['', [...firsts, '--help', '--version']],
    ['jobs', seconds],
    ...commands.map(({ name, options }): [string, string[]] => [
      name,
      [
        ...optionsOf(options).map((option) => `--${option.name}`),
        ...(name === 'template' ? Object.keys(templates) : []),
        ...(name === 'completion' ? Object.keys(scripts) : []),
      ],
    ]),
  ];
}

const scripts: Record<string, () => string> = {
  bash: () => `_bucket_brigade() {
  local words
  case "\${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
${commands.map(({ name }) => caseOf(name)).join('\n')}
    "jobs "*) words="${listOf('jobs')}" ;;
    *) words="${listOf('')}" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${listOf('')}"; fi
  if [ "$COMP_CWORD" -eq 2 ] && [ "\${COMP_WORDS[1]}" = jobs ]; then words="${listOf('jobs')}"; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _bucket_brigade bucket-brigade`,
  zsh: () => `#compdef bucket-brigade
autoload -U +X bashcompinit && bashcompinit
${scripts['bash']?.() ?? ''}`,
  fish: () =>
    [
      `complete -c bucket-brigade -f -n "__fish_use_subcommand" -a "${listOf('')}"`,
      `complete -c bucket-brigade -f -n "__fish_seen_subcommand_from jobs; and not __fish_seen_subcommand_from ${listOf('jobs')}" -a "${listOf('jobs')}"`,
      ...commands.flatMap(({ name, options }) =>
        optionsOf(options).map(
          ({ name: option, value, description }) =>
            `complete -c bucket-brigade -n "__fish_seen_subcommand_from ${name.split(' ').at(-1)}" -l ${option}${value ? ' -r' : ''} -d '${description.replaceAll("'", "\\'")}'`,
        ),
      ),
      `complete -c bucket-brigade -f -n "__fish_seen_subcommand_from template" -a "${Object.keys(templates).join(' ')}"`,
    ].join('\n'),
};

const listOf = (beginning: string): string =>
  words()
    .find(([name]) => name === beginning)?.[1]
    .join(' ') ?? '';

const caseOf = (name: string): string =>
  `    "${name}${name.includes(' ') ? '' : ' '}"*) words="${listOf(name)}" ;;`;
