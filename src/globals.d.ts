/** The package's version, put in by the build. */
declare const WINNOW_VERSION: string;
