/**
 * BinXML tokens ([MS-EVEN6] 2.2.12.2, libevtx "Binary XML"). MORE_FLAG says that attributes or content follow. Each comment
 * lists what follows the token.
 */
export const MORE_FLAG = 0x40;

export const END_OF_FRAGMENT = 0x00;
/**
 * Dependency id u16 (in definitions only), size u32, name offset u32, the name itself at its first use; with MORE_FLAG then size
 * u32.
 */
export const OPEN_ELEMENT = 0x01;
export const CLOSE_START = 0x02;
export const CLOSE_EMPTY = 0x03;
export const END_ELEMENT = 0x04;
/** Value type u8, then the value. A string begins with its count of characters u16. */
export const VALUE = 0x05;
/** Name offset u32, the name itself at its first use, then the tokens of its value. */
export const ATTRIBUTE = 0x06;
/** Count of characters u16, UTF-16LE. */
export const CDATA = 0x07;
/** Code unit u16. */
export const CHARACTER_REFERENCE = 0x08;
/** Name offset u32, the name itself at its first use. */
export const ENTITY_REFERENCE = 0x09;
export const PI_TARGET = 0x0a;
/** Count of characters u16, UTF-16LE. */
export const PI_DATA = 0x0b;
/** A byte, template id u32, definition offset u32, the definition itself at its first use, then the values. */
export const TEMPLATE_INSTANCE = 0x0c;
/** Substitution index u16, value type u8. */
export const SUBSTITUTION = 0x0d;
/** The same as SUBSTITUTION. An element or attribute with only null values of this kind is not printed. */
export const OPTIONAL_SUBSTITUTION = 0x0e;
/** Major version, minor version and flags: u8 each. */
export const FRAGMENT_HEADER = 0x0f;

/** Template definition: next offset u32, GUID, size u32, then BinXML. */
export const DEFINITION_HEADER = 24;
/** Name: next offset u32, hash u16, count of characters u16, UTF-16LE, NUL. */
export const NAME_HEADER = 8;
