/** Spec, Modifiers, cased: upper and lower case differ. It may stand before or after a modifier that encodes. */
import { asText, isFault, type Modifier } from './modifier.ts';

export const modifier: Modifier = {
  name: 'cased',
  summary: 'upper and lower case are different',
  apply(draft) {
    if (draft.pattern.kind === 'fieldref') return { ...draft, pattern: { ...draft.pattern, cased: true } };
    if (draft.pattern.kind === 'regex') {
      return { fault: '"cased" applies to text; a regular expression tells case apart already.', hint: 'Leave "cased" out.' };
    }
    const text = asText(draft, 'cased');
    return isFault(text) ? text : { ...draft, pattern: { ...text, cased: true } };
  },
};
