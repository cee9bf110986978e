/** Finds the documents that a correlation's `rules` refer to by name or id. Those in the same file come first. */
import { addTo, remembered } from '../../model/values/maps.ts';
import type { LintDocument, LintSet } from '../document.ts';

const indexOf = remembered((set: LintSet) => {
  const index = new Map<string, LintDocument[]>();
  for (const document of [...set.context, ...set.own]) {
    for (const key of [document.scalar('name')?.text, document.scalar('id')?.text]) if (key) addTo(index, key, document);
  }
  return index;
});

export function referencedDocuments(set: LintSet, from: LintDocument, reference: string): readonly LintDocument[] {
  const named = indexOf(set).get(reference) ?? [];
  const near = named.filter((document) => document.file === from.file);
  return near.length > 0 ? near : named;
}
