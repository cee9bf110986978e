/**
 * Compares what two sets of rules find. In: what has changed between them, and logs. Out: for each changed rule, the records
 * that only one version matches. A correlation that uses a changed rule counts as changed. The logs are read once, and the
 * engine is the same as in a scan.
 */
import { Evaluation, MAX_MATCHES } from '../explain/evaluate.ts';
import type { ChosenRules, RulePool } from '../explain/rule-pool.ts';
import { readLogs } from '../logs/open/read-logs.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { SigmaRule } from '../model/rule.ts';
import type { LogSourceOptions } from '../sigma/logsource/resolve.ts';
import type { RuleChange } from './diff-rules.ts';

export interface MatchDiff {
  /** The rule of the new set, or of the old one if it was removed. */
  readonly rule: SigmaRule;
  readonly before: number;
  readonly after: number;
  /** `Security.evtx record 4`; for a correlation, its group and time. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

export interface MatchesDiff {
  readonly events: number;
  readonly matches: readonly MatchDiff[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Version {
  readonly pool: RulePool;
  readonly logSources: LogSourceOptions;
}

export async function diffMatches(
  changes: readonly RuleChange[],
  logs: readonly string[],
  before: Version,
  after: Version,
  signal?: AbortSignal,
): Promise<MatchesDiff> {
  const old = new Side(
    before,
    changes.flatMap((one) => (one.kind === 'added' ? [] : [one.before])),
  );
  const now = new Side(
    after,
    changes.flatMap((one) => (one.kind === 'removed' ? [] : [one.after])),
  );
  const read = await readLogs(
    logs,
    (event, file) => {
      old.evaluation.add(event, file);
      now.evaluation.add(event, file);
      return undefined;
    },
    signal,
    { shapes: after.logSources.custom?.shapes },
  );
  const found = { old: old.found(), now: now.found() };
  const partner = new Map(changes.flatMap((one) => (one.kind === 'changed' ? [[one.after, one.before] as const] : [])));
  const matches: MatchDiff[] = [];
  const compare = (rule: SigmaRule, a: ReadonlySet<string>, b: ReadonlySet<string>): void => {
    const gained = [...b].filter((one) => !a.has(one));
    const lost = [...a].filter((one) => !b.has(one));
    matches.push({ rule, before: a.size, after: b.size, gained, lost });
  };
  const none: ReadonlySet<string> = new Set();
  for (const [rule, places] of found.now) {
    const earlier = partner.get(rule) ?? old.sameAs(rule);
    compare(rule, (earlier && found.old.get(earlier)) ?? none, places);
  }
  for (const change of changes) if (change.kind === 'removed') compare(change.before, found.old.get(change.before) ?? none, none);
  const diagnostics = [...read.diagnostics];
  if (old.isFull || now.isFull) {
    const message = `more than ${MAX_MATCHES} matches: those behind are not compared.`;
    diagnostics.push({ code: 'diff/limit', severity: 'warning', message, hint: 'Compare on fewer logs.', place: {} });
  }
  return { events: read.events, matches, diagnostics };
}

/** One version of the rules, and what it finds. */
class Side {
  readonly evaluation: Evaluation;
  readonly #targets: readonly SigmaRule[];
  readonly #chosen: ChosenRules;

  constructor({ pool, logSources }: Version, changed: readonly SigmaRule[]) {
    this.#targets = withDependents(pool, changed);
    this.#chosen = pool.choose(this.#targets, logSources);
    this.evaluation = new Evaluation(this.#chosen.ruleSet);
  }

  get isFull(): boolean {
    return this.evaluation.matches.length >= MAX_MATCHES;
  }

  /** The rule of this side that is the same as a rule of the other side: by id, or by title where that has no id. */
  sameAs({ head }: SigmaRule): SigmaRule | undefined {
    return this.#targets.find((one) => (head.id === undefined ? one.head.title === head.title : one.head.id === head.id));
  }

  found(): ReadonlyMap<SigmaRule, ReadonlySet<string>> {
    const { ruleSet } = this.#chosen;
    const places = ruleSet.rules.map(() => new Set<string>());
    for (const { rule, event } of this.evaluation.matches) places[rule]!.add(`${event.file} record ${event.index}`);
    for (const { rule, group, from, to } of this.evaluation.correlations())
      places[rule]!.add([...Object.entries(group).map(([name, value]) => `${name} ${value}`), `${from} to ${to}`].join(', '));
    return new Map(
      this.#targets.map((target) => {
        const { path, title, id } = target.head;
        const at = ruleSet.rules.findIndex((one) => one.path === path && one.title === title && (one.id ?? undefined) === id);
        return [target, at < 0 ? new Set<string>() : places[at]!];
      }),
    );
  }
}

/** Changed rules, and the correlations that use them. */
function withDependents(pool: RulePool, changed: readonly SigmaRule[]): readonly SigmaRule[] {
  const targets = new Set(changed);
  for (let before = -1; before !== targets.size; ) {
    before = targets.size;
    for (const rule of pool.rules) {
      if (rule.kind !== 'correlation') continue;
      if (rule.rules.some((reference) => pool.named(reference).some((one) => targets.has(one)))) targets.add(rule);
    }
  }
  return [...targets];
}
