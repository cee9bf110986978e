// HOT: once per distinct value of a text log.
/**
 * Decodes values of text logs. In: bytes and a kind. Out: the text that Windows would print. A kind consists of a form (how the
 * bytes are escaped) and a conversion (what an exporter changed and must be undone).
 */
import { isoTime, isoTimeUs, parseTimeUs } from '../../model/values/time.ts';
import { decodeXml, decodeXmlMarkup } from '../xml/decode.ts';

/** Forms: the low three bits. */
export const PLAIN = 0;
/** XML text or attribute with references or carriage returns. */
export const XML_ESCAPED = 1;
/** XML content with CDATA, comments or raw markup inside. */
export const XML_MARKUP = 2;
/** The inside of a JSON string with backslashes. */
export const JSON_ESCAPED = 3;
/** A JSON array or object kept as a whole. */
export const JSON_NESTED = 4;
/** JSON null. */
export const JSON_NULL = 5;
/** The inside of a JSON string that has not been checked for backslashes yet. It gets another form before it is decoded. */
export const JSON_STRING = 6;
const FORM = 7;

/** Conversions: the three bits above the form. */
export const AS_WRITTEN = 0;
/** `5770385F-...` -> `{5770385F-...}`: a bare upper-case GUID gets its braces back. */
export const BRACE_GUID = 1;
/** Any GUID -> `{UPPER-CASE}`. */
export const GUID = 2;
/** A decimal integer, signed or not, becomes `0x8020000000000000`; leading zeros are removed. */
export const HEX = 3;
/** Any time that `parseTimeUs` reads becomes ISO 8601 UTC with seven digits. */
export const TIME = 4;
/** `0x000003e7` -> `0x3e7`. */
export const UNPADDED = 5;
/** Unnamed data: `<string>a</string>\n<string>b</string>` is two values ({@link stringItems}). */
export const STRINGS = 6;
/** As STRINGS, and a bare GUID gets its braces back. The last number that fits into three bits. */
export const GUID_STRINGS = 7;
const CONVERSION_SHIFT = 3;

export function valueKind(form: number, conversion: number): number {
  return form | (conversion << CONVERSION_SHIFT);
}

/** The text of `length` bytes at `start`. The signature is that of `AtomTable`'s decoder. */
export function decodeValue(buffer: Buffer, start: number, length: number, kind: number): string {
  const text = decodeForm(buffer, start, start + length, kind & FORM);
  const conversion = kind >> CONVERSION_SHIFT;
  return conversion === AS_WRITTEN ? text : convert(text, conversion);
}

function decodeForm(buffer: Buffer, start: number, end: number, form: number): string {
  const text = sliceUtf8(buffer, start, end);
  if (form === PLAIN) return text;
  if (form === XML_ESCAPED) return decodeXml(text);
  if (form === XML_MARKUP) return decodeXmlMarkup(text);
  if (form === JSON_ESCAPED) return unescapeJson(text);
  return text;
}

/** Read as Latin-1 when every byte is ASCII (three times as fast), else as UTF-8 with U+FFFD for invalid bytes. */
export function sliceUtf8(buffer: Buffer, start: number, end: number): string {
  for (let at = start; at < end; at++) if (buffer[at]! > 0x7f) return buffer.toString('utf8', start, end);
  return buffer.toString('latin1', start, end);
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', '/': '/' };

/**
 * Undoes the escapes of JSON strings. An escape that JSON does not know is kept as written, so that nothing that was logged is
 * lost.
 */
export function unescapeJson(text: string): string {
  let at = text.indexOf('\\');
  if (at < 0) return text;
  let out = '';
  let last = 0;
  while (at >= 0) {
    const letter = text[at + 1] ?? '';
    const hex = letter === 'u' ? text.slice(at + 2, at + 6) : '';
    let char = ESCAPES[letter];
    let length = 2;
    if (HEX4.test(hex)) {
      char = String.fromCharCode(Number.parseInt(hex, 16));
      length = 6;
    }
    out += text.slice(last, at) + (char ?? text.slice(at, at + 2));
    last = at + length;
    at = text.indexOf('\\', last);
  }
  return out + text.slice(last);
}

const HEX4 = /^[0-9a-fA-F]{4}$/;
const BARE_GUID = /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/;
const ANY_GUID = /^\{?([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\}?$/;
const INTEGER = /^-?\d{1,20}$/;
const PADDED = /^0x0+([0-9a-f]+)$/i;

const STRING_LIST = /^\s*<string>[\s\S]*<\/string>\s*$/;

/** The items of a list of strings as python-evtx writes it; null for any other text. */
export function stringItems(text: string): string[] | null {
  if (!STRING_LIST.test(text)) return null;
  return text
    .trim()
    .slice('<string>'.length, -'</string>'.length)
    .split(/<\/string>\s*<string>/);
}

/** Applies a conversion to decoded text. */
export function convert(text: string, conversion: number): string {
  if (conversion === AS_WRITTEN || conversion === STRINGS) return text;
  if (conversion === BRACE_GUID || conversion === GUID_STRINGS) return BARE_GUID.test(text) ? `{${text}}` : text;
  if (conversion === GUID) {
    const guid = ANY_GUID.exec(text);
    return guid === null ? text : `{${guid[1]!.toUpperCase()}}`;
  }
  if (conversion === HEX && INTEGER.test(text)) return `0x${BigInt.asUintN(64, BigInt(text)).toString(16)}`;
  if (conversion === HEX || conversion === UNPADDED) {
    const padded = PADDED.exec(text);
    return padded === null ? text : `0x${padded[1]!.toLowerCase()}`;
  }
  const timeUs = parseTimeUs(text);
  // ISO text keeps its own digits (seven or nine). Converting it to microseconds would lose some.
  return Number.isNaN(timeUs) || !Number.isNaN(isoTimeUs(text)) ? text : isoTime(text, timeUs);
}
