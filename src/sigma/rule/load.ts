/** Files and folders -> rules. With `find.ts` the only file of this stage that reads a disk. */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { LoadedRules } from '../../model/rule.ts';
import { ruleFiles, zipRuleFiles } from '../files/find.ts';
import { isZip } from '../files/zip.ts';
import { type ParsedFile, parseFile } from './parse/parse-file.ts';
import { type RuleOptions, resolveFiles } from './parse-rules.ts';

export { loadPlaceholders, type Placeholders } from './placeholders.ts';

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
