/**
 * Evaluates Sigma test vectors through the public library. Every single-event vector is asked of the reference evaluator and of the compiled matcher;
 * both must give the expected answer.
 */
import {
  compileRules,
  correlate,
  createMatcher,
  type EventRecord,
  type EventSource,
  eventFromJson,
  eventFromXml,
  formatDiagnostic,
  interpretRule,
  type LoadedRules,
  type LogSource,
  type LogSourceResolution,
  type Match,
  matchStream,
  optionalSources,
  parseRules,
  plainEvent,
  resolveLogSource,
  snapshotEvent,
} from '../../src/index.ts';
import { foldCase } from '../../src/model/values/case.ts';

export interface Vector {
  readonly id: string;
  readonly kind: 'match' | 'filter' | 'correlation' | 'correlation_output' | 'reject';
  readonly rule: string;
  readonly match?: boolean;
  readonly event?: Readonly<Record<string, unknown>>;
  readonly event_xml?: string;
  readonly event_json?: unknown;
  readonly events?: readonly Readonly<Record<string, unknown>>[];
  readonly groups?: readonly (readonly string[])[];
  readonly expect_alert_titles?: readonly string[];
  readonly logsource_gating?: boolean;
  readonly placeholders?: Readonly<Record<string, unknown>>;
  readonly disputed?: boolean;
}

const TEXT_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+\.\d+(?![\deE])|(?<![\d.])-?\d{16,}(?![\d.eE])/g;

/** The vectors of a file. Numbers that JSON.parse would round or shorten (`1.50`) become text, which is what events hold anyway. */
export function parseVectors(text: string): readonly Vector[] {
  const exact = text.replace(TEXT_OR_LONG_NUMBER, (token) => (token.startsWith('"') ? token : `"${token}"`));
  const { vectors } = JSON.parse(exact) as { vectors: readonly Vector[] };
  return vectors;
}

/** Every event, as it is: log sources are not asked. */
const UNGATED: EventSource = { via: 'any', native: true, channels: [], providers: [], eventIds: [], when: [], fields: {} };
const ungated = (): LogSourceResolution => ({ kind: 'sources', sources: [UNGATED] });
/** Vectors expect the sources that users switch on, too. */
const gated = (logsource: LogSource): LogSourceResolution => resolveLogSource(logsource, { optional: new Set(optionalSources) });

/** null when the vector holds; else what went wrong. */
export function checkVector(vector: Vector): string | null {
  const values = new Map(Object.entries(vector.placeholders ?? {}).map(([name, list]) => [name, textsOf(list)]));
  const loaded = parseRules(vector.rule, `${vector.id}.yml`, { values });
  if (vector.kind === 'reject') return loaded.refused.length > 0 ? null : 'loaded, but must be refused';
  if (loaded.refused.length > 0) return checkRefusal(vector, loaded);
  switch (vector.kind) {
    case 'match':
    case 'filter':
      return checkEvent(vector, loaded);
    case 'correlation':
    case 'correlation_output':
      return checkCorrelation(vector, loaded);
    default:
      return `unknown kind "${vector.kind}"`;
  }
}

function textsOf(list: unknown): string[] {
  return (Array.isArray(list) ? list : [list]).map(String);
}

/** Where authorities differ a rule may be refused; a refused rule matches nothing. */
function checkRefusal(vector: Vector, loaded: LoadedRules): string | null {
  if (vector.disputed === true && vector.match === false) return null;
  return `refused: ${loaded.refused.flatMap((one) => one.diagnostics.map(formatDiagnostic)).join(' ')}`;
}

function eventOf(vector: Vector): EventRecord {
  if (vector.event !== undefined) return plainEvent(vector.event);
  if (vector.event_xml !== undefined) return eventFromXml(vector.event_xml);
  const event = eventFromJson(vector.event_json);
  return Array.isArray(event) ? event[0]! : event;
}

function checkEvent(vector: Vector, loaded: LoadedRules): string | null {
  const event = eventOf(vector);
  const resolve = vector.logsource_gating === true ? gated : ungated;
  const interpreted = loaded.rules.some((rule) => {
    if (rule.kind !== 'detection') return false;
    const resolution = resolve(rule.logsource);
    return resolution.kind === 'sources' && resolution.sources.some((source) => interpretRule(rule, event, source));
  });
  let compiled = false;
  createMatcher(compileRules(loaded.rules, resolve)).match(event, () => {
    compiled = true;
  });
  if (interpreted !== compiled) return `reference evaluator says ${interpreted}, compiled matcher ${compiled}`;
  return compiled === vector.match ? null : `matched: ${compiled}, expected ${vector.match}`;
}

function checkCorrelation(vector: Vector, loaded: LoadedRules): string | null {
  const ruleSet = compileRules(loaded.rules, vector.logsource_gating === true ? gated : ungated);
  const matcher = createMatcher(ruleSet);
  const matches: Match[] = [];
  for (const [index, fields] of (vector.events ?? []).entries()) {
    const event = plainEvent(fields, { index });
    matcher.match(event, (rule) => {
      matches.push({ kind: 'match', rule, via: 'any', event: snapshotEvent(event, 'vector'), fields: [] });
    });
  }
  const { correlations } = correlate(matchStream(matches), ruleSet);
  if (vector.kind === 'correlation_output') {
    const loud = matches.filter(({ rule }) => ruleSet.silent[rule] !== true);
    const titles = new Set([...loud, ...correlations].map(({ rule }) => ruleSet.rules[rule]!.title));
    const seen = [...titles].sort().join(', ');
    const expected = [...(vector.expect_alert_titles ?? [])].sort().join(', ');
    return seen === expected ? null : `alerts: ${seen}; expected ${expected}`;
  }
  // The first document is the correlation in question.
  const title = loaded.rules[0]?.head.title;
  const fired = correlations.filter(({ rule }) => ruleSet.rules[rule]!.title === title);
  if (fired.length > 0 !== vector.match) return `fired: ${fired.length > 0}, expected ${vector.match}`;
  if (vector.groups === undefined) return null;
  // Group values are compared without case; results show the first spelling.
  const groups = (list: readonly (readonly string[])[]): string =>
    JSON.stringify([...new Set(list.map((g) => foldCase(g.join('\n'))))].sort());
  const seen = groups(fired.map(({ group }) => Object.values(group)));
  return seen === groups(vector.groups) ? null : `groups ${seen}, expected ${groups(vector.groups)}`;
}
