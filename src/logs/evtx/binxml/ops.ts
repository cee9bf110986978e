/** Operations of a structure. Each comment lists the numbers that follow the operation. */

/** name id */
export const OPEN = 1;
/** index of the value without which the element is not printed; directly behind OPEN */
export const DEPENDS = 15;
/** name id; its values follow until CLOSE_START or CLOSE_EMPTY */
export const ATTRIBUTE = 2;
export const CLOSE_START = 3;
export const CLOSE_EMPTY = 4;
export const END = 5;
/** text id */
export const TEXT = 6;
/** index of a value: in a definition that of the substitution, elsewhere that among the record's values */
export const VALUE = 7;
export const OPTIONAL = 8;
/** text id of the target, text id of the data */
export const PI = 9;
/** plan id, first value, count of values; nested content and names follow until INSTANCE_END */
export const INSTANCE = 10;
/** value that holds BinXML; its structure follows until NESTED_END */
export const NESTED = 11;
export const NESTED_END = 12;
/** value that holds the name of a Data element, text id of that name */
export const DYNAMIC_NAME = 13;
export const INSTANCE_END = 14;
