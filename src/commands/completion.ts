/** `winnow completion SHELL`: a completion script, made from the existing verbs and flags. */
import { UsageError } from '../model/errors.ts';
import { type Command, type CommandArgs, type CommandContext, defineCommand, EXIT, type ExitCode } from './command.ts';
import { type Flag, longName } from './flags/flag.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export const command: Command = defineCommand({
  name: 'completion',
  auxiliary: true,
  summary: 'print a completion script for bash, zsh or fish',
  description: 'Prints a script that completes verbs, flags, choices and paths. Load it from the start-up file of the shell.',
  examples: [
    { line: 'eval "$(winnow completion bash)"', what: 'in ~/.bashrc' },
    { line: 'winnow completion fish > ~/.config/fish/completions/winnow.fish', what: 'once, for fish' },
  ],
  operands: [{ name: 'shell', description: SHELLS.join(', '), required: true, variadic: false }],
  flags: {},
  exitCodes: [
    { code: EXIT.done, when: 'the script was printed' },
    { code: EXIT.usage, when: 'the shell is not one of these' },
  ],
  load: async () => printScript,
});

async function printScript(context: CommandContext, { operands }: CommandArgs): Promise<ExitCode> {
  const shell = operands[0] ?? '';
  const scripts: Record<string, (commands: readonly Command[]) => string> = {
    bash: bashScript,
    zsh: (commands) => `#compdef winnow\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`,
    fish: fishScript,
  };
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (script === undefined) throw new UsageError(`"${shell}" is not a shell that has a script: ${SHELLS.join(', ')}.`);
  await context.stdout.write(script(context.commands));
  return EXIT.done;
}

function spellings(key: string, flag: Flag): string[] {
  return flag.short === undefined ? [`--${longName(key)}`] : [`--${longName(key)}`, `-${flag.short}`];
}

function bashScript(commands: readonly Command[]): string {
  const cases = commands.map((verb) => {
    const flags = Object.entries(verb.flags);
    const names = [...flags.flatMap(([key, flag]) => spellings(key, flag)), '--help'].join(' ');
    const choices = flags
      .filter(([, flag]) => flag.choices !== undefined)
      .map(([key, flag]) => `        ${spellings(key, flag).join('|')}) words="${flag.choices?.join(' ')}"; prefixed=1 ;;`);
    return [
      `    ${[verb.name, ...verb.aliases].join('|')})`,
      ...(choices.length === 0 ? [] : ['      case "$previous" in', ...choices, '      esac']),
      `      if [ -z "$prefixed" ] && [ "\${current#-}" != "$current" ]; then words="${names}"; fi ;;`,
    ].join('\n');
  });
  const verbs = commands.flatMap((verb) => [verb.name, ...verb.aliases]).join(' ');
  return `_winnow() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words="" prefixed=""
  # "--level=h" is three words.
  if [ "$previous" = = ]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  if [ "$current" = = ]; then current=""; fi
  if [ "$COMP_CWORD" -eq 1 ]; then words="${verbs} help --help --version"; fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  COMPREPLY=()
  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -o default -o filenames -F _winnow winnow
`;
}

function fishScript(commands: readonly Command[]): string {
  const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const lines = commands.map(
    (verb) => `complete -c winnow -n __fish_use_subcommand -a ${quote(verb.name)} -d ${quote(verb.summary)}`,
  );
  for (const verb of commands) {
    const seen = `'__fish_seen_subcommand_from ${[verb.name, ...verb.aliases].join(' ')}'`;
    for (const [key, flag] of Object.entries(verb.flags)) {
      const short = flag.short === undefined ? '' : ` -s ${flag.short}`;
      const choices = flag.choices === undefined ? '' : ` -x -a ${quote(flag.choices.join(' '))}`;
      const value = flag.kind === 'switch' || choices !== '' ? choices : ' -r';
      lines.push(`complete -c winnow -n ${seen} -l ${longName(key)}${short}${value} -d ${quote(flag.description)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
