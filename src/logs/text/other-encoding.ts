/**
 * Recognises UTF-16 in the middle of UTF-8, as `>>` of Windows PowerShell appends it. In: the first byte of a record or tag.
 * Out: true or false.
 */

/** Characters that are looked at: `<Event`, `{"Even`. */
const CHARACTERS = 6;
export const OTHER_ENCODING_BYTES = 2 * CHARACTERS;

/** True when the byte at `at` and the following ones each come with a zero byte. */
export function isUtf16(buffer: Buffer, at: number, end: number): boolean {
  if (end - at < OTHER_ENCODING_BYTES) return false;
  // Little or big endian: `at` is the first byte that is not zero in either case.
  for (let zero = at + 1; zero < at + OTHER_ENCODING_BYTES - 1; zero += 2) if (buffer[zero] !== 0) return false;
  return true;
}

export const OTHER_ENCODING = 'the log goes on in UTF-16: text in another encoding was appended to it.';
export const OTHER_ENCODING_HINT = 'What is in UTF-16 was not read: split the file there, or export it again.';
