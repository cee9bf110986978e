/** The Windows Event schema and XML as bytes. */

/** Steps of the layout tree. */
export const SYSTEM_ELEMENT = 1;
export const SYSTEM_ATTRIBUTE = 2;
export const SYSTEM_TEXT = 3;
export const NAMED_DATA = 4;
export const UNNAMED_DATA = 5;
export const DATA_ELEMENT = 6;

export const LT = 0x3c;
export const GT = 0x3e;
export const SLASH = 0x2f;
export const AMP = 0x26;
export const CR = 0x0d;
export const EQUALS = 0x3d;
export const QUOTE = 0x22;
export const APOSTROPHE = 0x27;
export const COLON = 0x3a;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
export const SYSTEM_OPEN = ascii('<System>');
export const SYSTEM_CLOSE = ascii('</System>');
export const EVENT_CLOSE = ascii('</Event>');
export const DATA_OPEN = ascii('<Data');
export const DATA_CLOSE = ascii('</Data>');
export const NAME_ATTRIBUTE = ascii(' Name=');
export const EVENT_DATA = ascii('<EventData');
export const EVENT_DATA_CLOSE = ascii('</EventData>');
export const USER_DATA = ascii('<UserData');
export const USER_DATA_CLOSE = ascii('</UserData>');
export const RENDERING = ascii('<RenderingInfo');
export const RENDERING_CLOSE = Buffer.from('</RenderingInfo>');
export const XMLNS = ascii('xmlns');

/** 1 for bytes of XML names; the colon is left out, because a prefix needs the namespace rules. */
export const IS_NAME = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-') IS_NAME[char.charCodeAt(0)] = 1;
for (let byte = 0x80; byte < 0x100; byte++) IS_NAME[byte] = 1;
