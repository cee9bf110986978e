/**
 * Compiled rules from the cache. In: paths and options of the command line. Out: what `compilePaths` has stored for the very same
 * contents, or null. Loads no parser and no compiler: they are half of the program, and most scans find their rules here.
 */
import { deserialize } from 'node:v8';
import { canReadTwice, visitRuleFiles } from '../../sigma/files/visit-rule-files.ts';
import { RuleCache } from './cache.ts';
import type { CompiledOptions, CompiledRules, LoadedAccount } from './compiled-rules.ts';
import { BUILD, RuleDigest } from './rule-digest.ts';
import { deserializeRuleSet } from './serialize.ts';

/** Where rules of these paths are cached; null when they are not. */
export function cacheFor(paths: readonly string[], { cacheFolder }: CompiledOptions): RuleCache | null {
  return cacheFolder && BUILD !== null && canReadTwice(paths) ? new RuleCache(cacheFolder) : null;
}

export function restoreCompiled(paths: readonly string[], options: CompiledOptions): CompiledRules | null {
  const cache = cacheFor(paths, options);
  // Making the key means to read all rules: not for nothing.
  if (cache === null || cache.isEmpty) return null;
  const stored = cache.load(digestOf(paths, options));
  const known = stored === null ? null : restored(stored);
  return known === null ? null : { ...known, fromCache: true };
}

function digestOf(paths: readonly string[], options: CompiledOptions): Buffer {
  const digest = new RuleDigest(options);
  visitRuleFiles(paths, (file) => digest.file(file));
  return digest.finish();
}

function restored(content: Buffer): Omit<CompiledRules, 'fromCache'> | null {
  try {
    // The key names the build and the checksum holds: this is what `loadCompiled` stored.
    const { ruleSet: serialized, ...account } = deserialize(content) as LoadedAccount & { ruleSet: Uint8Array };
    return { ...account, ruleSet: deserializeRuleSet(serialized), serialized };
  } catch {
    // Written by a Node whose format this one does not read.
    return null;
  }
}
