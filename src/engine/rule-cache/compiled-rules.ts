/** What loading compiled rules takes and gives, whether they come from the cache or are made. */

import type { Diagnostic } from '../../model/diagnostic.ts';
import type { LoadedRules, RefusedRule } from '../../model/rule.ts';
import type { RuleSet } from '../../model/ruleset.ts';
import type { LogSourceOptions } from '../../sigma/logsource/resolve.ts';
import type { RuleOptions } from '../../sigma/rule/parse-rules.ts';

export interface CompiledOptions extends RuleOptions {
  readonly logSources?: LogSourceOptions | undefined;
  /** Where compiled rules are kept; null or absent: nowhere. */
  readonly cacheFolder?: string | null | undefined;
  /** Called after each rule file that was parsed: never where rules come from the cache. */
  readonly onRuleFile?: (() => void) | undefined;
}

/** What `loadRules` says beside the rules. */
export type LoadedAccount = Omit<LoadedRules, 'rules'>;

export interface CompiledRules extends LoadedAccount {
  readonly ruleSet: RuleSet;
  readonly refused: readonly RefusedRule[];
  readonly diagnostics: readonly Diagnostic[];
  /** The rule set as `serializeRuleSet` gives it, where the cache had or got it: threads take it like this. */
  readonly serialized: Uint8Array | null;
  /** True when nothing was parsed. */
  readonly fromCache: boolean;
}
