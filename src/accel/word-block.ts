/** Finds a word in a block of bytes by compiled code (`wasm/assembly/find.ts`). In: a word. Out: a block; null when there is no room. */
import type { WordBlock } from '../engine/contract.ts';
import type { LookMemory } from './wasm/memory.ts';

export function compiledWordBlock(memory: LookMemory, word: string, bytes: number): WordBlock | null {
  const room = memory.reserve(bytes + word.length);
  if (room === null) return null;
  const from = room.byteOffset;
  // The word lies behind the block.
  room.write(word.toLowerCase(), bytes, 'latin1');
  return {
    block: room.subarray(0, bytes),
    standsIn: (start, end) => memory.code.findWord(from + start, from + end, from + bytes, word.length) !== 0,
  };
}
