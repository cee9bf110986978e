// AssemblyScript, not TypeScript: compile.mjs compiles it. HOT: runs twice for every record.
/**
 * Turns the value descriptors (length, type) of a template instance into places: the offset in the chunk and the head of each
 * value. In: where the descriptors stand, all inside the chunk, and the offset of the first value. Out: the offset after the
 * last value.
 */
import { HEAD_BINXML, HEAD_LENGTH, HEAD_MASK } from './layout.generated';

/** Set by the last call of `readDescriptors`: how many values are BinXML that is not empty, and the index of the last of them. */
export let nestedCount: u32 = 0;
export let nestedLast: u32 = 0;

export function nested(): u32 {
  return nestedCount === 0 ? 0 : nestedCount > 1 ? 0xffff_ffff : nestedLast + 1;
}

export function readDescriptors(at: usize, count: u32, first: u32, offsets: usize, heads: usize): u32 {
  let value = first;
  nestedCount = 0;
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 4) {
    const head = load<u32>(at + i) & HEAD_MASK;
    store<u32>(offsets + i, value);
    store<u32>(heads + i, head);
    value += head & HEAD_LENGTH;
    if (head > HEAD_BINXML && head - HEAD_BINXML <= HEAD_LENGTH) {
      nestedCount++;
      nestedLast = <u32>(i >> 2);
    }
  }
  return value;
}
