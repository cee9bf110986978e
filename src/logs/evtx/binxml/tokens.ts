/** BinXML tokens ([MS-EVEN6] 2.2.12.2, libevtx "Binary XML"). The flag says that more follows (attributes, content). */
export const MORE_FLAG = 0x40;

export const END_OF_FRAGMENT = 0x00;
/** In definitions: dependency id u16. Then size u32, name offset u32, the name itself at first use, with MORE_FLAG: size u32. */
export const OPEN_ELEMENT = 0x01;
export const CLOSE_START = 0x02;
export const CLOSE_EMPTY = 0x03;
export const END_ELEMENT = 0x04;
/** Value type u8, then the value; strings with a count of characters u16. */
export const VALUE = 0x05;
/** Name offset u32, the name itself at first use. Its value tokens follow. */
export const ATTRIBUTE = 0x06;
/** Count of characters u16, UTF-16LE. */
export const CDATA = 0x07;
/** Code unit u16. */
export const CHARACTER_REFERENCE = 0x08;
/** Name offset u32, the name itself at first use. */
export const ENTITY_REFERENCE = 0x09;
export const PI_TARGET = 0x0a;
/** Count of characters u16, UTF-16LE. */
export const PI_DATA = 0x0b;
/** u8, template id u32, definition offset u32, the definition itself at first use, then the values. */
export const TEMPLATE_INSTANCE = 0x0c;
/** Substitution index u16, value type u8. */
export const SUBSTITUTION = 0x0d;
/** The same; what holds only null values of this kind is not printed. */
export const OPTIONAL_SUBSTITUTION = 0x0e;
/** Major, minor, flags: u8 each. */
export const FRAGMENT_HEADER = 0x0f;

/** Template definition: next offset u32, GUID, size u32, then BinXML. */
export const DEFINITION_HEADER = 24;
/** Name: next offset u32, hash u16, count of characters u16, UTF-16LE, NUL. */
export const NAME_HEADER = 8;
