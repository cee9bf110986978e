/**
 * Spec, Modifiers, windash: Windows programs accept several kinds of dash. A dash that begins a parameter (no word character
 * before it and one after it, as in pySigma) is tried as each of the five. A dash inside a word is left alone.
 */
import type { TextPart } from '../../model/rule.ts';
import { asText, isFault, type Modifier } from './modifier.ts';
import { MAX_DASH_VARIANTS } from './support/limits.ts';
import { joinParts } from './support/text-parts.ts';

/** Hyphen, slash, en dash, em dash, horizontal bar. */
const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'];
const PARAMETER_DASH = /(?<![\p{L}\p{N}_])[-/\u2013\u2014\u2015](?=[\p{L}\p{N}_])/gu;

/** Splits the parts at such dashes. A wildcard and the end of a literal count as "no word character". */
function splitAtDashes(parts: readonly TextPart[]): (TextPart | null)[] {
  const pieces: (TextPart | null)[] = [];
  for (const part of parts) {
    if (typeof part !== 'string') {
      pieces.push(part);
      continue;
    }
    part.split(PARAMETER_DASH).forEach((text, i) => {
      if (i > 0) pieces.push(null);
      pieces.push(text);
    });
  }
  return pieces;
}

export const modifier: Modifier = {
  name: 'windash',
  summary: 'every dash that begins a parameter also matches / and the other dashes',
  apply(draft) {
    const text = asText(draft, 'windash');
    if (isFault(text)) return text;
    const pieces = splitAtDashes(text.parts);
    const dashes = pieces.filter((piece) => piece === null).length;
    if (DASHES.length ** dashes > MAX_DASH_VARIANTS) {
      return {
        code: 'too-large',
        fault: `${dashes} dashes make more than ${MAX_DASH_VARIANTS} variants.`,
        hint: 'Split the value into several with "all".',
      };
    }
    let variants: TextPart[][] = [[]];
    for (const piece of pieces) {
      if (piece !== null) for (const variant of variants) variant.push(piece);
      else variants = DASHES.flatMap((dash) => variants.map((variant) => [...variant, dash]));
    }
    return variants.map((parts) => ({ ...draft, pattern: { ...text, parts: joinParts(parts) } }));
  },
};
