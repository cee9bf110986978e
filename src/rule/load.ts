/** Files and folders -> rules. The only file of this stage that reads a disk. */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../model/errors.ts';
import type { LoadedRules } from '../model/rule.ts';
import { type RuleOptions, resolveFiles } from './parse.ts';
import { type ParsedFile, parseFile } from './parse-file.ts';

export { loadPlaceholders, type Placeholders } from './placeholders.ts';

/** Folders inside folders. */
const MAX_DEPTH = 64;
/** Bytes of a rule file; `parseFile` has the bound on its characters. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Loads rules from files and, recursively, from the `.yml` and `.yaml` files of folders (`*.test.yml` left out), each file
 * once, in the order of the paths given and sorted by name below them. Throws UsageError for a path that does not exist.
 *
 * @example
 * const { rules, refused, diagnostics } = loadRules(['rules'], { values });
 */
export function loadRules(paths: readonly string[], options: RuleOptions = {}): LoadedRules {
  return resolveFiles(ruleFiles(paths).map((path) => parseRuleFile(path, options)));
}

/** One file, parsed; a file that cannot be read is refused like a rule that cannot. */
export function parseRuleFile(path: string, options: RuleOptions = {}): ParsedFile {
  const text = readText(path);
  if (typeof text === 'string') return parseFile(text, path, options.values);
  const diagnostic = { code: 'rule/unreadable', severity: 'error', message: text.fault, place: { file: path } } as const;
  return { documents: [], refused: [{ path, diagnostics: [diagnostic] }], diagnostics: [diagnostic], count: 1 };
}

/** The rule files that `paths` stand for, as paths below what was given. */
export function ruleFiles(paths: readonly string[]): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  for (const path of paths) collect(path, 0, true, found, seen);
  return found;
}

function collect(path: string, depth: number, given: boolean, found: string[], seen: Set<string>): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    // A dangling link inside a folder is no rule.
    if (given) throw new UsageError(`no rule file or folder at ${path}`);
    return;
  }
  if (!stats.isDirectory()) {
    if (stats.isFile() || given) addOnce(path, realpathSync(path), found, seen);
    return;
  }
  const real = realpathSync(path);
  if (seen.has(real) || depth > MAX_DEPTH) return;
  seen.add(real);
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const inner = join(path, entry.name);
    if (entry.isFile()) {
      if (isRuleName(entry.name)) addOnce(inner, join(real, entry.name), found, seen);
    } else if (entry.isDirectory() || (entry.isSymbolicLink() && (isRuleName(entry.name) || !entry.name.includes('.')))) {
      collect(inner, depth + 1, false, found, seen);
    }
  }
}

function addOnce(path: string, real: string, found: string[], seen: Set<string>): void {
  if (seen.has(real)) return;
  seen.add(real);
  found.push(path);
}

function isRuleName(name: string): boolean {
  const lower = name.toLowerCase();
  return (lower.endsWith('.yml') || lower.endsWith('.yaml')) && !/\.test\.ya?ml$/.test(lower);
}

function readText(path: string): string | { fault: string } {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > MAX_BYTES) return { fault: `the file has ${bytes.length} bytes; at most ${MAX_BYTES} are read.` };
    const encoding =
      bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return { fault: 'the file is not UTF-8 text.' };
    return { fault: `the file cannot be read: ${error instanceof Error ? error.message : String(error)}.` };
  }
}
