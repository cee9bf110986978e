/**
 * Finds the ATT&CK tactics of rules. In: tags. Out: tactics as ATT&CK names them, in the order of its matrix. Other tags are
 * ignored.
 */
import { ATTACK_TACTICS } from '../../model/attack-tactics.ts';

/** Older rules write underscores instead of hyphens. */
export function tacticsOf(tags: Iterable<string>): readonly string[] {
  const found = new Set<string>();
  for (const tag of tags) if (/^attack\./i.test(tag)) found.add(tag.slice('attack.'.length).toLowerCase().replaceAll('_', '-'));
  return ATTACK_TACTICS.filter((tactic) => found.has(tactic));
}
