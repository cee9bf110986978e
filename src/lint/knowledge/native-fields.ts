/**
 * The fields that a rule may use where events are known in part: those of Windows' own logs by EventID, and the names that the taxonomy
 * gives to events of other systems. In: what is known of a rule. Out: names; a name that is missing is no mistake for that alone.
 */
import type { LogSource } from '../../model/rule.ts';
import { SYSTEM_FIELDS } from '../../model/system-fields.ts';
import { observedFields } from '../../sigma/logsource/observed.ts';
import { editDistance } from '../../sigma/rule/suggest.ts';
import { canHoldFor } from '../facts/known-fields.ts';
import type { RuleFacts } from '../facts/rule-facts.ts';
import { nativeFields } from './native-events.ts';

const cache = new WeakMap<RuleFacts, ReadonlySet<string> | null>();

/** Names in events for which the rule may hold; null where none of these events is known. */
export function partlyKnownFields(facts: RuleFacts): ReadonlySet<string> | null {
  let fields = cache.get(facts);
  if (fields === undefined) {
    fields = facts.sources.length > 0 ? windowsFields(facts) : otherFields(facts.rule.logsource);
    cache.set(facts, fields);
  }
  return fields;
}

function windowsFields(facts: RuleFacts): ReadonlySet<string> | null {
  const names = new Set<string>();
  for (const source of facts.sources) {
    // Fields under names of others are known by the category itself.
    if (source.channels.length !== 1 || Object.keys(source.fields).some((name) => name === 'Image')) return null;
    const events = nativeFields.get(source.channels[0]!);
    if (events === undefined) return null;
    for (const [id, own] of events) if (canHoldFor(facts, id)) for (const name of own) names.add(name);
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

/** Letters that a slip of the pen changes. */
const MAX_SLIP = 2;
/** Letters of which at most one is changed. */
const LETTERS_PER_SLIP = 5;

/** The name that is meant where `field` is none of them, but differs in case or by a slip of the pen. */
export function misspelt(field: string, known: ReadonlySet<string>): string | undefined {
  // That names hold no blanks is said by `space-in-field-name`.
  if (known.has(field) || field.includes(' ')) return undefined;
  const lower = field.toLowerCase();
  let best: string | undefined;
  let least = Math.min(MAX_SLIP, Math.floor(field.length / LETTERS_PER_SLIP)) + 1;
  for (const name of known) {
    const distance = editDistance(lower, name.toLowerCase());
    if (distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}
