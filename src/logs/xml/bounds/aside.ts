/** Markup between records that is no element. In: bytes at `<!` or `<?`. Out: the bytes that end the markup. */

const TAG_CLOSE = Buffer.from('>');
const DECLARATION_CLOSE = Buffer.from('?>');
const CDATA = Buffer.from('<![CDATA[');
export const CDATA_CLOSE = Buffer.from(']]>');
const COMMENT = Buffer.from('<!--');
const COMMENT_CLOSE = Buffer.from('-->');
const QUESTION = 0x3f;

/** The bytes that tell one kind from another. */
export const OPENER_BYTES = CDATA.length;

/** The bytes that end a declaration, a comment, a document type or a CDATA section. */
export function asideClose(buffer: Buffer, at: number, end: number): Buffer {
  const opens = (opener: Buffer): boolean =>
    buffer.compare(opener, 0, opener.length, at, Math.min(at + opener.length, end)) === 0;
  if (buffer[at + 1] === QUESTION) return DECLARATION_CLOSE;
  if (opens(CDATA)) return CDATA_CLOSE;
  return opens(COMMENT) ? COMMENT_CLOSE : TAG_CLOSE;
}
