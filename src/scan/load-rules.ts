/** In: the rules to use. Out: what they compile to, from the cache where nothing has changed. Refuses paths that do not exist (UsageError). */
import type { CompiledOptions, CompiledRules } from '../engine/rule-cache/compiled-rules.ts';
import { cacheFor, restoreCompiled } from '../engine/rule-cache/restore-compiled.ts';

export interface RuleInputs extends Omit<CompiledOptions, 'onRuleFile'> {
  readonly paths: readonly string[];
}

/** As `loadCompiled`, but parser and compiler are loaded only if the cache has nothing: they are half of what a small scan loads. */
export async function loadRuleSet({ paths, ...options }: RuleInputs, onRuleFile?: () => void): Promise<CompiledRules> {
  const cache = cacheFor(paths, options);
  const restored = restoreCompiled(paths, options, cache);
  if (restored !== null) return restored;
  const { compilePaths } = await import('../engine/rule-cache/compile-paths.ts');
  return compilePaths(paths, { ...options, onRuleFile }, cache);
}
