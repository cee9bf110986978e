/**
 * Rule paths -> a rule set, from the cache when nothing has changed. In: paths and options of the command line. Out: the
 * compiled rules and the account of what was loaded. Refuses what `loadRules` refuses.
 */
import { createHash } from 'node:crypto';
import { versions } from 'node:process';
import { deserialize, serialize } from 'node:v8';
import { type LogSourceOptions, resolveLogSource } from '../logsource/resolve.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { LoadedRules, RefusedRule } from '../model/rule.ts';
import type { RuleSet } from '../model/ruleset.ts';
import { parseRuleBytes, refusedFile } from '../rule/load.ts';
import { type RuleOptions, resolveFiles } from '../rule/parse.ts';
import type { ParsedFile } from '../rule/parse-file.ts';
import { RuleCache } from './cache.ts';
import { compileRules } from './compile.ts';
import { canReadTwice, visitRuleFiles } from './rule-files.ts';
import { deserializeRuleSet, serializeRuleSet } from './serialize.ts';

export interface CompiledOptions extends RuleOptions {
  readonly logSources?: LogSourceOptions | undefined;
  /** Where compiled rules are kept (`defaultCacheFolder`); null or absent: nowhere. */
  readonly cacheFolder?: string | null | undefined;
}

/** What `loadRules` says beside the rules. */
export type LoadedAccount = Omit<LoadedRules, 'rules'>;

export interface CompiledRules extends LoadedAccount {
  readonly ruleSet: RuleSet;
  readonly refused: readonly RefusedRule[];
  readonly diagnostics: readonly Diagnostic[];
  /** True when nothing was parsed. */
  readonly fromCache: boolean;
}

/**
 * @example
 * const { ruleSet, refused } = loadCompiled(['rules/'], { cacheFolder: defaultCacheFolder(platform, env, homedir()) });
 */
export function loadCompiled(paths: readonly string[], options: CompiledOptions = {}): CompiledRules {
  const caches = options.cacheFolder && BUILD !== null && canReadTwice(paths);
  const cache = caches ? new RuleCache(options.cacheFolder) : null;
  const stored = cache?.load(digestOf(paths, options)) ?? null;
  const known = stored === null ? null : restored(stored);
  if (known !== null) return { ...known, fromCache: true };
  const { files, key } = parsePaths(paths, options);
  const { rules, ...account } = resolveFiles(files);
  const compiled = { ...account, ruleSet: compileRules(rules, (logsource) => resolveLogSource(logsource, options.logSources)) };
  cache?.store(key, serialize({ ...account, ruleSet: serializeRuleSet(compiled.ruleSet) }));
  return { ...compiled, fromCache: false };
}

/** What made the program: rules compiled by another build may mean something else. null: not known, nothing is cached. */
const BUILD: string | null = typeof WINNOW_BUILD === 'string' ? WINNOW_BUILD : null;

/** Bytes that are hashed at once: a call for each of thousands of small parts costs more than the hash itself. */
const HASHED_BYTES = 256 << 10;

/** The key of the cache: everything that the compiled rules depend on. */
class Digest {
  readonly #hash = createHash('sha256');
  readonly #pending = Buffer.allocUnsafeSlow(HASHED_BYTES);
  #length = 0;

  constructor(options: CompiledOptions) {
    const { custom, optional } = options.logSources ?? {};
    this.#part(`${BUILD} node ${versions.modules} v8 ${versions.v8}`);
    this.#part(
      serialize({
        values: options.values,
        optional: [...(optional ?? [])].sort(),
        custom: custom && { categories: custom.categories, services: custom.services, fieldMaps: custom.fieldMaps },
      }),
    );
  }

  /** Lengths go in too, so that no two lists of parts give the same bytes. */
  #part(part: string | Buffer): void {
    const bytes = Buffer.byteLength(part);
    this.#add(`${bytes}\n`);
    this.#add(part, bytes);
  }

  #add(part: string | Buffer, bytes = part.length): void {
    if (bytes > HASHED_BYTES - this.#length) {
      this.#flush();
      if (bytes > HASHED_BYTES) {
        this.#hash.update(part);
        return;
      }
    }
    if (typeof part === 'string') this.#pending.write(part, this.#length);
    else this.#pending.set(part, this.#length);
    this.#length += bytes;
  }

  #flush(): void {
    this.#hash.update(this.#pending.subarray(0, this.#length));
    this.#length = 0;
  }

  file(path: string, bytes: Buffer | string): void {
    this.#part(path);
    this.#part(typeof bytes === 'string' ? 'unreadable' : 'bytes');
    this.#part(bytes);
  }

  finish(): Buffer {
    this.#flush();
    return this.#hash.digest();
  }
}

function digestOf(paths: readonly string[], options: CompiledOptions): Buffer {
  const digest = new Digest(options);
  visitRuleFiles(paths, (path, bytes) => digest.file(path, bytes));
  return digest.finish();
}

/** Parses the files, and makes the key from the very bytes that were parsed: they may have changed since they were looked up. */
function parsePaths(paths: readonly string[], options: CompiledOptions): { files: ParsedFile[]; key: Buffer } {
  const digest = new Digest(options);
  const files: ParsedFile[] = [];
  visitRuleFiles(paths, (path, bytes) => {
    digest.file(path, bytes);
    files.push(typeof bytes === 'string' ? refusedFile(path, bytes) : parseRuleBytes(path, bytes, options));
  });
  return { files, key: digest.finish() };
}

function restored(content: Buffer): Omit<CompiledRules, 'fromCache'> | null {
  try {
    // The key names the build and the checksum holds: this is what `loadCompiled` stored.
    const { ruleSet, ...account } = deserialize(content) as LoadedAccount & { ruleSet: Uint8Array };
    return { ...account, ruleSet: deserializeRuleSet(ruleSet) };
  } catch {
    // Written by a Node whose format this one does not read.
    return null;
  }
}
