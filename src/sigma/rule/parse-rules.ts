/**
 * Turns rule text into rules, for text that does not come from files (tests, editors, the library). Refused rules are listed
 * with their diagnostics.
 */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { LoadedRules } from '../../model/rule.ts';
import { type ParsedFile, parseFile } from './parse/parse-file.ts';
import type { Placeholders } from './placeholders.ts';
import { resolveDocuments } from './resolve.ts';

export interface RuleOptions {
  /** Values for `expand`. Without them, rules that use it are refused. */
  readonly values?: Placeholders | undefined;
}

/**
 * All rules of a text, which may have several YAML documents. Filters are applied and correlations are checked.
 *
 * @example
 * const { rules, refused } = parseRules(text, 'rules/a.yml');
 */
export function parseRules(text: string, path = '', options: RuleOptions = {}): LoadedRules {
  return resolveFiles([parseFile(text, path, options.values)]);
}

/** The code of the diagnostic that counts YAML that is no Sigma rule. */
export const FOREIGN = 'rule/foreign';
/** How many files without rules the diagnostic names. */
const MAX_NAMED = 5;

/** Parsed files as one set of rules. `diagnostics` holds every error and warning, also those of `refused`. */
export function resolveFiles(files: readonly ParsedFile[]): LoadedRules {
  const documents = files.flatMap((file) => file.documents);
  const refusals = files.flatMap((file) => file.refused);
  const resolved = resolveDocuments(documents, refusals);
  return {
    rules: resolved.rules,
    refused: [...refusals, ...resolved.refused],
    diagnostics: [...files.flatMap((file) => file.diagnostics), ...passedOver(files), ...resolved.diagnostics],
    files: files.filter((file) => file.holds === 'rules').length,
    documents: files.reduce((sum, file) => sum + file.count, 0),
  };
}

/**
 * Counts the files that were skipped, so that none is skipped in silence. They are not errors, because they were not meant as
 * rules.
 */
function passedOver(files: readonly ParsedFile[]): Diagnostic[] {
  const paths = files.filter((file) => file.holds === 'foreign').map((file) => file.path);
  if (paths.length === 0) return [];
  const more = paths.length > MAX_NAMED ? ` and ${paths.length - MAX_NAMED} more` : '';
  const message =
    `${paths.length} YAML ${paths.length === 1 ? 'file is no Sigma rule and was' : 'files are no Sigma rules and were'} passed over: ` +
    `${paths.slice(0, MAX_NAMED).join(', ')}${more}.`;
  return [{ code: FOREIGN, severity: 'info', message, place: {} }];
}
