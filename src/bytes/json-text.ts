/**
 * Makes JSON text harmless wherever it is printed. In: JSON. Out: JSON with the same meaning, except for lone surrogates.
 * Strict parsers (jq, Rust's) refuse a whole document for one of these, and an attacker must not be able to make a report
 * unreadable.
 */

/** Bidirectional marks, embeddings, overrides and isolates, which reorder the text after them on the screen ("Trojan Source"). */
export const BIDI = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
/**
 * Invisible characters: soft hyphen, zero-width characters, line and paragraph separators, interlinear marks, tag characters,
 * lone surrogates.
 */
export const INVISIBLE =
  '\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200d\\u2028\\u2029\\u2060-\\u2065\\u206a-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';

const UNSAFE_IN_JSON = new RegExp(`[\\u007f-\\u009f${BIDI}${INVISIBLE}]`, 'gu');

/** An escaped backslash, an escaped pair of surrogates, or an escaped lone surrogate. */
const BACKSLASH_OR_SURROGATE = /\\\\|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|\\ud[89a-f][0-9a-f]{2}/g;
const LONE_LENGTH = '\\ud800'.length;

/** Any character outside printable ASCII. JSON without one is harmless, apart from escapes. */
const NOT_PLAIN = /[^ -~]/;

/** Takes what JSON.stringify made, and escapes characters that JSON allows but that terminals or editors act on. */
export function harmlessJson(json: string): string {
  // Nearly all text is plain, and this is the fastest test for it.
  if (!NOT_PLAIN.test(json) && !json.includes('\\ud')) return json;
  const paired = json.includes('\\ud')
    ? json.replace(BACKSLASH_OR_SURROGATE, (found) => (found.length === LONE_LENGTH ? '\\ufffd' : found))
    : json;
  return paired.replace(UNSAFE_IN_JSON, (character) => {
    let escaped = '';
    for (let i = 0; i < character.length; i++) escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    return escaped;
  });
}
