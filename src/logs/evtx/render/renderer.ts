// HOT: runs for every rendered event.
/**
 * The programs of a layout: one for each set of values that are null. Records of a layout nearly always lack the same values. A
 * program made for that set has no tests in it and only a third of the steps. In: a record's values. Out: bytes.
 */

import type { ByteWriter } from '../../../bytes/byte-writer.ts';
import type { KeptWeight } from '../binxml/kept-weight.ts';
import { neededByAttribute, neededByElement, neverAppears } from '../binxml/optional.ts';
import type { Part } from '../binxml/tree.ts';
import { HEAD_TYPE_SHIFT, type RecordValues } from '../values/record-values.ts';
import { NULL_TYPE } from '../values/value-types.ts';
import type { Program } from './program.ts';

/** The most values whose absence fits in one mask. Layouts with more use the program with tests. */
const MASK_BITS = 30;
const MAX_VARIANTS = 16;

/** `nulls`: the values that are null; null when the program has to test for them. */
export type Compile = (roots: readonly Part[], nulls: ReadonlySet<number> | null) => Program;

export class Renderer {
  readonly #weight: KeptWeight;
  readonly #roots: readonly Part[];
  readonly #compile: Compile;
  readonly #needed: readonly number[];
  readonly #masks: number[] = [];
  readonly #programs: Program[] = [];
  #testing: Program | null = null;

  constructor(roots: readonly Part[], weight: KeptWeight, compile: Compile) {
    this.#weight = weight;
    this.#roots = roots;
    this.#compile = compile;
    const needed = new Set<number>();
    collectNeeded(roots, needed);
    this.#needed = [...needed];
  }

  run(record: RecordValues, out: ByteWriter): void {
    this.#program(record).run(record, out);
  }

  #program(record: RecordValues): Program {
    const needed = this.#needed;
    if (needed.length > MASK_BITS) return this.#testingProgram();
    let mask = 0;
    for (let i = 0; i < needed.length; i++) {
      const index = needed[i]!;
      if (index >= record.count || record.heads[index]! >> HEAD_TYPE_SHIFT === NULL_TYPE) mask |= 1 << i;
    }
    const masks = this.#masks;
    for (let i = 0; i < masks.length; i++) if (masks[i] === mask) return this.#programs[i]!;
    if (masks.length >= MAX_VARIANTS) return this.#testingProgram();
    const program = this.#compile(this.#roots, new Set(needed.filter((_, i) => (mask & (1 << i)) !== 0)));
    this.#weight.charge(program.weight);
    masks.push(mask);
    this.#programs.push(program);
    return program;
  }

  #testingProgram(): Program {
    if (this.#testing === null) {
      this.#testing = this.#compile(this.#roots, null);
      this.#weight.charge(this.#testing.weight);
    }
    return this.#testing;
  }
}

function collectNeeded(parts: readonly Part[], into: Set<number>): void {
  for (const part of parts) {
    if (part.kind !== 'element') continue;
    for (const group of [neededByElement(part), ...part.attributes.map(neededByAttribute)]) {
      if (!neverAppears(group)) for (const index of group) into.add(index);
    }
    collectNeeded(part.content, into);
  }
}
