/** The work of `winnow explain`: finds the rule, reads the logs, writes the explanation. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { explainRules } from '../../explain/explain.ts';
import { explanationJson } from '../../explain/render-json.ts';
import { explanationText } from '../../explain/render-text.ts';
import { RulePool } from '../../explain/rule-pool.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { UsageError } from '../../model/errors.ts';
import type { RefusedRule, SigmaRule } from '../../model/rule.ts';
import { canReadTwice, isOfFinding, visitRuleFiles } from '../../sigma/files/visit-rule-files.ts';
import { loadRules, ruleText } from '../../sigma/rule/load.ts';
import { type CommandArgs, type CommandContext, EXIT, type ExitCode } from '../command.ts';
import type { ExplainFlags } from '../flags/explain-flags.ts';
import { streamOutput } from '../output/output-file.ts';
import { coloured, fromHere } from '../output/terminal.ts';
import { tell } from '../output/told.ts';
import { namedLogs } from './named-logs.ts';
import { readLogSourceOptions, readValues } from './rule-context.ts';

export async function runExplain(context: CommandContext, args: CommandArgs<ExplainFlags>): Promise<ExitCode> {
  const { operands, flags, settings } = args;
  const { cwd } = context;
  const [name = '', ...logs] = operands;
  if (flags.record !== null && flags.index !== null) throw new UsageError('Give --record or --index, not both.');
  const logSources = readLogSourceOptions(cwd, flags);
  const path = existsSync(resolve(cwd, name)) ? fromHere(cwd, name) : null;
  // Rules of a project file are only needed to find a rule by its id. A rule file is explained with its neighbours.
  const isNeeded = path === null || settings?.values.has('rules') !== true;
  const extra = isNeeded ? flags.rules.map((one) => fromHere(cwd, one)) : [];
  if (path === null && extra.length === 0)
    throw new UsageError(`there is no rule file ${name}. To name a rule by id, give its folder with -r.`);
  const options = { values: readValues(cwd, flags.values) };
  let paths = path === null ? extra : [path, ...extra];
  let loaded = loadRules(paths, options);
  let pool = new RulePool(loaded);
  let chosen = choose(pool, name, path);
  // The rules that a correlation refers to are looked for next to it, unless -r names other paths.
  if (path !== null && extra.length === 0 && needsNeighbours(pool, path)) {
    paths = [path, dirname(path)];
    loaded = loadRules(paths, options);
    pool = new RulePool(loaded);
    chosen = choose(pool, name, path);
  }
  const told = loaded.diagnostics.filter((one) => isOfFinding(one) && !chosen.refused.some((it) => it.diagnostics.includes(one)));
  await tell(context, told);
  if (chosen.rules.length === 0) {
    if (chosen.refused.length === 0) throw new UsageError(`no rule is called "${name}".`);
    for (const { diagnostics } of chosen.refused) await tell(context, diagnostics);
    return EXIT.ruleUnusable;
  }
  const { archivePassword } = flags;
  const { paths: logPaths, ...read } = await namedLogs(context, logs, { archivePassword });
  const result = await explainRules(chosen.rules, pool, logPaths, (one) => ruleTextIn(paths, one), {
    logSources,
    choice: { recordId: flags.record, index: flags.index },
    near: flags.near,
    read,
    signal: context.signal,
  });
  const pieces =
    flags.format === 'json' ? explanationJson(result, context.version) : explanationText(result, coloured(context, flags));
  await streamOutput(context.stdout).save(pieces);
  await tell(context, result.diagnostics);
  if (context.signal.aborted) return EXIT.interrupted;
  const byRecord = flags.record !== null || flags.index !== null;
  if (byRecord && !result.found) await context.stderr.write('winnow explain: no such record in the log.\n');
  const unreadable = result.diagnostics.some((one) => one.severity === 'error');
  return unreadable || result.events === 0 || (byRecord && !result.found) ? EXIT.input : EXIT.done;
}

function choose(
  pool: RulePool,
  name: string,
  path: string | null,
): { rules: readonly SigmaRule[]; refused: readonly RefusedRule[] } {
  if (path !== null) return { rules: RulePool.mainOf(pool.inFile(path)), refused: pool.refusedIn(path) };
  return { rules: pool.named(name), refused: pool.refusedNamed(name) };
}

/** The text of one rule file, which may be inside an archive. Empty when it cannot be read again. */
function ruleTextIn(paths: readonly string[], wanted: string): string {
  let found: string | Diagnostic = '';
  if (!canReadTwice(paths)) return found;
  visitRuleFiles(paths, ({ path, content }) => {
    if (path === wanted && Buffer.isBuffer(content)) found = ruleText(path, content);
  });
  return typeof found === 'string' ? found : '';
}

/** Whether the file has a correlation, even one that was refused because its rules are missing. */
function needsNeighbours(pool: RulePool, path: string): boolean {
  const correlations = pool.inFile(path).some((rule) => rule.kind === 'correlation');
  return correlations || pool.refusedIn(path).some((one) => one.diagnostics.some(({ code }) => code === 'rule/unknown-rule'));
}
