/** Defines what an editor may offer at a place, and makes suggestions from lists of names. */
import type { KnownName } from './known-names.ts';

export type SuggestionKind = 'key' | 'field' | 'modifier' | 'value' | 'reference' | 'word';

export interface Suggestion {
  readonly label: string;
  readonly kind: SuggestionKind;
  readonly detail?: string | undefined;
  /** The text that is inserted; when absent, the label. */
  readonly insert?: string | undefined;
}

export function keys(names: Iterable<string>): readonly Suggestion[] {
  return [...names].map((name) => ({ label: name, kind: 'key', insert: `${name}: ` }));
}

export function words(names: Iterable<string | KnownName>, kind: SuggestionKind): readonly Suggestion[] {
  return [...names].map((one) =>
    typeof one === 'string' ? { label: one, kind } : { label: one.name, kind, detail: one.detail },
  );
}
