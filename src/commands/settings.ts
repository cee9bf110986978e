/**
 * Where the values of flags come from that were not given. In: the verb, its operands, the flags that were given. Out: values
 * of the project file, of the user's file and of WINNOW_RULES, in this order, each with its source. Refuses keys that are no flag
 * of their verb and values that the flag would refuse.
 */
import { existsSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, relative, resolve } from 'node:path';
import { platform } from 'node:process';
import { homeFolder } from '../files/home-folder.ts';
import { type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts';
import { UsageError } from '../model/errors.ts';
import { type FoundProject, nearestOf, PROJECT_NAMES, projectForLogs, userFile } from '../project/find-project.ts';
import type { ProjectEntry } from '../project/project-file.ts';
import { didYouMean } from '../sigma/rule/suggest.ts';
import type { Command, CommandContext, Setting, Settings } from './command.ts';
import { type Flag, longName } from './flags/flag.ts';

type Given = ReadonlyMap<string, unknown>;
type Context = Pick<CommandContext, 'cwd' | 'env'>;

/** Files of settings that count for a run, the first wins. */
export interface SettingsFiles {
  readonly project: string | null;
  readonly user: string | null;
  readonly passedOver: FoundProject['passedOver'];
}

export function settingsFiles({ cwd, env }: Context, command: Command, operands: readonly string[], given: Given): SettingsFiles {
  if (command.settings === undefined || given.get('noConfig') === true) return { project: null, user: null, passedOver: [] };
  const home = homeFolder();
  const named = given.get('config');
  const found: FoundProject =
    typeof named === 'string'
      ? { path: resolve(cwd, named), passedOver: [] }
      : command.settings === 'logs'
        ? projectForLogs(cwd, operands.slice(command.operands.filter(({ variadic }) => !variadic).length), home)
        : {
            path: nearestOf(
              PROJECT_NAMES,
              cwd,
              operands.filter((path) => path !== '-'),
              home,
            ),
            passedOver: [],
          };
  // What a check of rules says must not depend on who runs it.
  const user = command.settings === 'rules' ? null : userFile(platform, env, env.HOME ?? '');
  return { project: found.path, user: user !== null && existsSync(user) ? user : null, passedOver: found.passedOver };
}

/** Undefined for a verb without settings, and where nothing is set. */
export async function settingsFor(
  context: Context,
  command: Command,
  operands: readonly string[],
  given: Given,
): Promise<Settings | undefined> {
  const { project, user, passedOver } = settingsFiles(context, command, operands, given);
  const values = new Map<string, Setting>();
  for (const path of [project, user]) if (path !== null) await addFile(path, path === user, context, command, given, values);
  addRulesOfEnvironment(context, command, given, values);
  const diagnostics = passedOver.map(({ path, why }) => notUsed(shown(path, context.cwd, false), why));
  const files = [project, user].filter((path) => path !== null);
  return values.size + diagnostics.length + files.length === 0 ? undefined : { values, files, diagnostics };
}

async function addFile(
  path: string,
  isUsers: boolean,
  { cwd }: Context,
  command: Command,
  given: Given,
  values: Map<string, Setting>,
): Promise<void> {
  const { readProject } = await import('../project/project-file.ts');
  const source = shown(path, cwd, isUsers);
  const faults: Diagnostic[] = [];
  const own = new Map<string, Setting>();
  for (const entry of readProject(path, source)) {
    const isOther = entry.verb !== null && entry.verb !== command.name;
    // `rules` are the rules in use. A verb that checks rules is given its own.
    if (isOther || (entry.verb === null && entry.name === 'rules' && command.settings === 'rules')) continue;
    const setting = settingOf(entry, command, faults, (text) => shown(resolve(dirname(path), text), cwd, isUsers));
    if (setting === undefined) continue;
    const { key, value } = setting;
    // The section of a verb wins over what goes for all.
    if (entry.verb !== null || !own.has(key))
      own.set(key, { value, text: entry.values.join(', '), source, line: entry.place.line });
  }
  if (faults.length > 0) throw new UsageError(faults.map(formatDiagnostic).join('\n'));
  for (const [key, setting] of own) if (!isDecided(key, given, values)) values.set(key, setting);
}

/**
 * The flag that an entry sets, and its value. Undefined when it sets none; if that is a fault, the fault is added to `faults`.
 */
export function settingOf(
  entry: ProjectEntry,
  command: Command,
  faults: Diagnostic[],
  pathFrom: (text: string) => string,
): { readonly key: string; readonly value: unknown } | undefined {
  const found = Object.entries(command.flags).find(([key]) => longName(key) === entry.name);
  if (found === undefined) {
    if (entry.verb !== null) faults.push(noFlag(entry, command));
    return undefined;
  }
  const [key, flag] = found;
  const value = flagValue(entry, flag, (text) => (isPath(flag) ? pathFrom(text) : text), faults);
  return value === undefined ? undefined : { key, value };
}

/** True when the flag is given, or set by what comes before. `--color` also decides about `--no-color`. */
function isDecided(key: string, given: Given, values: ReadonlyMap<string, Setting>): boolean {
  const opposite = /^no[A-Z]/.test(key)
    ? key.charAt(2).toLowerCase() + key.slice(3)
    : `no${key.charAt(0).toUpperCase()}${key.slice(1)}`;
  return [key, opposite].some((one) => given.has(one) || values.has(one));
}

function flagValue(entry: ProjectEntry, flag: Flag, text: (text: string) => string, faults: Diagnostic[]): unknown {
  const refuse = (message: string, hint?: string): undefined => void faults.push(fault(entry, message, hint));
  if (flag.perRun === true) return refuse(`"${entry.name}" belongs to one run.`, 'Give it on the command line.');
  if (flag.kind !== 'list' && entry.values.length > 1) return refuse(`"${entry.name}" takes one value.`);
  if (flag.kind === 'switch') {
    const [word] = entry.values;
    return word === 'true' || word === 'false' ? word === 'true' : refuse(`"${entry.name}" must be true or false.`);
  }
  try {
    const parsed = entry.values.map((value) => flag.parse(text(value)));
    return flag.kind === 'list' ? parsed : parsed[0];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return refuse(`"${entry.name}": "${entry.values.join(', ')}" is no such value.`, error.message);
  }
}

/** Paths in a file are relative to it. */
const isPath = ({ placeholder = '' }: Flag): boolean => ['FILE', 'PATH', 'DIR'].includes(placeholder);

/** Adds the paths of `WINNOW_RULES`, which are separated as in PATH. */
function addRulesOfEnvironment({ env }: Context, command: Command, given: Given, values: Map<string, Setting>): void {
  const paths = (env.WINNOW_RULES ?? '').split(delimiter).filter((path) => path !== '');
  if (paths.length === 0 || command.settings !== 'logs' || command.flags.rules === undefined) return;
  if (given.get('noConfig') === true || given.has('rules') || values.has('rules')) return;
  values.set('rules', { value: paths, text: paths.join(', '), source: 'WINNOW_RULES' });
}

/** A file of the project is named from here, the user's by its whole path. */
function shown(path: string, cwd: string, isUsers: boolean): string {
  return isUsers || isAbsolute(relative(cwd, path)) ? path : relative(cwd, path) || '.';
}

function noFlag(entry: ProjectEntry, command: Command): Diagnostic {
  const names = Object.entries(command.flags).flatMap(([key, flag]) => (flag.perRun === true ? [] : [longName(key)]));
  return fault(entry, `"${entry.name}" is no flag of ${command.name}.`, didYouMean(entry.name, names));
}

function fault({ place }: ProjectEntry, message: string, hint?: string): Diagnostic {
  return { code: 'project/entry', severity: 'error', message, hint, place };
}

function notUsed(file: string, why: FoundProject['passedOver'][number]['why']): Diagnostic {
  const reason = why === 'in logs' ? 'it lies in a folder of logs that are read' : 'it, or its folder, belongs to another user';
  const message = `the project file is not used: ${reason}`;
  return {
    code: 'project/not-used',
    severity: 'warning',
    message,
    hint: `If it is yours, name it: --config ${file}`,
    place: { file },
  };
}

/** `winnow.yml (rules, min-level)`: what was taken from where. */
export function settingsTexts({ values }: Settings): readonly string[] {
  const bySource = new Map<string, string[]>();
  for (const [key, { source }] of values) bySource.set(source, [...(bySource.get(source) ?? []), longName(key)]);
  return [...bySource].map(([source, names]) => (source === 'WINNOW_RULES' ? source : `${source} (${names.join(', ')})`));
}
