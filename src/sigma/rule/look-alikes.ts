/**
 * Finds characters that look like others: special blanks, quotation marks of word processors, Cyrillic and Greek letters in a
 * Latin word. In: text. Out: where such characters are, or the text with them made visible. Refuses nothing: text that is
 * entirely Cyrillic is fine.
 */

/** A blank other than U+0020, a character without width, a soft hyphen. */
const HIDDEN = /[^\S\x20\t\r\n\v\f]|[\u00ad\u200b-\u200f\u2060]/gu;
/**
 * Quotation marks that were typed as straight ones and changed by an editor. A single one may be an apostrophe, as in names of
 * products.
 */
const SMART = /[\u201c\u201d]|[\u2018].*[\u2019]/u;
const LATIN = /[A-Za-z]/;
const FOREIGN = /[\u0370-\u03ff\u0400-\u04ff]/gu;
const WORD = /[\p{L}\d]+/gu;
/** Cyrillic and Greek letters that most fonts draw like Latin ones. A word of such letters alone looks like a Latin word. */
const TWINS =
  /^[\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u0405\u0406\u0408\u0410\u0412\u0415\u041a\u041c-\u041e\u0420-\u0422\u0425\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458]+$/u;

export interface LookAlike {
  readonly kind: 'blank' | 'quotation mark' | 'letter';
  /** `U+00A0`. */
  readonly code: string;
}

/** The first such character in a text that also has Latin letters. In a text without any, these letters are meant. */
export function findLookAlike(text: string): LookAlike | undefined {
  if (isAscii(text) || !LATIN.test(text)) return undefined;
  const hidden = text.match(HIDDEN)?.[0];
  if (hidden !== undefined) return { kind: 'blank', code: codeOf(hidden) };
  for (const [word] of text.matchAll(WORD)) {
    const letter = isMixed(word) ? word.match(FOREIGN)?.[0] : undefined;
    if (letter !== undefined) return { kind: 'letter', code: codeOf(letter) };
  }
  const smart = SMART.exec(text)?.[0];
  return smart === undefined ? undefined : { kind: 'quotation mark', code: codeOf(smart[0]!) };
}

/** Makes such characters visible, as in `whoami<U+00A0>/priv`, so that two different texts also look different. */
export function markHidden(text: string): string {
  if (isAscii(text)) return text;
  const marked = text.replace(HIDDEN, (found) => `<${codeOf(found)}>`);
  return marked.replace(WORD, (word) => (isMixed(word) ? word.replace(FOREIGN, (found) => `<${codeOf(found)}>`) : word));
}

function isMixed(word: string): boolean {
  return (LATIN.test(word) && word.match(FOREIGN) !== null) || TWINS.test(word);
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}

function codeOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
