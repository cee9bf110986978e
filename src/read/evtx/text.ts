// HOT: runs for every distinct string of a log.
/** Text of logs: UTF-16LE or a Windows code page, at any byte offset, possibly with NULs at its end. */

/** One byte per character while a string is all Latin-1, which 99.996 % are; the longest value of a chunk fits. */
const narrow = Buffer.allocUnsafeSlow(1 << 16);
const codePage = new TextDecoder('windows-1252');

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
  for (let at = start; at < end; at++) {
    if ((buffer[at]! & 0xe0) === 0x80) return codePage.decode(buffer.subarray(start, end));
  }
  return buffer.toString('latin1', start, end);
}
