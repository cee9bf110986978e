/**
 * Loads a rule set, from the cache when nothing has changed. In: paths and options of the command line. Out: the compiled rules
 * and an account of what was loaded. Refuses what `loadRules` refuses.
 */
import { compilePaths } from './compile-paths.ts';
import type { CompiledOptions, CompiledRules } from './compiled-rules.ts';
import { cacheFor, restoreCompiled } from './restore-compiled.ts';

/**
 * @example
 * const { ruleSet, refused } = loadCompiled(['rules/'], { cacheFolder: '/var/cache/winnow' });
 */
export function loadCompiled(paths: readonly string[], options: CompiledOptions = {}): CompiledRules {
  const cache = cacheFor(paths, options);
  return restoreCompiled(paths, options, cache) ?? compilePaths(paths, options, cache);
}
