/** Results of scanners when there is no position after the record. */

/** The record continues after the bytes at hand. */
export const MORE = -1;
/** The record is not in a form that the scanner knows for certain. */
export const DOUBT = -2;
