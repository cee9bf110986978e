/** Lists the files that a verb is going to read, so that its output replaces none of them. In: its arguments. Out: paths. */
import { listSources } from '../../logs/open/open.ts';
import { findRuleFiles } from '../../sigma/files/visit-rule-files.ts';
import type { CommandArgs } from '../command.ts';
import type { ScanFlags } from '../flags/scan-flags.ts';
import { fromHere } from '../output/terminal.ts';
import { shippedRules } from './scan/scan-engine.ts';

export function filesOfScan(cwd: string, { operands, flags, settings }: CommandArgs<ScanFlags>): readonly string[] {
  const rules = flags.rules.length > 0 ? flags.rules : [shippedRules(cwd)];
  return [
    ...logFiles(cwd, operands, flags.followLinks),
    ...rulesIn(cwd, rules),
    ...flags.values,
    ...flags.logsources,
    ...flags.tune,
    ...(settings?.files ?? []),
  ];
}

/** Logs, and files among them that look like logs or have such a name, although they cannot be read. */
export function logFiles(cwd: string, paths: readonly string[], followLinks = false): readonly string[] {
  const files: string[] = [];
  const listed = listSources(
    paths.map((path) => fromHere(cwd, path)),
    // A report of winnow may be replaced by the next one.
    ({ code, place: { file } }) => (file === undefined || code === 'input/own-report' ? undefined : files.push(file)),
    { followLinks },
  );
  return [...files, ...listed.map(({ path }) => path)];
}

export function rulesIn(cwd: string, paths: readonly string[]): readonly string[] {
  return findRuleFiles(paths.map((path) => fromHere(cwd, path))).files;
}
