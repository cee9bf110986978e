/** Spec, Modifiers, fieldref: the value is the name of another field of the same event. */
import { literalOf, type Modifier } from './modifier.ts';

const HINT = 'Put "contains", "startswith" or "endswith" behind "fieldref".';

export const modifier: Modifier = {
  name: 'fieldref',
  summary: 'the value names another field that must have the same value',
  apply(draft) {
    const { pattern } = draft;
    if (pattern.kind !== 'text')
      return { fault: `"fieldref" needs the name of a field, not ${draft.raw}.`, hint: 'Put it first.' };
    const field = literalOf(pattern.parts);
    if (field === null) return { fault: '"fieldref" needs the name of a field without wildcards.', hint: HINT };
    if (field === '') return { fault: '"fieldref" needs the name of a field.' };
    return { ...draft, pattern: { kind: 'fieldref', field, mode: 'equals', cased: pattern.cased } };
  },
};
