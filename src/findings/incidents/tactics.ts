/**
 * Finds the ATT&CK tactics of rules. In: tags. Out: tactics as ATT&CK names them, in the order of its matrix. Other tags are
 * ignored.
 */

/** The tactics of ATT&CK for Enterprise, in the order of its matrix. */
const TACTICS = [
  'reconnaissance',
  'resource-development',
  'initial-access',
  'execution',
  'persistence',
  'privilege-escalation',
  'stealth',
  'defense-impairment',
  'defense-evasion',
  'credential-access',
  'discovery',
  'lateral-movement',
  'collection',
  'command-and-control',
  'exfiltration',
  'impact',
];

/** Older rules write underscores instead of hyphens. */
export function tacticsOf(tags: Iterable<string>): readonly string[] {
  const found = new Set<string>();
  for (const tag of tags) if (/^attack\./i.test(tag)) found.add(tag.slice('attack.'.length).toLowerCase().replaceAll('_', '-'));
  return TACTICS.filter((tactic) => found.has(tactic));
}
