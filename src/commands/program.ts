/**
 * In: the command line and the verbs as data. Out: the exit code of the verb that ran.
 * Refuses unknown verbs, flags and values with one line that says what would be right.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommanderError, InvalidArgumentError, Option, Command as Parser } from 'commander';
import { formatDiagnostic } from '../model/diagnostic.ts';
import { InputError, UsageError } from '../model/errors.ts';
import { visibleLines, visibleText } from '../report/sanitize.ts';
import { type Command, type CommandArgs, type CommandContext, EXIT, type ExitCode, type Settings } from './command.ts';
import { choicesText, type Flag, longName } from './flags/flag.ts';
import { OutputError } from './output/output-error.ts';
import { settingsFor, settingsTexts } from './settings.ts';

export async function runProgram(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const text = { out: '', err: '' };
  let run: (() => Promise<ExitCode>) | null = null;
  const program = buildParser(argv, context, text, (command, parser) => {
    run = async () => {
      const args = await argsOf(context, command, parser);
      if (args.settings !== undefined && command.reportsSettings !== true) await tellSettings(args.settings, context);
      return command.run(context, args);
    };
  });
  try {
    if (argv.length === 0) {
      await context.stderr.write(program.helpInformation());
      return EXIT.usage;
    }
    refuseHelpOfNothing(argv, context);
    program.parse([...argv], { from: 'user' });
    // The compiler does not see that the callback has assigned it.
    const chosen = run as (() => Promise<ExitCode>) | null;
    if (chosen === null) throw new UsageError('nothing to do');
    return await chosen();
  } catch (error) {
    return await reportError(error, argv, context, text);
  }
}

async function reportError(
  error: unknown,
  argv: readonly string[],
  context: CommandContext,
  text: { out: string; err: string },
): Promise<ExitCode> {
  try {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) {
        await context.stdout.write(text.out);
        return EXIT.done;
      }
      await context.stderr.write(visibleLines(usageMessage(error, argv, context)));
      return EXIT.usage;
    }
    if (error instanceof UsageError) {
      await context.stderr.write(`winnow: ${visibleLines(error.message)}\n`);
      return EXIT.usage;
    }
    if (error instanceof InputError || error instanceof OutputError) {
      await context.stderr.write(`winnow: ${visibleLines(error.message)}\n`);
      return EXIT.input;
    }
  } catch (writing) {
    if (writing instanceof OutputError) {
      // When stderr cannot be written either, only the exit code can tell.
      await context.stderr.write(`winnow: ${visibleLines(writing.message)}\n`).catch(() => {});
      return EXIT.input;
    }
    throw writing;
  }
  throw error;
}

/** `winnow help nosuch`: the parser would answer with its own name for the program. */
function refuseHelpOfNothing([verb, name]: readonly string[], { commands }: CommandContext): void {
  if (verb !== 'help' || name === undefined || name.startsWith('-') || findCommand(commands, name) !== undefined) return;
  throw new UsageError(
    `"${name}" is no verb. There are: ${mainFirst(commands)
      .map((command) => command.name)
      .join(', ')}.`,
  );
}

/** The parser's own message, with a hint where we have a better one. */
function usageMessage(error: CommanderError, argv: readonly string[], context: CommandContext): string {
  const command = findCommand(context.commands, argv[0]);
  const message = error.message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.+)\?\)$/s, (_, names: string) => `. Did you mean ${names.replace(/^one of /, '')}?`);
  const known = /^unknown option '(--?[^'=]+)/.exec(message)?.[1];
  const foreign = context.commands.find(({ knownAs = [] }) => knownAs.includes(argv[0] ?? ''));
  let hint = '';
  if (known !== undefined) hint = unknownOptionHint(known, command, context.commands);
  else if (error.code === 'commander.unknownCommand' && foreign !== undefined) hint = ` Here it is "winnow ${foreign.name}".`;
  else if (error.code === 'commander.unknownCommand' && argv[0] !== undefined && existsSync(resolve(context.cwd, argv[0])))
    hint = ` It is a file or folder here: to scan it, write "winnow scan ${argv.join(' ')}".`;
  const ended = /[.?]$/.test(message) ? message : `${message}.`;
  const help = command === undefined ? 'winnow --help' : `winnow ${command.name} --help`;
  return `winnow${command === undefined ? '' : ` ${command.name}`}: ${ended}${hint}\nSee "${help}".\n`;
}

function unknownOptionHint(option: string, command: Command | undefined, commands: readonly Command[]): string {
  const name = option.replace(/^-+/, '');
  if (command === undefined) {
    const owner = commands.find((candidate) => flagNamed(candidate, name) !== undefined);
    return owner === undefined ? '' : ` Options follow the verb: "winnow ${owner.name} ${option} ...".`;
  }
  for (const [key, flag] of Object.entries(command.flags)) {
    if (flag.knownAs.includes(name)) return ` Here it is --${longName(key)}.`;
  }
  const operand = command.operands.find((candidate) => candidate.knownAs?.includes(name));
  if (operand !== undefined) return ` Here ${operand.name} are named without a flag.`;
  return '';
}

function flagNamed(command: Command, name: string): Flag | undefined {
  const found = Object.entries(command.flags).find(([key, flag]) => longName(key) === name || flag.short === name);
  return found?.[1];
}

function findCommand(commands: readonly Command[], name: string | undefined): Command | undefined {
  return commands.find((command) => command.name === name || (name !== undefined && command.aliases.includes(name)));
}

function buildParser(
  argv: readonly string[],
  context: CommandContext,
  text: { out: string; err: string },
  chosen: (command: Command, parser: Parser) => void,
): Parser {
  const width = Math.min(context.stdout.columns, 120);
  // Undefined for the help of the whole program.
  const verb = findCommand(context.commands, argv[0]);
  // The verbs inherit these settings: we collect and write the text ourselves, and the parser never ends the process.
  const output = {
    writeOut: (piece: string) => {
      text.out += piece;
    },
    writeErr: (piece: string) => {
      text.err += piece;
    },
    getOutHelpWidth: () => width,
    getErrHelpWidth: () => width,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  };
  const program = new Parser('winnow')
    .description('Evaluates Sigma rules over exported Windows event logs (EVTX, XML, JSON, CSV, also in archives).')
    .version(context.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [verb]', 'print help for a verb')
    .usage('<verb> [options] [arguments]')
    .configureOutput(output)
    .exitOverride()
    .addHelpText('after', '\nStart with: winnow scan Security.evtx');
  // Making all verbs with their hundreds of flags would take longer than reading a small log.
  for (const command of verb === undefined ? mainFirst(context.commands) : [verb]) {
    const parser = program
      .command(command.name)
      .summary(command.summary)
      .description(command.description)
      .aliases([...command.aliases])
      .helpOption('-h, --help', 'print help')
      .optionsGroup('Options:')
      .addHelpText('after', () => closingHelp(command));
    for (const operand of command.operands) {
      const name = operand.variadic ? `${operand.name}...` : operand.name;
      parser.argument(operand.required ? `<${name}>` : `[${name}]`, operand.description);
    }
    for (const [key, flag] of Object.entries(command.flags)) addOptions(parser, key, flag);
    parser.action(() => chosen(command, parser));
  }
  return program;
}

/** The order in which help and docs list the verbs. */
export function mainFirst(commands: readonly Command[]): Command[] {
  return [...commands].sort((a, b) => Number(a.auxiliary ?? false) - Number(b.auxiliary ?? false));
}

/** Examples and exit codes, below the options. */
function closingHelp(command: Command): string {
  const examples = command.examples.map(({ line, what }) => `  ${line}\n      ${what}`);
  const codes = command.exitCodes.map(({ code, when }) => `  ${String(code).padEnd(4)}${when}`);
  return `\nExamples:\n${examples.join('\n')}\n\nExit codes:\n${codes.join('\n')}`;
}

function addOptions(parser: Parser, key: string, flag: Flag): void {
  const value =
    flag.placeholder === undefined ? '' : flag.alone === undefined ? ` <${flag.placeholder}>` : ` [${flag.placeholder}]`;
  const short = flag.short === undefined ? '' : `-${flag.short}, `;
  parser.addOption(
    withParser(new Option(`${short}--${longName(key)}${value}`, describeFlag(flag)), flag).helpGroup(`${flag.group}:`),
  );
  for (const alias of flag.aliases) {
    const flags = alias.length === 1 ? `-${alias}${value}` : `--${alias}${value}`;
    parser.addOption(withParser(new Option(flags, ''), flag).hideHelp().helpGroup(`${flag.group}:`));
  }
}

function withParser(option: Option, flag: Flag): Option {
  if (flag.kind === 'switch') return option;
  if (flag.alone !== undefined) option.preset(flag.alone);
  return option.argParser((text: string, previous: unknown) => {
    const value = parseFlag(flag, text);
    return flag.kind === 'list' ? [...((previous as unknown[] | undefined) ?? []), value] : value;
  });
}

function parseFlag(flag: Flag, text: string): unknown {
  try {
    return flag.parse(text);
  } catch (error) {
    if (error instanceof UsageError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

/** What help says of a flag: what it does, its choices, its default. */
export function describeFlag(flag: Flag): string {
  const notes: string[] = [];
  if (flag.choices !== undefined) notes.push(choicesText(flag));
  if (flag.kind === 'list') notes.push('repeatable');
  const fallback = flag.fallbackText ?? (typeof flag.fallback === 'string' ? flag.fallback : undefined);
  if (fallback !== undefined) notes.push(`default: ${fallback}`);
  return notes.length === 0 ? flag.description : `${flag.description} (${notes.join('; ')})`;
}

async function argsOf(context: CommandContext, command: Command, parser: Parser): Promise<CommandArgs> {
  const parsed = parser.opts<Record<string, unknown>>();
  const given = new Map<string, unknown>();
  for (const [key, flag] of Object.entries(command.flags)) {
    const value = givenValue(parsed, key, flag);
    if (value !== undefined) given.set(key, value);
  }
  const operands = parser.processedArgs.flat().filter((operand) => operand !== undefined) as string[];
  const settings = await settingsFor(context, command, operands, given);
  const flags: Record<string, unknown> = {};
  for (const [key, flag] of Object.entries(command.flags))
    flags[key] = given.has(key) ? given.get(key) : (settings?.values.get(key)?.value ?? flag.fallback);
  return { operands, flags, settings };
}

async function tellSettings(settings: Settings, { stderr }: CommandContext): Promise<void> {
  const texts = settingsTexts(settings);
  const lines = [...settings.diagnostics.map(formatDiagnostic), ...(texts.length === 0 ? [] : [`settings: ${texts.join(', ')}`])];
  await stderr.write(lines.map((line) => `winnow: ${visibleText(line)}\n`).join(''));
}

/** Undefined when the flag is not given. */
function givenValue(parsed: Record<string, unknown>, key: string, flag: Flag): unknown {
  // The parser reads `--no-cache` as the negation of `cache`.
  if (/^no[A-Z]/.test(key)) return parsed[key.charAt(2).toLowerCase() + key.slice(3)] === false ? true : undefined;
  const names = [key, ...flag.aliases.map(camelCase)];
  if (flag.kind === 'list') {
    const all = names.flatMap((name) => (parsed[name] as unknown[] | undefined) ?? []);
    return all.length === 0 ? undefined : all;
  }
  // `--no-color` makes `color` false.
  return names.map((name) => parsed[name]).find((value) => value !== undefined && value !== null && value !== false);
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
