// HOT: called twice for every EVTX record.
/**
 * Reads value descriptors by compiled code. In: a chunk, and where the descriptors stand in it. Out: the places of the values.
 */
import type { DescriptorReader, EvtxPlaces } from '../engine/contract.ts';
import type { LookMemory } from './wasm/memory.ts';

export class CompiledDescriptors implements DescriptorReader {
  readonly #memory: LookMemory;
  readonly #offsetsAt: number;
  readonly #headsAt: number;

  constructor(memory: LookMemory, { offsets, heads }: EvtxPlaces) {
    this.#memory = memory;
    this.#offsetsAt = offsets.byteOffset;
    this.#headsAt = heads.byteOffset;
  }

  read(chunk: Buffer, at: number, count: number, number: number, value: number): number {
    const memory = this.#memory;
    const places = 4 * number;
    return memory.code.readDescriptors(
      memory.chunkAddress(chunk) + at,
      count,
      value,
      this.#offsetsAt + places,
      this.#headsAt + places,
    );
  }

  get nested(): number {
    return this.#memory.code.nested() - 1;
  }
}
