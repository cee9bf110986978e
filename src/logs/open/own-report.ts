/**
 * Recognises winnow's own reports. They contain events, and if they were read as logs each scan would find its own findings
 * again. In: the first text of a source; its name is not used. Out: what to say about a text that a verb of winnow wrote, even if
 * the end of the text is missing. Findings of other tools are recognised as well.
 */

import { REPORT_HEADS } from './report-heads.generated.ts';

/** Bytes of a head that are looked at: more than the first two lines of any report that is recognised here. */
const LOOKED_AT = 4096;

/** Formats of `scan` say for themselves how they begin. What follows is of other verbs and of older versions. */
const OWN_REPORTS: readonly RegExp[] = [
  ...REPORT_HEADS,
  // JSON of `lint`, `test` and `explain`. It is recognised even after jq has reformatted it.
  /^\s*(?:\[\s*)?\{\s*"kind"\s*:\s*"(?:lint|test|explain)"\s*,\s*"version"\s*:/,
  /^\s*\{\s*"\$schema"[^\n]*\s*"version"[^\n]*\s*"runs":\s*\[\s*\{\s*"tool":\s*\{\s*"driver":\s*\{\s*"name":\s*"winnow"/,
  // Output of `search`, `metrics` and `logons`.
  /^\{"file":"(?:[^"\\]|\\.)*",(?:"id":"[0-9a-f]+",)?"offset":\d+,"EventRecordID":/,
  /^\{"kind":"(?:file","file"|logons","computer"):/,
  // The timeline as text, and the text report with a heading that has the level of a rule.
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}(?:\u00c2\u00b7|[A-Z]{3,4}) +\S[^\n]* {2}[0-9a-f]{7} {2}[0-9a-f]{7} /,
  /^(?:CRITICAL|HIGH|MEDIUM|LOW|INFO|NO LEVEL) {2}\S.*\n(?: +\S.*\n)? +[\d,]+ (?:match|matches|correlations?)\b/,
];

/**
 * Reports of other tools, as tables or as JSON. They have the fields of events, but only of events that a rule of the tool has
 * found. The JSON of chainsaw holds whole events, and is read.
 */
const TOOL_REPORTS: Readonly<Record<string, RegExp>> = {
  hayabusa:
    /^"?(?:Timestamp|datetime)"?,(?=[^\n]*"?RuleTitle\b)|^\s*(?:\[\s*)?\{\s*"(?:Timestamp|datetime)"\s*:(?=[^}]*"RuleTitle"\s*:)/,
  chainsaw: /^"?timestamp"?,"?detections"?,/,
  Zircolite: /^"?rule_title"?[,;]"?rule_|^\s*(?:\[\s*)?\{\s*"title"\s*:[\s\S]*?"rule_level"\s*:/,
};

export function isOwnReport(head: Buffer): boolean {
  const text = head.toString('latin1', 0, LOOKED_AT);
  return OWN_REPORTS.some((pattern) => pattern.test(text));
}

/** What to say about a report; null for anything else. */
export function reportIn(head: Buffer): { readonly code: string; readonly seen: string } | null {
  if (isOwnReport(head)) return { code: 'input/own-report', seen: 'a report of winnow, not an event log' };
  const text = head.toString('latin1', 0, LOOKED_AT);
  const tool = Object.entries(TOOL_REPORTS).find(([, pattern]) => pattern.test(text))?.[0];
  return tool === undefined ? null : { code: 'input/tool-report', seen: `results of ${tool}, not an event log` };
}
