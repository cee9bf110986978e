/** What the modifiers for flags of a regular expression have in common. */
import { regexFault } from '../../regex/regex.ts';
import type { Modifier } from '../modifier.ts';

/** `flag` is one of `ims`; `long` is pySigma's name for the modifier. */
export function regexFlagModifier(flag: 'i' | 'm' | 's', long: string, summary: string): Modifier {
  return {
    name: flag,
    aliases: [long],
    summary,
    apply(draft) {
      const { pattern } = draft;
      if (pattern.kind !== 'regex') {
        return { fault: `"${flag}" is a flag of a regular expression.`, hint: `Write "re|${flag}".` };
      }
      const flags = [...new Set([...pattern.flags, flag])].sort().join('');
      const fault = regexFault(pattern.source, flags);
      return fault === null ? { ...draft, pattern: { ...pattern, flags } } : { code: 'regex', ...fault };
    },
  };
}
