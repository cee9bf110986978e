/**
 * What is wrong with a project file, for an editor. In: its text. Out: every fault that a verb would refuse it for. Refuses nothing.
 */
import { parseLintConfig } from '../../lint/config.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { UsageError } from '../../model/errors.ts';
import { parseProject } from '../../project/project-file.ts';
import { FaultyFile } from '../../project/yaml-reader.ts';
import type { Command } from '../command.ts';
import { longName } from '../flags/flag.ts';
import { settingOf } from '../settings.ts';

export function projectFaults(text: string, path: string, commands: readonly Command[]): readonly Diagnostic[] {
  const faults: Diagnostic[] = [];
  try {
    for (const entry of parseProject(text, path)) {
      const command = commands.find(({ name }) => name === entry.verb);
      if (command !== undefined) settingOf(entry, command, faults, (file) => file);
    }
  } catch (error) {
    if (!(error instanceof FaultyFile)) throw error;
    return error.faults;
  }
  return [...faults, ...lintFaults(text, path, commands)];
}

/** Lint names the first fault only. */
function lintFaults(text: string, path: string, commands: readonly Command[]): readonly Diagnostic[] {
  const flags = Object.keys(commands.find(({ name }) => name === 'lint')?.flags ?? {}).map(longName);
  try {
    parseLintConfig(text, '', flags);
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const [, line = '1', column = '1', message = error.message] = /^:(\d+):(\d+) ([\s\S]*)$/.exec(error.message) ?? [];
    const place = { file: path, line: Number(line), column: Number(column) };
    return [{ code: 'project/entry', severity: 'error', message, place }];
  }
}
