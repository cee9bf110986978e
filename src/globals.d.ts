/** The package's version, put in by the build. */
declare const WINNOW_VERSION: string;
/** A digest of the program's source, put in by the build: rules compiled by another build are not taken from the cache. */
declare const WINNOW_BUILD: string;

/** The part of WebAssembly that is used here. TypeScript's library files declare it only together with browsers. */
declare namespace WebAssembly {
  class Memory {
    constructor(size: { initial: number; maximum: number });
    readonly buffer: ArrayBuffer;
  }
  class Module {
    constructor(code: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory } });
    readonly exports: unknown;
  }
}
