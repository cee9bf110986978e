// AssemblyScript, not TypeScript: compile.mjs compiles it. The functions that the TypeScript side may call.
export { nested, readDescriptors } from './descriptors';
export { begin, evaluate, leave } from './evaluate';
export { mayHold } from './filter';
export { forget, keeps, learn, look, setUp } from './look';
export { addKind, pass, placePassing } from './passing';
