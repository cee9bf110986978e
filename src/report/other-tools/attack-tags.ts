/** Sorts the tags of a rule. In: tags. Out: its ATT&CK techniques and tactics as ATT&CK writes them, and the other tags. */

export interface AttackTags {
  /** `T1546.003`. */
  readonly techniques: readonly string[];
  /** `Defense Evasion`. */
  readonly tactics: readonly string[];
  readonly others: readonly string[];
}

/** Groups and software (`attack.g0016`, `attack.s0002`) are neither techniques nor tactics. */
const TECHNIQUE = /^attack\.(t\d{4}(?:\.\d{3})?)$/i;
const TACTIC = /^attack\.([a-z]+(?:[-_][a-z]+)*)$/i;

export function attackTags(tags: readonly string[]): AttackTags {
  const techniques: string[] = [];
  const tactics: string[] = [];
  const others: string[] = [];
  for (const tag of tags) {
    const technique = TECHNIQUE.exec(tag)?.[1];
    const tactic = TACTIC.exec(tag)?.[1];
    if (technique !== undefined) techniques.push(technique.toUpperCase());
    else if (tactic !== undefined) tactics.push(tacticName(tactic));
    else others.push(tag);
  }
  return { techniques, tactics, others };
}

/** `defense-evasion` -> `Defense Evasion`, `command-and-control` -> `Command and Control`. */
function tacticName(tag: string): string {
  return tag
    .toLowerCase()
    .split(/[-_]/)
    .map((word) => (word === 'and' ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join(' ');
}
