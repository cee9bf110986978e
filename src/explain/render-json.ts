/** An explanation as one JSON object. */
import { printedJson } from '../report/sanitize.ts';
import type { ExplainResult, RuleExplanation } from './explain.ts';
import type { ExplainedEvent } from './near-misses.ts';
import type { Verdict } from './verdict.ts';

export function* explanationJson({ explanations, files, events, diagnostics }: ExplainResult, version: string): Iterable<string> {
  const body = { kind: 'explain', version, files, events, explanations: explanations.map(explanationData), diagnostics };
  yield `${printedJson(body, 2)}\n`;
}

function explanationData(one: RuleExplanation): object {
  if (one.kind === 'detection') {
    return {
      kind: 'detection',
      rule: { id: one.rule.head.id ?? null, title: one.rule.head.title, path: one.rule.head.path },
      logsource: one.rule.logsource,
      sources: one.sources.map(({ via, channels, eventIds }) => ({ via, channels, eventIds })),
      notApplicable: one.notApplicable === '' ? null : one.notApplicable,
      never: one.never.map(({ code, message, hint, place }) => ({
        id: code,
        message,
        hint: hint ?? null,
        line: place.line ?? null,
      })),
      events: one.events,
      admitted: one.admitted,
      matched: one.matched,
      outsideLogSource: one.outside,
      records: one.shown.map(eventData),
      kinds: one.kinds,
    };
  }
  const { rule, fired, references, reasons } = one.explanation;
  return {
    kind: 'correlation',
    rule: { id: rule.head.id ?? null, title: rule.head.title, path: rule.head.path },
    fired,
    references,
    reasons,
    events: one.events,
    missing: one.missing.map(explanationData),
  };
}

function eventData({ snapshot, verdict, miss }: ExplainedEvent): object {
  return {
    event: snapshot,
    matches: verdict.holds,
    sources: verdict.sources.map(({ source, gate, condition, holds }) => ({
      via: source.via,
      gate,
      holds,
      condition: gate.passes ? verdictData(condition) : null,
    })),
    smallestReason: miss === null ? null : miss.misses.map(({ kind, reason, selection }) => ({ kind, reason, selection })),
  };
}

function verdictData(verdict: Verdict): object {
  if (verdict.kind !== 'item') {
    return { kind: verdict.kind, label: verdict.label, holds: verdict.holds, of: verdict.of.map(verdictData) };
  }
  const { item, holds, seen, eventField, derivation, values } = verdict;
  return {
    kind: 'item',
    field: item.field,
    modifiers: item.modifiers,
    line: item.span.line,
    holds,
    // For a keyword this would repeat all values of the event.
    seen: item.field === null ? null : (seen ?? null),
    present: item.field === null || seen !== undefined,
    eventField: eventField ?? null,
    derivation: derivation ?? null,
    values: values.map(({ value, holds: held }) => ({ wanted: value.source, holds: held })),
  };
}
