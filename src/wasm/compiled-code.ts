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
  hasTypes(plan: number, heads: number, values: number): number;
  attach(plan: number, rules: number): void;
  turnTo(plan: number, chunk: number, offsets: number, heads: number): number;
  holds(program: number): number;
  mayHold(start: number, length: number, filter: number): number;
  setUpRecords(...places: number[]): void;
  openChunk(chunk: number, stamps: number, templates: number, stamp: number, offsets: number, heads: number): void;
  forgetLayouts(): void;
  readRecord(start: number, end: number): number;
  setUpSkim(channelCounts: number, computerCounts: number, held: number): void;
  skim(from: number, limit: number): number;
  turnSkim(fromUs: number, toUs: number, channelKey: number, computerKey: number): void;
  countAs(layout: number, channel: number, computer: number): number;
  addKind(layout: number, kind: number): void;
  forgetKinds(): void;
  forgetTimes(): void;
  setUpJson(out: number, bytes: number): void;
  writeFields(plan: number, from: number, chunk: number, offsets: number, heads: number, values: number): number;
  writtenBytes(): number;
  rememberLayout(
    number: number,
    innermost: number,
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
