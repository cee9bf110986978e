/** In: the verbs as data. Out: `docs/cli.md`. A test keeps the file current: `npx vitest run test/cli -u` writes it. */
import type { Command } from '../../src/commands/command.ts';
import { type Flag, longName } from '../../src/commands/flags/flag.ts';
import { describeFlag, mainFirst } from '../../src/commands/program.ts';

const INTRODUCTION = `# The command line

Made from the verbs' own data; \`winnow help VERB\` prints the same. Flags may stand before or after the operands, a value may
follow its flag after a blank or \`=\`, and \`--\` ends the flags. Results go to stdout, progress and notes to stderr.
`;

export function renderReference(all: readonly Command[]): string {
  const commands = mainFirst(all);
  const list = commands.map(({ name, summary }) => `- [\`winnow ${name}\`](#winnow-${name}): ${summary}\n`).join('');
  return `${INTRODUCTION}\n${list}\n${commands.map(section).join('\n')}`;
}

function section(command: Command): string {
  const operands = command.operands.map(({ name, required, variadic }) => {
    const text = variadic ? `${name.toUpperCase()}...` : name.toUpperCase();
    return required ? ` ${text}` : ` [${text}]`;
  });
  const aliases =
    command.aliases.length === 0 ? '' : `\nAlso: ${command.aliases.map((alias) => `\`winnow ${alias}\``).join(', ')}.\n`;
  return [
    `## winnow ${command.name}\n`,
    `\`\`\`\nwinnow ${command.name} [options]${operands.join('')}\n\`\`\`\n${aliases}`,
    `${command.description}\n`,
    table(
      ['operand', 'meaning'],
      command.operands.map(({ name, description }) => [`\`${name.toUpperCase()}\``, description]),
    ),
    ...flagGroups(command).map(([group, flags]) =>
      table(
        [group, 'meaning'],
        flags.map(([key, flag]) => [flagSpelling(key, flag), describeFlag(flag) + alsoAs(flag)]),
      ),
    ),
    `Examples:\n\n\`\`\`sh\n${command.examples.map(({ line, what }) => `# ${what}\n${line}\n`).join('')}\`\`\`\n`,
    table(
      ['exit code', 'when'],
      command.exitCodes.map(({ code, when }) => [String(code), when]),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function flagGroups(command: Command): [string, [string, Flag][]][] {
  const groups = new Map<string, [string, Flag][]>();
  for (const entry of Object.entries(command.flags)) groups.set(entry[1].group, [...(groups.get(entry[1].group) ?? []), entry]);
  return [...groups];
}

function flagSpelling(key: string, flag: Flag): string {
  const short = flag.short === undefined ? '' : `\`-${flag.short}\`, `;
  return `${short}\`--${longName(key)}${flag.placeholder === undefined ? '' : ` ${flag.alone === undefined ? flag.placeholder : `[${flag.placeholder}]`}`}\``;
}

function alsoAs({ aliases }: Flag): string {
  return aliases.length === 0 ? '' : `. Also ${aliases.map((name) => `\`${name.length === 1 ? '-' : '--'}${name}\``).join(', ')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |\n`;
  return `${line(head)}${line(head.map(() => '---'))}${rows.map(line).join('')}`;
}
