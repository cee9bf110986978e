/** What expands too far to be logs: archives that are made to fill memory, disk or time. */
import { InputError } from '../../model/errors.ts';

/** Event logs shrink to a tenth, rarely to a hundredth. */
const MAX_EXPANSION = 400;
/** Below this any ratio is fine. */
const FREE_BYTES = 1 << 30;

/** True for `given` bytes that have come of `taken`. */
export function expandsTooFar(taken: number, given: number): boolean {
  return given > FREE_BYTES && given > taken * MAX_EXPANSION;
}

export function refuseExpansion(taken: number, given: number, what: string): void {
  if (!expandsTooFar(taken, given)) return;
  throw new InputError(`${taken} compressed bytes become more than ${given}: ${what} expands too far to hold logs.`);
}
