/** Spec, Modifiers, exists: whether the event has the field, whatever it holds. */
import type { Modifier } from './modifier.ts';

const WORDS: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false };

export const modifier: Modifier = {
  name: 'exists',
  summary: 'true: the event has the field; false: it has not',
  first: 'of all',
  apply(draft, context) {
    const word = draft.raw.toLowerCase();
    const value = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
    if (value === undefined || draft.pattern.kind === 'null') {
      return { fault: `"exists" takes true or false, not ${draft.raw === '' ? 'nothing' : `"${draft.raw}"`}.` };
    }
    if (draft.pattern.kind !== 'boolean') {
      context.warn('exists-text', `"exists" takes true or false; "${draft.raw}" is text.`, `Write ${value}.`);
    }
    return { ...draft, pattern: { kind: 'exists', value } };
  },
};
