/** The work of `winnow diff`: reads both versions and the logs, writes the comparison. */
import { diffMatches, type MatchesDiff } from '../../diff/diff-matches.ts';
import { diffRules, type RuleDiff } from '../../diff/diff-rules.ts';
import { renderDiff } from '../../diff/render.ts';
import { RulePool } from '../../explain/rule-pool.ts';
import { loadRules } from '../../sigma/rule/load.ts';
import { type CommandArgs, type CommandContext, EXIT, type ExitCode } from '../command.ts';
import type { DiffFlags } from '../flags/diff-flags.ts';
import { openOutput } from '../output/output-file.ts';
import { fromHere } from '../output/terminal.ts';
import { tell } from '../output/told.ts';
import { logFiles, rulesIn } from './files-read.ts';
import { readLogSourceOptions, readValues } from './rule-context.ts';

export async function runDiff(context: CommandContext, { operands, flags, settings }: CommandArgs<DiffFlags>): Promise<ExitCode> {
  const { cwd } = context;
  const [old = '', now = '', ...logs] = operands;
  const output = await openOutput(context, flags, () => [
    ...rulesIn(cwd, [old, now]),
    ...logFiles(cwd, logs),
    ...flags.values,
    ...flags.logsources,
    ...(settings?.files ?? []),
  ]);
  const options = { values: readValues(cwd, flags.values) };
  const logSources = readLogSourceOptions(cwd, flags);
  const before = loadRules([fromHere(cwd, old)], options);
  const after = loadRules([fromHere(cwd, now)], options);
  const rules = diffRules(before.rules, after.rules);
  const found =
    logs.length === 0
      ? null
      : await diffMatches(
          rules.changes,
          logs.map((path) => fromHere(cwd, path)),
          { pool: new RulePool(before), logSources },
          { pool: new RulePool(after), logSources },
          context.signal,
        );
  await output.save(renderDiff({ rules, logs: found, version: context.version }, flags.format));
  // A refused rule still exists, so it is not reported as removed. It cannot be compared.
  for (const { diagnostics } of before.refused) await tell(context, diagnostics, 'winnow diff: refused before the change: ');
  for (const { diagnostics } of after.refused) await tell(context, diagnostics, 'winnow diff: refused now: ');
  await tell(context, found?.diagnostics ?? []);
  if (context.signal.aborted) return EXIT.interrupted;
  if (after.refused.length > 0) return EXIT.ruleUnusable;
  if (before.documents + after.documents === 0 || found?.events === 0) {
    await context.stderr.write(`winnow diff: no ${found === null ? 'rule' : 'event'} was read.\n`);
    return EXIT.input;
  }
  if (found?.diagnostics.some((one) => one.severity === 'error')) return EXIT.input;
  return flags.exitCode && differs(rules, found) ? EXIT.findings : EXIT.done;
}

function differs({ changes }: RuleDiff, found: MatchesDiff | null): boolean {
  if (found?.matches.some(({ gained, lost }) => gained.length + lost.length > 0)) return true;
  return changes.some((change) => change.kind !== 'changed' || change.finds !== 'same');
}
