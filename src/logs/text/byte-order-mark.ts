/** True for a byte of the byte order mark of UTF-8 or UTF-16; no text begins with these. */
export function isByteOrderMark(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf || byte === 0xfe || byte === 0xff;
}
