/** Characters that XML writes as something else, for bytes and for text. */

/**
 * For each ASCII character: what XML writes instead. Control characters are not allowed in XML at all, and CR would be read as
 * LF.
 */
export const XML_ENTITIES: (Buffer | null)[] = new Array<Buffer | null>(128).fill(null);
for (let i = 0; i < 32; i++) XML_ENTITIES[i] = Buffer.from('\ufffd');
XML_ENTITIES[9] = null;
XML_ENTITIES[10] = null;
for (const [character, text] of [
  ['\r', '&#13;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ["'", '&apos;'],
  ['"', '&quot;'],
] as const) {
  XML_ENTITIES[character.charCodeAt(0)] = Buffer.from(text);
}
/** 1 where there is something else to write. */
export const XML_ESCAPES = Uint8Array.from(XML_ENTITIES, (entity) => (entity === null ? 0 : 1));

/** Text as XML content and attribute value. */
export function escapeXml(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f&<>'"\ufffe\uffff]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 128 ? XML_ENTITIES[code]!.toString() : '\ufffd';
  });
}
