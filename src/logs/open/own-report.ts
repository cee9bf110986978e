/**
 * Recognises winnow's own reports. They contain events, and if they were read as logs each scan would find its own findings
 * again. In: the first text of a source; its name is not used. Out: what to say about a text that a verb of winnow wrote, even if
 * the end of the text is missing. Findings of other tools are recognised as well.
 */

/** Bytes of a head that are looked at: more than the first two lines of any report that is recognised here. */
const LOOKED_AT = 4096;

const OWN_REPORTS: readonly RegExp[] = [
  // jsonl and json of `scan`; json of `lint`, `test` and `explain`. They are recognised even after jq has reformatted them.
  /^\s*(?:\[\s*)?\{\s*"kind"\s*:\s*"(?:(?:match|correlation)"\s*,\s*"rule"|incident"\s*,\s*"id"|(?:summary|lint|test|explain)"\s*,\s*"version")\s*:/,
  /^\s*\{\s*"\$schema"[^\n]*\s*"version"[^\n]*\s*"runs":\s*\[\s*\{\s*"tool":\s*\{\s*"driver":\s*\{\s*"name":\s*"winnow"/,
  // A byte order mark may come first. It is three characters here, because the text is read as Latin-1.
  /^(?:\u00ef\u00bb\u00bf)?Timestamp,Level,RuleTitle,Computer,Channel,/,
  // Reports in forms that other tools read. EvtxECmd's own tables end their lines with a carriage return and know no rules.
  /^message,datetime,timestamp,timestamp_desc,data_type,rule_title,/,
  /^\{"datetime":"[^"]*","timestamp":\d+,"timestamp_desc":"[^"]*","data_type":"winnow:/,
  /^RecordNumber,EventRecordId,[^\n]*,Payload\n(?:$|[^\n]*,Rule level: )/,
  /^\{"ecs":\{"version":"[^"]*"\},"event":\{"kind":"alert","module":"winnow",/,
  /^\{(?:"time":[\d.]+,)?"host":"(?:[^"\\]|\\.)*","source":"(?:[^"\\]|\\.)*","sourcetype":"winnow:/,
  /^\{\s*"name":\s*"winnow",\s*"versions":/,
  // Output of `search`, `metrics` and `logons`.
  /^\{"file":"(?:[^"\\]|\\.)*",(?:"id":"[0-9a-f]+",)?"offset":\d+,"EventRecordID":/,
  /^\{"kind":"(?:file","file"|logons","computer"):/,
  /^# winnow: /,
  /^<!doctype html>\s[\s\S]*<title>winnow: /,
  // The timeline as a table and as text, and as text of older versions.
  /^(?:\u00ef\u00bb\u00bf)?datetime,timestamp,timestamp_desc,data_type,message,level,/,
  /^time \(UTC\) +lvl +computer +event +id +incident +what happened/,
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}(?:\u00c2\u00b7|[A-Z]{3,4}) +\S[^\n]* {2}[0-9a-f]{7} {2}[0-9a-f]{7} /,
  // The text report: its head, after a note about rules if there is one; in older versions a heading with the rule's level; its
  // summary when nothing matched.
  /^(?:[^\n<{]*\n){0,8}?[\d,]+ incidents? on [\d,]+ computers?: [\d,]+ of [\d,]+ events? /,
  /^(?:CRITICAL|HIGH|MEDIUM|LOW|INFO|NO LEVEL) {2}\S.*\n(?: +\S.*\n)? +[\d,]+ (?:match|matches|correlations?)\b/,
  /^Summary\n {2}[a-z]/,
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
