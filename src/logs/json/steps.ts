/** Steps of the layout tree: what a key, or an item of an array, was found to hold. */
export const SCALAR = 1;
export const OBJECT = 2;
export const ARRAY = 3;
export const END = 4;
export const ITEM_OBJECT = 5;
export const ITEM_SCALAR = 6;
