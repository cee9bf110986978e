/**
 * Parses and compiles rules and stores the result in the cache. In: paths and options of the command line. Out: the compiled
 * rules and an account of what was loaded. Refuses what `loadRules` refuses.
 */
import { serialize } from 'node:v8';
import { visitRuleFiles } from '../../sigma/files/visit-rule-files.ts';
import { resolveLogSource } from '../../sigma/logsource/resolve.ts';
import { parseRuleFile } from '../../sigma/rule/load.ts';
import type { ParsedFile } from '../../sigma/rule/parse/parse-file.ts';
import { resolveFiles } from '../../sigma/rule/parse-rules.ts';
import { compileRules } from '../compile/compile.ts';
import { RuleCache } from './cache.ts';
import type { CompiledOptions, CompiledRules } from './compiled-rules.ts';
import type { CacheFor } from './restore-compiled.ts';
import { RuleDigest } from './rule-digest.ts';
import { serializeRuleSet } from './serialize.ts';

export function compilePaths(paths: readonly string[], options: CompiledOptions, cache: CacheFor): CompiledRules {
  const { files, key } = parsePaths(paths, options);
  const { rules, ...account } = resolveFiles(files);
  const ruleSet = compileRules(rules, (logsource) => resolveLogSource(logsource, options.logSources));
  if (!(cache instanceof RuleCache)) {
    const diagnostics = cache === null ? account.diagnostics : [...account.diagnostics, cache];
    return { ...account, diagnostics, ruleSet, serialized: null, fromCache: false };
  }
  const serialized = serializeRuleSet(ruleSet);
  cache.store(key, serialize({ ...account, ruleSet: serialized }));
  return { ...account, ruleSet, serialized, fromCache: false };
}

/**
 * Parses the files. The key is made from the same bytes that were parsed, because the files may have changed since the cache was
 * asked.
 */
function parsePaths(paths: readonly string[], options: CompiledOptions): { files: ParsedFile[]; key: Buffer } {
  const digest = new RuleDigest(options);
  const files: ParsedFile[] = [];
  visitRuleFiles(paths, (file) => {
    digest.file(file);
    files.push(parseRuleFile(file, options));
    options.onRuleFile?.();
  });
  return { files, key: digest.finish() };
}
