/**
 * Spec, Modifiers, base64offset: what the value looks like inside Base64 of something longer. The value may begin at any of
 * three positions in a group of three bytes; characters that also depend on its neighbours are cut off. Bytes are counted,
 * not characters (pySigma counts characters). Without "contains" a fragment is the whole field, as in pySigma.
 */

import { isFault, type Modifier } from './modifier.ts';
import { bytesOf } from './support/encoding.ts';

/** Characters at the front that bytes before the value also shape, by how many there are in its group. */
const UNSTABLE_FRONT = [0, 2, 3];
/** Characters (padding included) at the end that bytes behind the value also shape, by bytes in the last group. */
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
