/** What look-back may read again, and what the first pass learned of it. */
import type { Source } from '../../logs/open/open.ts';
import type { Tally } from '../account/tally.ts';
import type { Stretches } from '../first-pass/stretches.ts';
import type { RangeTask } from '../threads/tasks.ts';

/** A part of the input that can be read again: a range of a file, or a whole source (gzip, UTF-16). */
export interface ReadPart {
  readonly source: Source;
  readonly task: RangeTask | null;
  readonly tally: Tally;
  readonly stretches: Stretches;
  readonly firstIndex: number;
}
