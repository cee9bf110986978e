/** What scanners return instead of the position after a record. */

/** The record goes on after the bytes at hand. */
export const MORE = -1;
/** Not what the scanner knows for certain. */
export const DOUBT = -2;
