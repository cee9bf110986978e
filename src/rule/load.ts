/** Files and folders -> rules. The only file of this stage that reads a disk. */
import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../model/errors.ts';
import type { LoadedRules } from '../model/rule.ts';
import { type RuleOptions, resolveFiles } from './parse.ts';
import { type ParsedFile, parseFile } from './parse-file.ts';
import { isZip, readZip } from './zip.ts';

export { loadPlaceholders, type Placeholders } from './placeholders.ts';

/** Folders inside folders. */
const MAX_DEPTH = 64;
/** Bytes of a rule file; `parseFile` has the bound on its characters. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Loads rules from files and, recursively, from the `.yml` and `.yaml` files of folders (`*.test.yml` left out) and zip archives, each
 * file once, in the order of the paths given and sorted by name below them. Throws UsageError for a path that does not exist.
 *
 * @example
 * const { rules, refused, diagnostics } = loadRules(['rules'], { values });
 */
export function loadRules(paths: readonly string[], options: RuleOptions = {}): LoadedRules {
  return resolveFiles(ruleFiles(paths).map((path) => parseRuleFile(path, options)));
}

/** One file (or zip archive of files), parsed; a file that cannot be read is refused like a rule that cannot. */
export function parseRuleFile(path: string, options: RuleOptions = {}): ParsedFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return refusedFile(path, `the file cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (!isZip(bytes)) return parseRuleBytes(path, bytes, options);
  const files = zipRuleFiles(path, bytes).map(({ path: entry, bytes: content }) =>
    typeof content === 'string' ? refusedFile(entry, content) : parseRuleBytes(entry, content, options),
  );
  return {
    documents: files.flatMap((file) => file.documents),
    refused: files.flatMap((file) => file.refused),
    diagnostics: files.flatMap((file) => file.diagnostics),
    count: files.reduce((sum, file) => sum + file.count, 0),
  };
}

/** The content of one rule file, parsed. */
export function parseRuleBytes(path: string, bytes: Buffer, options: RuleOptions = {}): ParsedFile {
  const text = textOf(bytes);
  return typeof text === 'string' ? parseFile(text, path, options.values) : refusedFile(path, text.fault);
}

export function refusedFile(path: string, message: string): ParsedFile {
  const diagnostic = { code: 'rule/unreadable', severity: 'error', message, place: { file: path } } as const;
  return { documents: [], refused: [{ path, diagnostics: [diagnostic] }], diagnostics: [diagnostic], count: 1 };
}

/** The rule files of a zip archive, by name; a content that cannot be had is the reason why. */
export function zipRuleFiles(path: string, bytes: Buffer): { path: string; bytes: Buffer | string }[] {
  const entries = readZip(bytes);
  if (typeof entries === 'string') return [{ path, bytes: `the archive cannot be read: ${entries}.` }];
  return entries
    .filter((entry) => isRuleName(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => {
      const content = entry.read();
      return {
        path: `${path}/${entry.name}`,
        bytes: typeof content === 'string' ? `the entry cannot be read: ${content}.` : content,
      };
    });
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
  // /dev/zero never ends. Pipes may be given: that is what a shell makes of `<(command)`.
  if (given && (stats.isCharacterDevice() || stats.isBlockDevice())) throw new UsageError(`${path} is a device, not a rule file`);
  if (!stats.isDirectory()) {
    if (stats.isFile() || given) addOnce(path, realpathSync(path), found, seen);
    return;
  }
  const real = realpathSync.native(path);
  if (seen.has(real) || depth > MAX_DEPTH) return;
  seen.add(real);
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  // `join` for each of thousands of names would take longer than reading the folder: what it puts before a name is always the same.
  const before = join(path, 'x').slice(0, -1);
  const beforeReal = join(real, 'x').slice(0, -1);
  for (const entry of entries) {
    const inner = before + entry.name;
    if (entry.isFile()) {
      if (isRuleName(entry.name)) addOnce(inner, beforeReal + entry.name, found, seen);
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

/** Tests of rules are none, nor are configuration files such as `.winnow.yml`. */
function isRuleName(name: string): boolean {
  const lower = name.toLowerCase();
  return (lower.endsWith('.yml') || lower.endsWith('.yaml')) && !/\.test\.ya?ml$|(?:^|\/)\.[^/]*$/.test(lower);
}

/** A rule file as text: UTF-8, or UTF-16 with its mark; or why it is none. */
export function textOf(bytes: Buffer): string | { fault: string } {
  if (bytes.length > MAX_BYTES) return { fault: `the file has ${bytes.length} bytes; at most ${MAX_BYTES} are read.` };
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  // The usual case, without a decoder.
  if (encoding === 'utf-8' && isUtf8(bytes)) return bytes.toString('utf8');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return { fault: 'the file is not UTF-8 text.' };
  }
}
