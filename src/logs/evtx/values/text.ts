// HOT: runs for every distinct string of a log.
/** Text of logs: UTF-16LE or a Windows code page, at any byte offset, possibly with NULs at its end. */

/** One byte per character while a string is all Latin-1, which 99.996 % are; the longest value of a chunk fits. */
const narrow = Buffer.allocUnsafeSlow(1 << 16);
/** Windows-1252 where it is not Latin-1: 0x80 to 0x9f. (The decoder of Node 20 takes the one for the other.) */
const HIGH =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

/** `length` bytes of UTF-16LE. Providers pass terminated strings with their NULs: those at the end are not text. */
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

/** `length` bytes of the code page that Windows uses for ANSI strings in the West (the log does not say which). */
export function ansiText(buffer: Buffer, start: number, length: number): string {
  let end = start + length;
  while (end > start && buffer[end - 1] === 0) end--;
  const text = buffer.toString('latin1', start, end);
  return text.replace(/[\x80-\x9f]/g, (character) => HIGH[character.charCodeAt(0) - 0x80]!);
}
