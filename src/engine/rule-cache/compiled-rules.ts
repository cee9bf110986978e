/** The options and the result of loading compiled rules, whether they come from the cache or are compiled now. */

import type { LoadedRules } from '../../model/rule.ts';
import type { RuleSet } from '../../model/ruleset.ts';
import type { LogSourceOptions } from '../../sigma/logsource/resolve.ts';
import type { RuleOptions } from '../../sigma/rule/parse-rules.ts';

export interface CompiledOptions extends RuleOptions {
  readonly logSources?: LogSourceOptions | undefined;
  /** The folder of the cache. Null or absent: nothing is cached. */
  readonly cacheFolder?: string | null | undefined;
  /** Called after each rule file that was parsed. Never called when the rules come from the cache. */
  readonly onRuleFile?: (() => void) | undefined;
}

/** What `loadRules` returns besides the rules. */
export type LoadedAccount = Omit<LoadedRules, 'rules'>;

export interface CompiledRules extends LoadedAccount {
  readonly ruleSet: RuleSet;
  /**
   * The rule set as `serializeRuleSet` returns it, if it was read from or written to the cache. Threads receive it in this form.
   */
  readonly serialized: Uint8Array | null;
  /** True when nothing was parsed. */
  readonly fromCache: boolean;
}
