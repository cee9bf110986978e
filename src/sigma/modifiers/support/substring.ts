/** What `contains`, `startswith` and `endswith` have in common. */
import { asText, isFault, type Modifier } from '../modifier.ts';
import { withWildcards } from './text-parts.ts';

type Mode = 'contains' | 'startswith' | 'endswith';

/** A modifier that allows any text before the value, after it, or on both sides. */
export function substringModifier(mode: Mode, summary: string): Modifier {
  return {
    name: mode,
    summary,
    apply(draft) {
      const { pattern } = draft;
      // A regular expression already matches anywhere in the text, so the `.*` that pySigma adds changes nothing.
      if (pattern.kind === 'regex') return draft;
      if (pattern.kind === 'fieldref') {
        if (pattern.mode === 'equals') return { ...draft, pattern: { ...pattern, mode } };
        return { fault: `"${mode}" after "${pattern.mode}" on a field reference.`, hint: 'Keep one of them.' };
      }
      const text = asText(draft, mode);
      if (isFault(text)) return text;
      const parts = withWildcards(text.parts, mode !== 'startswith', mode !== 'endswith');
      return { raw: draft.raw, pattern: { kind: 'text', parts, cased: text.cased }, bytes: draft.bytes };
    },
  };
}
