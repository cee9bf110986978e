/** JSON text that is harmless wherever it is printed. In: JSON. Out: JSON that means the same. */

/** Bidirectional marks, embeddings, overrides and isolates: reorder what follows them on screen ("Trojan Source"). */
export const BIDI = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
/** Invisible: soft hyphen, zero-width characters, line and paragraph separators, interlinear marks, tag characters, lone surrogates. */
export const INVISIBLE =
  '\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200d\\u2028\\u2029\\u2060-\\u2065\\u206a-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';

const UNSAFE_IN_JSON = new RegExp(`[\\u007f-\\u009f${BIDI}${INVISIBLE}]`, 'gu');

/** JSON text with the characters escaped that JSON allows and terminals or editors act on. */
export function harmlessJson(json: string): string {
  return json.replace(UNSAFE_IN_JSON, (character) => {
    let escaped = '';
    for (let i = 0; i < character.length; i++) escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    return escaped;
  });
}
