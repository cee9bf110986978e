/** Spec, Modifiers, base64: the value's bytes in standard Base64, padding included. */

import { isFault, type Modifier } from './modifier.ts';
import { bytesOf } from './support/encoding.ts';

export const modifier: Modifier = {
  name: 'base64',
  summary: 'encodes the value in Base64',
  apply(draft) {
    const bytes = bytesOf(draft, 'base64');
    if (isFault(bytes)) return bytes;
    const cased = draft.pattern.kind === 'text' && draft.pattern.cased;
    return { ...draft, bytes: false, pattern: { kind: 'text', parts: [bytes.toString('base64')], cased } };
  },
};
