/**
 * Turns XML text into the characters it stands for. In: text. Out: text. It is as lenient as exporters are careless: a `&` that
 * begins no reference stays as it is, and references to control characters, which XML 1.0 forbids but event logs contain, become
 * those characters.
 */

const REFERENCE = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const LARGEST_CODE_POINT = 0x10ffff;

function decodeReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
    if (name !== undefined) return NAMED[name]!;
    const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
    return code > LARGEST_CODE_POINT ? whole : String.fromCodePoint(code);
  });
}

/** XML 1.0, 2.11: CR LF and a lone CR become LF. A CR that is meant is written `&#13;`. */
function normalizeLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** Decodes text content or the value of an attribute. */
export function decodeXml(text: string): string {
  return decodeReferences(normalizeLineEnds(text));
}

/** CDATA (its text is the group), comments and processing instructions. An XML declaration inside a record is none of these. */
const SPECIAL = /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?(?![xX][mM][lL][\s?])[^\s<>&?]+(?:\s[\s\S]*?)?\?>/g;

/** Removes comments and processing instructions. */
export function withoutAsides(text: string): string {
  return text.replace(SPECIAL, (part) => (part.startsWith('<![') ? part : ''));
}

/**
 * Decodes content that holds more than text. CDATA is taken literally; comments and processing instructions are dropped.
 * Anything else that looks like markup is text that the exporter did not escape (evtxexport) and is kept character for
 * character.
 */
export function decodeXmlMarkup(content: string): string {
  const text = normalizeLineEnds(content);
  SPECIAL.lastIndex = 0;
  if (/<(?!!\[CDATA\[|!--)/.test(text.replace(SPECIAL, ''))) return text;
  let out = '';
  let last = 0;
  for (const part of text.matchAll(SPECIAL)) {
    out += decodeReferences(text.slice(last, part.index)) + (part[1] ?? '');
    last = part.index + part[0].length;
  }
  return out + decodeReferences(text.slice(last));
}
