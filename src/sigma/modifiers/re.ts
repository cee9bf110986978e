/**
 * Spec, Modifiers, re: the value, exactly as written, is a regular expression that may match anywhere in the field. Case
 * counts.
 */
import { moveInlineFlags, regexFault } from '../regex/regex.ts';
import type { Modifier } from './modifier.ts';

export const modifier: Modifier = {
  name: 're',
  summary: 'the value is a regular expression',
  first: 'of all',
  apply(draft) {
    if (draft.pattern.kind === 'null') return { fault: '"re" needs a regular expression, not null.' };
    const { source, flags } = moveInlineFlags(draft.raw);
    const fault = regexFault(source, flags);
    if (fault !== null) return { code: 'regex', ...fault };
    return { ...draft, pattern: { kind: 'regex', source, flags } };
  },
};
