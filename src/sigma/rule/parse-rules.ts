/** Rule text -> rules, for text that is not in a file of its own (tests, editors, the library). */
import type { LoadedRules } from '../../model/rule.ts';
import { type ParsedFile, parseFile } from './parse/parse-file.ts';
import type { Placeholders } from './placeholders.ts';
import { resolveDocuments } from './resolve.ts';

export interface RuleOptions {
  /** Values for `expand`. Without them rules that use it are refused. */
  readonly values?: Placeholders | undefined;
}

/**
 * Every rule of a text (several YAML documents), filters applied and correlations checked.
 *
 * @example
 * const { rules, refused } = parseRules(text, 'rules/a.yml');
 */
export function parseRules(text: string, path = '', options: RuleOptions = {}): LoadedRules {
  return resolveFiles([parseFile(text, path, options.values)]);
}

/** Parsed files as one set of rules. `diagnostics` holds every error and warning, also those of `refused`. */
export function resolveFiles(files: readonly ParsedFile[]): LoadedRules {
  const documents = files.flatMap((file) => file.documents);
  const refusals = files.flatMap((file) => file.refused);
  const resolved = resolveDocuments(documents, refusals);
  return {
    rules: resolved.rules,
    refused: [...refusals, ...resolved.refused],
    diagnostics: [...files.flatMap((file) => file.diagnostics), ...resolved.diagnostics],
    files: files.length,
    documents: files.reduce((sum, file) => sum + file.count, 0),
  };
}
