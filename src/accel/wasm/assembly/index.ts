// AssemblyScript, not TypeScript: compile.mjs compiles it. The functions that the TypeScript side may call.
export { nested, readDescriptors } from './descriptors';
export { begin, evaluate, leave } from './evaluate';
export { mayHold } from './filter';
export { findWord } from './find';
export { forget, look } from './look';
export { addKind, pass, placePassing } from './passing';
export { keeps, learn, setUp } from './places';
