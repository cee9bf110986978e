/** Steps of the layout tree of XML records. */
export const SYSTEM_ELEMENT = 1;
export const SYSTEM_ATTRIBUTE = 2;
export const SYSTEM_TEXT = 3;
export const NAMED_DATA = 4;
export const UNNAMED_DATA = 5;
export const DATA_ELEMENT = 6;
