/**
 * Spec, Modifiers, base64offset: what the value looks like inside the Base64 form of a longer text. Base64 encodes groups of
 * three bytes, and the value may begin at any of the three positions. Characters that also depend on neighbouring bytes are cut
 * off. Bytes are counted, not characters (pySigma counts characters). Without "contains", the result must be the whole field,
 * as in pySigma.
 */

import { isFault, type Modifier } from './modifier.ts';
import { bytesOf } from './support/encoding.ts';

/** How many characters at the front also depend on bytes before the value, by the number of those bytes in the first group. */
const UNSTABLE_FRONT = [0, 2, 3];
/**
 * How many characters at the end (padding included) also depend on bytes after the value, by the number of the value's bytes in
 * the last group.
 */
const UNSTABLE_END = [0, 3, 2];

export function base64Fragments(bytes: Buffer): string[] {
  return UNSTABLE_FRONT.map((front, offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return encoded.slice(front, encoded.length - UNSTABLE_END[(bytes.length + offset) % 3]!);
  });
}

export const modifier: Modifier = {
  name: 'base64offset',
  summary: 'the value inside longer Base64, at any of the three offsets',
  apply(draft) {
    const bytes = bytesOf(draft, 'base64offset');
    if (isFault(bytes)) return bytes;
    const fragments = base64Fragments(bytes);
    if (fragments.some((fragment) => fragment === '')) {
      return { fault: `"${draft.raw}" is too short for "base64offset": a fragment of it is empty and would match anything.` };
    }
    const cased = draft.pattern.kind === 'text' && draft.pattern.cased;
    return fragments.map((text) => ({ ...draft, bytes: false, pattern: { kind: 'text', parts: [text], cased } }));
  },
};
