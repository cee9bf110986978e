/** In: rule paths and how log sources are meant. Out: every rule with its log source, and whether a scan would use it or why not. */
import { compileRules, ruleInfo } from '../../../engine/compile/compile.ts';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import type { RuleInfo } from '../../../model/match.ts';
import type { LogSource, SigmaRule } from '../../../model/rule.ts';
import { Tuning } from '../../../scan/tuning/tune-rules.ts';
import type { TuningEntry } from '../../../scan/tuning/tuning.ts';
import { type LogSourceOptions, resolveLogSource } from '../../../sigma/logsource/resolve.ts';
import { loadRules, type Placeholders } from '../../../sigma/rule/load.ts';

export interface CatalogRule {
  readonly rule: RuleInfo;
  /** null for a correlation. */
  readonly logsource: LogSource | null;
  /** Why a scan does not use it; null when it does. */
  readonly unused: string | null;
  /** Switched off by a tuning file. */
  readonly off: boolean;
}

export interface RuleCatalog {
  readonly rules: readonly CatalogRule[];
  readonly files: number;
  /** The code of the first error of each rule that was refused. */
  readonly refused: readonly string[];
  /** The diagnostics about the tuning. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface CatalogOptions {
  readonly values: Placeholders | undefined;
  readonly logSources: LogSourceOptions;
  readonly tuning: readonly TuningEntry[];
  /** As in {@link Tuning}. */
  readonly today: string;
}

export function ruleCatalog(paths: readonly string[], { values, logSources, tuning, today }: CatalogOptions): RuleCatalog {
  const loaded = loadRules(paths, { values });
  const ruleSet = compileRules(loaded.rules, (logsource) => resolveLogSource(logsource, logSources));
  const tuned = new Tuning(ruleSet, tuning, today);
  const { silent } = tuned.withOff({ ...ruleSet, silent: ruleSet.rules.map(() => false) });
  const number = new Map(ruleSet.rules.map((rule, i) => [keyOf(rule), i]));
  const reasons = new Map(ruleSet.unused.map(({ rule, reason }) => [keyOf(rule), reason]));
  const rules = loaded.rules.map((rule): CatalogRule => {
    const info = ruleInfo(rule.head);
    const at = number.get(keyOf(info));
    return {
      rule: at === undefined ? info : tuned.levelled.rules[at]!,
      logsource: logSourceOf(rule),
      unused: at === undefined ? (reasons.get(keyOf(info)) ?? 'not used') : null,
      off: at !== undefined && silent[at] === true,
    };
  });
  return {
    rules,
    files: loaded.files,
    refused: loaded.refused.map(
      ({ diagnostics }) => diagnostics.find(({ severity }) => severity === 'error')?.code ?? 'rule/unknown',
    ),
    diagnostics: tuned.faults,
  };
}

function logSourceOf(rule: SigmaRule): LogSource | null {
  return rule.kind === 'detection' ? rule.logsource : null;
}

/** Nobody can tell apart rules that agree in all of this. */
const keyOf = ({ path, id, name, title }: RuleInfo): string => JSON.stringify([path, id, name, title]);
