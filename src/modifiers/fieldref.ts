/** Spec, Modifiers, fieldref: the value is the name of another field of the same event. */
import { asText, isFault, type Modifier } from './modifier.ts';

export const modifier: Modifier = {
  name: 'fieldref',
  summary: 'the value names another field that must have the same value',
  apply(draft) {
    const text = asText(draft, 'fieldref');
    if (isFault(text)) return text;
    if (draft.raw === '') return { fault: '"fieldref" needs the name of a field.' };
    return { ...draft, pattern: { kind: 'fieldref', field: draft.raw, mode: 'equals', cased: text.cased } };
  },
};
