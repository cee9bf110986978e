/** The work of `winnow config`: asks for the settings of each verb as the verb itself would, and prints them with their sources. */
import { platform } from 'node:process';
import { homeFolder } from '../../files/home-folder.ts';
import { formatDiagnostic } from '../../model/diagnostic.ts';
import { UsageError } from '../../model/errors.ts';
import { userFile } from '../../project/find-project.ts';
import { visibleText } from '../../report/sanitize.ts';
import { didYouMean } from '../../sigma/rule/suggest.ts';
import { type Command, type CommandArgs, type CommandContext, EXIT, type ExitCode, type Settings } from '../command.ts';
import { type Flag, longName } from '../flags/flag.ts';
import { settingsFiles, settingsFor } from '../settings.ts';

interface VerbSettings {
  readonly verb: Command;
  readonly project: string | null;
  readonly user: string | null;
  readonly settings: Settings | undefined;
}

export async function runConfig(context: CommandContext, { operands, flags }: CommandArgs): Promise<ExitCode> {
  const [name, ...paths] = operands;
  const given = new Map(Object.entries(flags).filter(([key, value]) => key !== 'json' && value !== null && value !== false));
  const found: VerbSettings[] = [];
  for (const verb of verbsOf(context, name)) {
    const first = verb.operands.filter(({ variadic }) => !variadic).map(() => '');
    const all = verb.settings === 'logs' ? [...first, ...paths] : paths;
    const { project, user } = settingsFiles(context, verb, all, given);
    found.push({ verb, project, user, settings: await settingsFor(context, verb, all, given) });
  }
  const place = userFile(platform, context.env, context.env.HOME ?? homeFolder());
  const text = flags.json === true ? `${JSON.stringify(asJson(found, place), null, 2)}\n` : asText(found, place, context.env);
  await context.stdout.write(text);
  return EXIT.done;
}

function verbsOf({ commands }: CommandContext, name: string | undefined): readonly Command[] {
  const all = commands.filter(({ settings }) => settings !== undefined);
  if (name === undefined) return all;
  const verb = all.find((one) => one.name === name || one.aliases.includes(name));
  if (verb === undefined) {
    const names = all.map((one) => one.name);
    throw new UsageError(
      `"${name}" is no verb that takes settings. ${didYouMean(name, names) ?? `They are: ${names.join(', ')}.`}`,
    );
  }
  return [verb];
}

function asText(found: readonly VerbSettings[], place: string | null, env: CommandContext['env']): string {
  const projects = new Set(found.map(({ project }) => project ?? 'none'));
  const user = found.find((one) => one.user !== null)?.user;
  const lines = [
    `project file   ${[...projects].join(', ')}`,
    `user's file    ${user ?? `none${place === null ? '' : ` (it would be ${place})`}`}`,
    `WINNOW_RULES   ${env.WINNOW_RULES || 'not set'}`,
    ...new Set(
      found.flatMap(({ settings }) => settings?.diagnostics ?? []).map((one) => `               ${formatDiagnostic(one)}`),
    ),
  ];
  for (const { verb, settings } of found) {
    if (settings === undefined || settings.values.size === 0) continue;
    lines.push('', verb.name);
    for (const { name, text, from } of rows(settings)) lines.push(`  ${name.padEnd(NAME_WIDTH)} ${text}   (${from})`);
  }
  if (found.every(({ settings }) => (settings?.values.size ?? 0) === 0))
    lines.push('', 'Nothing is set: what is built in counts.');
  return lines.map((line) => `${visibleText(line)}\n`).join('');
}

const NAME_WIDTH = 18;

function rows({ values }: Settings) {
  return [...values].map(([key, { text, source, line }]) => ({
    name: longName(key),
    text,
    from: line === undefined ? source : `${source}:${line}`,
  }));
}

function asJson(found: readonly VerbSettings[], place: string | null) {
  return {
    kind: 'config',
    user: { file: place, used: found.some(({ user }) => user !== null) },
    verbs: found.map(({ verb, project, settings }) => ({
      verb: verb.name,
      project,
      set: [...(settings?.values ?? [])].map(([key, { value, source, line }]) => ({ flag: longName(key), value, source, line })),
      builtIn: Object.entries(verb.flags)
        .filter(([key, flag]) => settings?.values.has(key) !== true && hasDefault(flag))
        .map(([key, flag]) => ({ flag: longName(key), value: flag.fallbackText ?? flag.fallback })),
      diagnostics: settings?.diagnostics ?? [],
    })),
  };
}

const hasDefault = ({ kind, fallback, fallbackText }: Flag): boolean =>
  fallbackText !== undefined || (kind === 'value' && fallback !== null);
