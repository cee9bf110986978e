/** Finds the documents that a correlation's `rules` refer to by name or id. Those in the same file come first. */
import type { LintDocument, LintSet } from '../document.ts';

const indexes = new WeakMap<LintSet, Map<string, LintDocument[]>>();

export function referencedDocuments(set: LintSet, from: LintDocument, reference: string): readonly LintDocument[] {
  let index = indexes.get(set);
  if (index === undefined) {
    index = new Map();
    for (const document of [...set.context, ...set.own]) {
      for (const key of [document.scalar('name')?.text, document.scalar('id')?.text]) {
        if (key === undefined || key === '') continue;
        const named = index.get(key) ?? [];
        named.push(document);
        index.set(key, named);
      }
    }
    indexes.set(set, index);
  }
  const named = index.get(reference) ?? [];
  const near = named.filter((document) => document.file === from.file);
  return near.length > 0 ? near : named;
}
