/** The bytes that XML is made of. */

export const LT = 0x3c;
export const GT = 0x3e;
export const SLASH = 0x2f;
export const AMP = 0x26;
export const CR = 0x0d;
export const EQUALS = 0x3d;
export const QUOTE = 0x22;
export const APOSTROPHE = 0x27;
export const COLON = 0x3a;

export const XMLNS = Uint8Array.from('xmlns', (char) => char.charCodeAt(0));

/** 1 for bytes of XML names; the colon is left out, because a prefix needs the namespace rules. */
export const IS_NAME = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-') IS_NAME[char.charCodeAt(0)] = 1;
for (let byte = 0x80; byte < 0x100; byte++) IS_NAME[byte] = 1;
