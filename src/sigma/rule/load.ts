/** Files and folders -> rules. With `visit-rule-files.ts` the only file of this stage that reads a disk. */
import { isUtf8 } from 'node:buffer';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { LoadedRules } from '../../model/rule.ts';
import { type RuleFile, unreadable, visitRuleFiles } from '../files/visit-rule-files.ts';
import { type ParsedFile, parseFile } from './parse/parse-file.ts';
import { type RuleOptions, resolveFiles } from './parse-rules.ts';

export { loadPlaceholders, type Placeholders } from './placeholders.ts';

/**
 * Loads rules from files and, recursively, from the `.yml` and `.yaml` files of folders (`*.test.yml` left out) and zip archives, each
 * file once, in the order of the paths given and sorted by name below them. YAML in folders and archives that is no Sigma rule is
 * passed over and counted in a diagnostic. Throws UsageError for a path that does not exist.
 *
 * @example
 * const { rules, refused, diagnostics } = loadRules(['rules'], { values });
 */
export function loadRules(paths: readonly string[], options: RuleOptions = {}): LoadedRules {
  const files: ParsedFile[] = [];
  visitRuleFiles(paths, (file) => void files.push(parseRuleFile(file, options)));
  return resolveFiles(files);
}

/** A rule file, parsed; one that cannot be read is refused like a rule that cannot. */
export function parseRuleFile({ path, content, named }: RuleFile, options: RuleOptions = {}): ParsedFile {
  if (!Buffer.isBuffer(content)) return faultyFile(path, content);
  const text = ruleText(path, content);
  return typeof text === 'string' ? parseFile(text, path, options.values, named) : faultyFile(path, text);
}

/** What stands for a file without content. */
export function faultyFile(path: string, fault: Diagnostic): ParsedFile {
  const isLost = fault.severity === 'error';
  return {
    path,
    documents: [],
    refused: isLost ? [{ path, diagnostics: [fault] }] : [],
    diagnostics: [fault],
    count: isLost ? 1 : 0,
    holds: isLost ? 'rules' : 'nothing',
  };
}

/** A rule file as text: UTF-8, or UTF-16 with its mark; or why it is none. */
export function ruleText(path: string, bytes: Buffer): string | Diagnostic {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  // The usual case, without a decoder.
  if (encoding === 'utf-8' && isUtf8(bytes)) return bytes.toString('utf8');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return unreadable(path, 'the file is not UTF-8 text.');
  }
}
