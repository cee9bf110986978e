/**
 * Reads compiled rules from the cache. In: paths and options of the command line. Out: what `compilePaths` stored for exactly
 * the same contents, or null. It loads neither parser nor compiler: they are half of the program, and most scans find their
 * rules here.
 */
import { env } from 'node:process';
import { deserialize } from 'node:v8';
import { folderFault } from '../../files/private-folder.ts';
import { userSecret } from '../../files/user-secret.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { canReadTwice, visitRuleFiles } from '../../sigma/files/visit-rule-files.ts';
import { RuleCache } from './cache.ts';
import type { CompiledOptions, CompiledRules, LoadedAccount } from './compiled-rules.ts';
import { MADE_BY, RuleDigest } from './rule-digest.ts';
import { deserializeRuleSet } from './serialize.ts';

/** The cache for some rules. Null when none is wanted or possible; a diagnostic when the user should know why. */
export type CacheFor = RuleCache | Diagnostic | null;

export function cacheFor(paths: readonly string[], { cacheFolder }: CompiledOptions): CacheFor {
  if (!cacheFolder || MADE_BY === null || !canReadTwice(paths)) return null;
  const fault = faultOf(cacheFolder);
  if (fault !== null) return notPrivate(cacheFolder, fault);
  const secret = userSecret(env);
  if (secret === null) return null;
  return Buffer.isBuffer(secret) ? new RuleCache(cacheFolder, secret) : notPrivate(secret.folder, secret.fault);
}

/** Why the folder must not be used. Null when it may be used, does not exist yet, or gives nothing to read. */
function faultOf(folder: string): string | null {
  try {
    return folderFault(folder);
  } catch {
    return null;
  }
}

function notPrivate(file: string, fault: string): Diagnostic {
  return {
    code: 'cache/not-private',
    severity: 'info',
    message: `the cache of compiled rules is not used: ${fault}.`,
    hint: 'Make it your own (chown, chmod go-w), delete it, or leave it out with --no-cache.',
    place: { file },
  };
}

/** `cache` is what {@link cacheFor} gives for these paths. */
export function restoreCompiled(paths: readonly string[], options: CompiledOptions, cache: CacheFor): CompiledRules | null {
  // Making the key means reading all rule files, which is not worth it for an empty cache.
  if (!(cache instanceof RuleCache) || cache.isEmpty) return null;
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
    // The key contains the build and the user's secret has been used, so this is what `loadCompiled` stored.
    const { ruleSet: serialized, ...account } = deserialize(content) as LoadedAccount & { ruleSet: Uint8Array };
    return { ...account, ruleSet: deserializeRuleSet(serialized), serialized };
  } catch {
    // Written by a version of Node whose format this one does not read.
    return null;
  }
}
