/**
 * Explains one rule. In: the rule, logs, and optionally one record. Out: why the rule matches or not, as data for text and
 * JSON. If the rule can never match, this is said before any event is read.
 */
import { lintTexts } from '../lint/lint.ts';
import { type LogOptions, readLogs } from '../logs/open/read-logs.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EventRecord } from '../model/event.ts';
import type { EventSource } from '../model/logsource.ts';
import type { CorrelationRule, DetectionRule, SigmaRule } from '../model/rule.ts';
import { numberOf } from '../model/ruleset.ts';
import type { LogSourceOptions } from '../sigma/logsource/resolve.ts';
import { resolveLogSource } from '../sigma/logsource/resolve.ts';
import { type CorrelationExplanation, explainCorrelation } from './correlation.ts';
import { Evaluation } from './evaluate.ts';
import { type ExplainedEvent, explained, type KindCount, NearMisses } from './near-misses.ts';
import type { RulePool } from './rule-pool.ts';

export interface RecordChoice {
  /** EventRecordID. */
  readonly recordId: number | null;
  /** 0-based position in the log. */
  readonly index: number | null;
}

export interface ExplainOptions {
  readonly logSources: LogSourceOptions;
  readonly choice: RecordChoice;
  /** How many near misses, and how many matches, are kept. */
  readonly near: number;
  /** Logs in disk images, and the password of archives. */
  readonly read?: Pick<LogOptions, 'found' | 'archivePassword'> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DetectionExplanation {
  readonly kind: 'detection';
  readonly rule: DetectionRule;
  readonly sources: readonly EventSource[];
  /** Why no event log serves the rule; '' when some does. */
  readonly notApplicable: string;
  /** Proofs that the rule can never match, from lint. */
  readonly never: readonly Diagnostic[];
  readonly events: number;
  /** How many events belong to the log source; 0 when one record was asked for. */
  readonly admitted: number;
  readonly matched: number;
  /** How many events satisfy the condition but do not belong to the log source, and the first of them. */
  readonly outside: number;
  readonly firstOutside: readonly ExplainedEvent[];
  /** The record that was asked for; otherwise the matches, then the nearest misses. */
  readonly shown: readonly ExplainedEvent[];
  /** What kinds of events the log has, when none belongs to the log source. */
  readonly kinds: readonly KindCount[];
}

export interface CorrelationReport {
  readonly kind: 'correlation';
  readonly explanation: CorrelationExplanation;
  readonly events: number;
  /** Each referenced detection that matched nothing, explained over the same logs. */
  readonly missing: readonly DetectionExplanation[];
}

export type RuleExplanation = DetectionExplanation | CorrelationReport;

export interface ExplainResult {
  readonly explanations: readonly RuleExplanation[];
  readonly files: readonly string[];
  readonly events: number;
  readonly diagnostics: readonly Diagnostic[];
  /** True when a record was asked for and found. */
  readonly found: boolean;
}

/** Lint rules whose finding proves that a rule never matches. */
const NEVER = new Set([
  'event-id-outside-log-source',
  'contradiction',
  'filter-covers-selection',
  'field-not-in-log-source',
  'impossible-value',
]);

/** `textOf` gives the text of a rule file; proofs need it. */
export async function explainRules(
  rules: readonly SigmaRule[],
  pool: RulePool,
  logs: readonly string[],
  textOf: (path: string) => string,
  options: ExplainOptions,
): Promise<ExplainResult> {
  const byRecord = options.choice.recordId !== null || options.choice.index !== null;
  const detections = rules.filter((rule): rule is DetectionRule => rule.kind === 'detection');
  const correlations = rules.filter((rule): rule is CorrelationRule => rule.kind === 'correlation');
  const referred = correlations.map((rule) => pool.choose([rule], options.logSources));
  const inputs = referred.flatMap(({ ruleSet }) =>
    pool.rules.filter((rule): rule is DetectionRule => rule.kind === 'detection' && numberOf(ruleSet, rule.head) >= 0),
  );
  const watched = [...new Set([...detections, ...inputs])].map((rule) => new Watched(rule, options));
  const evaluations = referred.map(({ ruleSet }) => new Evaluation(ruleSet));
  let found = false;
  const read = await readLogs(
    logs,
    (event, file) => {
      if (byRecord && !isChosen(event, options.choice)) return undefined;
      found = true;
      for (const one of watched) one.add(event, file, byRecord);
      for (const one of evaluations) one.add(event, file);
      return undefined;
    },
    options.signal,
    { ...options.read, shapes: options.logSources.custom?.shapes },
  );
  const report = (rule: DetectionRule): DetectionExplanation =>
    watched.find((one) => one.rule === rule)!.result(textOf, byRecord);
  // One record cannot fire a correlation, so the rules that it refers to are explained instead.
  const asked = byRecord ? [...new Set([...detections, ...inputs])] : detections;
  const explanations: RuleExplanation[] = asked.map(report);
  for (const [i, { ruleSet, targets }] of byRecord ? [] : referred.entries()) {
    const [target] = targets;
    if (target === undefined) continue;
    const explanation = explainCorrelation(ruleSet, target, evaluations[i]!.matches);
    const isMissing = ({ head }: DetectionRule): boolean => {
      const number = numberOf(ruleSet, head);
      return number >= 0 && evaluations[i]!.matchesOf(number).length === 0;
    };
    const missing = inputs.filter(isMissing).map(report);
    explanations.push({ kind: 'correlation', explanation, events: read.events, missing });
  }
  return { explanations, files: read.files, events: read.events, diagnostics: read.diagnostics, found };
}

function isChosen(event: EventRecord, { recordId, index }: RecordChoice): boolean {
  if (index !== null) return event.index === index;
  const slot = event.shape.system.recordId;
  return slot >= 0 && event.value(slot) === String(recordId);
}

/** A detection rule that is being explained, its log source, and what has been found in the logs. */
class Watched {
  readonly rule: DetectionRule;
  readonly #sources: readonly EventSource[];
  readonly #notApplicable: string;
  readonly #misses: NearMisses;
  readonly #chosen: ExplainedEvent[] = [];
  readonly #limit: number;

  constructor(rule: DetectionRule, { logSources, near }: ExplainOptions) {
    const resolution = resolveLogSource(rule.logsource, logSources);
    this.rule = rule;
    this.#sources = resolution.kind === 'sources' ? resolution.sources : [];
    this.#notApplicable = resolution.kind === 'sources' ? '' : resolution.reason;
    this.#limit = near;
    this.#misses = new NearMisses(rule, this.#sources, near);
  }

  add(event: EventRecord, file: string, chosen: boolean): void {
    if (!chosen) this.#misses.add(event, file);
    else if (this.#chosen.length < this.#limit) this.#chosen.push(explained(this.rule, this.#sources, event, file));
  }

  result(textOf: (path: string) => string, chosen: boolean): DetectionExplanation {
    const misses = this.#misses;
    const never = this.#never(textOf);
    // For a rule that can never match, no event is a near miss. What the log contains is more useful.
    const nearest = never.length > 0 ? [] : misses.near;
    return {
      kind: 'detection',
      rule: this.rule,
      sources: this.#sources,
      notApplicable: this.#notApplicable,
      never,
      events: misses.events,
      admitted: misses.admitted,
      matched: chosen ? this.#chosen.filter((one) => one.verdict.holds).length : misses.matched,
      outside: misses.outside,
      firstOutside: misses.firstOutside,
      shown: chosen ? this.#chosen : [...misses.matches, ...nearest].slice(0, this.#limit),
      kinds: !chosen && (misses.admitted === 0 || never.length > 0) ? misses.kinds() : [],
    };
  }

  #never(textOf: (path: string) => string): readonly Diagnostic[] {
    const { path, title } = this.rule.head;
    const { findings } = lintTexts([{ path, text: textOf(path) }]);
    return findings.filter((finding) => finding.severity === 'error' && NEVER.has(finding.code) && finding.title === title);
  }
}
