// AssemblyScript, not TypeScript: scripts/wasm.mjs compiles it. What the program may call.
export { setUpJson, writeFields, writtenBytes } from './json';
export { forgetLayouts, openChunk, readRecord, rememberLayout, setUpRecords } from './records';
export { attach, forget, hasTypes, holds, keeps, learn, mayHold, setUp, sift, turnTo } from './sieve';
export { addKind, countAs, forgetKinds, forgetTimes, setUpSkim, skim, turnSkim } from './skim';
