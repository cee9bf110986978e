/**
 * The exports of `assembly/`, which `../compile.mjs` compiles. Numbers whose names end in `At` or name a structure of
 * `../layout.mjs` are addresses in the memory.
 */
import { code } from './code.generated.ts';

export interface CompiledCode {
  setUp(entriesAt: number, copiesAt: number, cellsAt: number, foundAt: number): void;
  forget(): void;
  look(plan: number, from: number, chunkAt: number, offsetsAt: number, headsAt: number, values: number): number;
  keeps(placesAt: number, place: number): number;
  learn(placesAt: number, place: number, listAt: number): number;
  begin(plan: number, chunkAt: number, offsetsAt: number, headsAt: number): number;
  evaluate(): number;
  leave(): void;
  readDescriptors(at: number, count: number, first: number, offsetsAt: number, headsAt: number): number;
  nested(): number;
  placePassing(passedAt: number, templatesAt: number): void;
  pass(chunkAt: number, chunk: number, from: number, limit: number, offsetsAt: number, headsAt: number): number;
  addKind(chunkAt: number, chunk: number, start: number, end: number, offsetsAt: number, headsAt: number, kindAt: number): number;
  mayHold(textAt: number, bytes: number, filter: number): number;
  findWord(start: number, end: number, wordAt: number, length: number): number;
}

/** Throws when there is no WebAssembly. */
export function instantiate(memory: WebAssembly.Memory): CompiledCode {
  const module = new WebAssembly.Module(Buffer.from(code, 'base64'));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as CompiledCode;
}
