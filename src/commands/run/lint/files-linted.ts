/** Lists the files that a check is going to read, so that its output replaces none of them. In: arguments of lint. Out: paths. */
import { findBaseline, findConfig } from '../../../lint/find-config.ts';
import type { CommandArgs } from '../../command.ts';
import type { LintFlags } from '../../flags/lint-flags.ts';
import { rulesIn } from '../files-read.ts';

export function filesOfLint(cwd: string, { operands, flags }: CommandArgs<LintFlags>): readonly string[] {
  const linted = operands.filter((path) => path !== '-');
  const settings = [findConfig(flags.config, cwd, linted), flags.baseline ?? findBaseline(cwd, linted)].filter(
    (path) => path !== null,
  );
  return [...rulesIn(cwd, [...linted, ...flags.rules]), ...flags.values, ...flags.logsources, ...settings];
}
