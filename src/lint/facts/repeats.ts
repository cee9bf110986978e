/** Checks values that only one document of a set may have. */
import type { YamlScalar } from '../../sigma/yaml/yaml.ts';
import type { LintDocument, LintSet } from '../document.ts';
import { contextBy } from './context-index.ts';

export interface UniqueValue {
  readonly scalarOf: (document: LintDocument) => YamlScalar | undefined;
  /** Documents with the same key have the same value; undefined for a document that need not have its own. */
  readonly keyOf: (document: LintDocument) => string | undefined;
}

/** A value that no two documents may have. `normal` gives the same text for all spellings of a value. */
export function uniqueValue(scalarOf: UniqueValue['scalarOf'], normal: (text: string) => string): UniqueValue {
  return {
    scalarOf,
    keyOf(document) {
      const text = document.isCollectionPart ? undefined : scalarOf(document)?.text;
      return text === undefined || text === '' ? undefined : normal(text);
    },
  };
}

/** Calls `report` for each linted document whose value an earlier document has. The earlier one is named by its place. */
export function reportRepeats(
  set: LintSet,
  { scalarOf, keyOf }: UniqueValue,
  report: (document: LintDocument, at: YamlScalar, first: string) => void,
): void {
  const inContext = contextBy(set, keyOf);
  const seen = new Map<string, LintDocument>();
  for (const document of set.own) {
    const key = keyOf(document);
    if (key === undefined) continue;
    const first = inContext.get(key)?.[0] ?? seen.get(key);
    if (first === undefined) seen.set(key, document);
    else report(document, scalarOf(document)!, `${first.file.path}:${first.spanOf(scalarOf(first)!).line}`);
  }
}
