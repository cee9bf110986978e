/** Recognises data that was made to fill memory, disk or time when it is decompressed. */

/** Event logs usually shrink to a tenth of their size, rarely to a hundredth. */
const MAX_EXPANSION = 400;
/** Below this size any ratio is accepted. */
const FREE_BYTES = 1 << 30;

/** True when `taken` compressed bytes have become too many `given` bytes to be logs. */
export function expandsTooFar(taken: number, given: number): boolean {
  return given > FREE_BYTES && given > taken * MAX_EXPANSION;
}
