/**
 * What `assembly/` exports, compiled by scripts/wasm.mjs. Numbers that end in `At`, and those named after tables, are
 * addresses in the memory.
 */
import { code } from './code.generated.ts';

export interface CompiledCode {
  setUp(...places: number[]): void;
  forget(): void;
  sift(plan: number, from: number, chunk: number, offsets: number, heads: number, values: number): number;
  keeps(positions: number, position: number): number;
  learn(positions: number, position: number, list: number): number;
  turnTo(
    programs: number,
    kinds: number,
    fields: number,
    references: number,
    marks: number,
    places: number,
    positions: number,
    chunk: number,
    offsets: number,
    heads: number,
  ): number;
  holds(program: number): number;
  mayHold(start: number, length: number, filter: number): number;
  setUpRecords(...places: number[]): void;
  openChunk(
    chunk: number,
    stamps: number,
    templates: number,
    stamp: number,
    generation: number,
    offsets: number,
    heads: number,
  ): void;
  readRecord(start: number, end: number): number;
  setUpJson(out: number, bytes: number): void;
  writeFields(plan: number, from: number, chunk: number, offsets: number, heads: number, values: number): number;
  writtenBytes(): number;
  rememberLayout(
    innermost: number,
    generation: number,
    outer: number,
    outerCount: number,
    nested: number,
    innerCount: number,
    eventId: number,
    time: number,
    channel: number,
    computer: number,
  ): void;
}

/** Throws where there is no WebAssembly. */
export function instantiate(memory: WebAssembly.Memory): CompiledCode {
  const module = new WebAssembly.Module(Buffer.from(code, 'base64'));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as CompiledCode;
}
