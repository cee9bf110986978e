// AssemblyScript, not TypeScript: scripts/wasm.mjs compiles it. What the program may call.
export { setUpJson, writeFields, writtenBytes } from './json';
export { openChunk, readRecord, rememberLayout, setUpRecords } from './records';
export { forget, holds, keeps, learn, mayHold, setUp, sift, turnTo } from './sieve';
