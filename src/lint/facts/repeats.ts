/** Checks values that only one document of a set may have. */

import type { YamlScalar } from '../../sigma/yaml/yaml.ts';
import type { LintDocument, LintSet } from '../document.ts';

/** Calls `report` for each document whose value an earlier document has. The earlier one is named by its place. */
export function reportRepeats(
  set: LintSet,
  scalarOf: (document: LintDocument) => YamlScalar | undefined,
  keyOf: (text: string) => string,
  report: (document: LintDocument, at: YamlScalar, first: string) => void,
): void {
  const seen = new Map<string, string>();
  for (const document of set.documents) {
    if (document.isCollectionPart) continue;
    const value = scalarOf(document);
    if (value === undefined || value.text === '') continue;
    const key = keyOf(value.text);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, `${document.file.path}:${document.spanOf(value).line}`);
    else report(document, value, first);
  }
}
