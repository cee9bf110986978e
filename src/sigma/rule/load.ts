/**
 * Loads the rules of files and folders, which `visit-rule-files.ts` reads from the disk. Refuses files that are not text, with a
 * diagnostic.
 */
import { isUtf8 } from 'node:buffer';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { LoadedRules } from '../../model/rule.ts';
import { type RuleFile, unreadable, visitRuleFiles } from '../files/visit-rule-files.ts';
import { type ParsedFile, parseFile } from './parse/parse-file.ts';
import { type RuleOptions, resolveFiles } from './parse-rules.ts';

export { loadPlaceholders, type Placeholders } from './placeholders.ts';

/**
 * Loads rules from files, from the `.yml` and `.yaml` files below folders (except `*.test.yml`), and from zip archives. Each
 * file is loaded once; the order is that of the given paths, and by name below a path. YAML in folders and archives that is not
 * a Sigma rule is skipped, and counted in a diagnostic. Throws UsageError for a path that does not exist.
 *
 * @example
 * const { rules, refused, diagnostics } = loadRules(['rules'], { values });
 */
export function loadRules(paths: readonly string[], options: RuleOptions = {}): LoadedRules {
  const files: ParsedFile[] = [];
  visitRuleFiles(paths, (file) => void files.push(parseRuleFile(file, options)));
  return resolveFiles(files);
}

/** Parses a rule file. A file that cannot be read is refused, like a rule with an error. */
export function parseRuleFile({ path, content, named }: RuleFile, options: RuleOptions = {}): ParsedFile {
  if (!Buffer.isBuffer(content)) return faultyFile(path, content);
  const text = ruleText(path, content);
  return typeof text === 'string' ? parseFile(text, path, options.values, named) : faultyFile(path, text);
}

/** The result for a file whose content could not be read. */
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

/** The text of a rule file in UTF-8, or in UTF-16 with a byte order mark; or why it is not text. */
export function ruleText(path: string, bytes: Buffer): string | Diagnostic {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  // The usual case, which needs no decoder.
  if (encoding === 'utf-8' && isUtf8(bytes)) return bytes.toString('utf8');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return unreadable(path, 'the file is not UTF-8 text.');
  }
}
