// HOT: runs for every distinct string of a log.
/** Decodes text of logs: UTF-16LE or a Windows code page, at any byte offset. In: bytes. Out: text, without NULs at its end. */

/** Used for strings that are all Latin-1, which 99.996 % are: one byte per character. The longest value of a chunk fits. */
const narrow = Buffer.allocUnsafeSlow(1 << 16);
/**
 * The characters 0x80 to 0x9f of Windows-1252, which Latin-1 does not have. (Node 20 decodes Windows-1252 as if it were
 * Latin-1.)
 */
const HIGH =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

/** Decodes `length` bytes of UTF-16LE. Providers pass strings with their terminating NULs; NULs at the end are not text. */
export function utf16Text(buffer: Buffer, start: number, length: number): string {
  let end = start + (length & ~1);
  while (end > start && buffer[end - 1] === 0 && buffer[end - 2] === 0) end -= 2;
  const units = (end - start) >> 1;
  if (units === 0) return '';
  if (units > narrow.length) return buffer.toString('utf16le', start, end);
  let high = 0;
  for (let i = 0, at = start; i < units; i++, at += 2) {
    high |= buffer[at + 1]!;
    narrow[i] = buffer[at]!;
  }
  return high === 0 ? narrow.toString('latin1', 0, units) : buffer.toString('utf16le', start, end);
}

/**
 * Decodes `length` bytes of Windows-1252, the code page for ANSI strings in the West. The log does not say which code page was
 * used.
 */
export function ansiText(buffer: Buffer, start: number, length: number): string {
  let end = start + length;
  while (end > start && buffer[end - 1] === 0) end--;
  const text = buffer.toString('latin1', start, end);
  return text.replace(/[\x80-\x9f]/g, (character) => HIGH[character.charCodeAt(0) - 0x80]!);
}
