/**
 * Known fields of events that are not known in full: those of Windows' own logs by EventID, and names from the taxonomy for
 * other systems. In: what is known about a rule. Out: names. A name that is missing here is not a mistake for that reason
 * alone.
 */
import type { LogSource } from '../../model/rule.ts';
import { SYSTEM_FIELDS } from '../../model/system-fields.ts';
import { remembered } from '../../model/values/maps.ts';
import { observedFields } from '../../sigma/logsource/observed.ts';
import { editDistance } from '../../sigma/rule/suggest.ts';
import { canHoldFor, type RuleFacts } from '../facts/rule-facts.ts';
import { nativeEvents } from './native-events.ts';

/** The names in events that the rule may match; null when none of these events is known. */
export const partlyKnownFields = remembered((facts: RuleFacts): ReadonlySet<string> | null =>
  facts.sources.length > 0 ? windowsFields(facts) : otherFields(facts.rule.logsource),
);

function windowsFields(facts: RuleFacts): ReadonlySet<string> | null {
  const names = new Set<string>();
  for (const source of facts.sources) {
    // A category whose fields are mapped from other names knows its own fields.
    if (source.channels.length === 0 || Object.keys(source.fields).some((name) => name === 'Image')) return null;
    for (const channel of source.channels) {
      const events = nativeEvents(channel.toLowerCase());
      if (events === undefined) return null;
      for (const [id, own] of events) if (canHoldFor(facts, id)) for (const name of own) names.add(name);
    }
    for (const name of Object.keys(source.fields)) names.add(name);
  }
  if (names.size === 0) return null;
  for (const name of SYSTEM_FIELDS) names.add(name);
  return names;
}

/** The specification's taxonomy: events of a category have the same names on every system. */
function otherFields({ product, category }: LogSource): ReadonlySet<string> | null {
  if (category === undefined || (product !== 'linux' && product !== 'macos')) return null;
  const { byEventId } = observedFields({ product: 'windows', category });
  const names = new Set([...byEventId.values()].flatMap((own) => [...own]));
  return names.size === 0 ? null : names;
}

/** Events 4697 and 7045, both about a new service, have different names for the same things. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['ServiceFileName', 'ImagePath'],
  ['ServiceStartType', 'StartType'],
  ['ServiceAccount', 'AccountName'],
]);

/** How many letters may differ in a typing error. */
const MAX_SLIP = 2;
/** At most one letter in this many may differ. */
const LETTERS_PER_SLIP = 5;

/** Shorter names are not compared: `Id` and `Di`. */
const MIN_LENGTH = 4;

/**
 * The known name that `field` probably means: one that differs in case or by a typing error, or a similar event's name for it.
 */
export function misspelt(field: string, known: ReadonlySet<string>): string | undefined {
  // `space-in-field-name` already reports blanks in names.
  if (known.has(field) || field.includes(' ')) return undefined;
  const elsewhere = OTHER_NAMES.get(field);
  if (elsewhere !== undefined && known.has(elsewhere)) return elsewhere;
  const lower = field.toLowerCase();
  let best: string | undefined;
  let least = Math.min(MAX_SLIP, Math.floor(field.length / LETTERS_PER_SLIP)) + 1;
  for (const name of known) {
    const other = name.toLowerCase();
    if (areSwapped(lower, other)) return name;
    // Names that differ in length need at least as many edits as the longer one has more letters.
    if (Math.abs(other.length - lower.length) >= least) continue;
    const distance = editDistance(lower, other);
    if (distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}

/** True for names that differ in the order of two neighbouring letters: `Paht`, `Path`. */
function areSwapped(a: string, b: string): boolean {
  if (a.length !== b.length || a.length < MIN_LENGTH) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i + 1 < a.length && a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
}
