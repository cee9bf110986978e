/** What a tuning file asks for, entry by entry. `project/tuning-file.ts` reads it, `tune-rules.ts` applies it. */
import type { Place } from '../../model/diagnostic.ts';
import type { Level } from '../../model/rule.ts';
import type { EventKind } from '../event-filter.ts';

/** What to do with the rules of an entry. */
export type TuningEffect =
  /** They raise no alert of their own. Correlations still see their matches. */
  | { readonly kind: 'off' }
  | { readonly kind: 'level'; readonly level: Level }
  /** Matches are left out unless the event fits `only`, and when it fits `except`. It fits when all kinds fit. */
  | { readonly kind: 'events'; readonly only: EventNames | null; readonly except: EventNames | null };

/** Names of events by kind, such as `computer`: one of them must fit. */
export type EventNames = Readonly<Partial<Record<EventKind, readonly string[]>>>;

export interface TuningEntry {
  /** Which rules: by id, name, title or file (`*` stands for any text), or by tag. */
  readonly of: { readonly key: 'rule' | 'tag'; readonly name: string };
  readonly effect: TuningEffect;
  readonly reason: string;
  /** The last day on which it has an effect, `2027-03-31` (UTC); null for no end. */
  readonly expires: string | null;
  readonly place: Place;
}
