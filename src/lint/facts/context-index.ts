/**
 * Finds documents of the context by a key. In: a set, and a function from a document to its key. Out: for each key the documents
 * that have it, in their order. The result is remembered as long as the context is the same, because an editor asks again after
 * each keystroke.
 */
import { addTo, getOrInsert } from '../../model/values/maps.ts';
import type { LintDocument, LintSet } from '../document.ts';

type KeyOf = (document: LintDocument) => string | undefined;
type Index = ReadonlyMap<string, readonly LintDocument[]>;

const indexes = new WeakMap<readonly LintDocument[], Map<KeyOf, Index>>();

/** `keyOf` must be the same function each time. */
export function contextBy(set: LintSet, keyOf: KeyOf): Index {
  const known = getOrInsert(indexes, set.context, () => new Map<KeyOf, Index>());
  return getOrInsert(known, keyOf, () => groupBy(set.context, keyOf));
}

export function groupBy(documents: readonly LintDocument[], keyOf: KeyOf): Map<string, LintDocument[]> {
  const groups = new Map<string, LintDocument[]>();
  for (const document of documents) {
    const key = keyOf(document);
    if (key === undefined) continue;
    addTo(groups, key, document);
  }
  return groups;
}
