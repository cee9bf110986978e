/** The package's version, put in by the build. */
declare const WINNOW_VERSION: string;
/** A digest of the program's source, put in by the build: rules compiled by another build are not taken from the cache. */
declare const WINNOW_BUILD: string;
