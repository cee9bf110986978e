/**
 * Reports of winnow itself hold events, and must not be read as logs: each scan would find its own findings again. In: the first
 * text of a source. Out: whether a verb of winnow wrote it, also where its end is missing. Names are not asked. Tables of findings of
 * other tools are told as well.
 */

/** As much of a head as is looked at: more than the first line or two of any report that is told by these. */
const LOOKED_AT = 4096;

const OWN_REPORTS: readonly RegExp[] = [
  // jsonl and json of a scan, json of lint, test and explain; also after jq has laid it out anew.
  /^\s*(?:\[\s*)?\{\s*"kind"\s*:\s*"(?:(?:match|correlation)"\s*,\s*"rule"|incident"\s*,\s*"id"|(?:summary|lint|test|explain)"\s*,\s*"version")\s*:/,
  /^\s*\{\s*"\$schema"[^\n]*\s*"version"[^\n]*\s*"runs":\s*\[\s*\{\s*"tool":\s*\{\s*"driver":\s*\{\s*"name":\s*"winnow"/,
  // A byte order mark may stand in front, read as three characters here.
  /^(?:\u00ef\u00bb\u00bf)?Timestamp,Level,RuleTitle,Computer,Channel,/,
  // For other tools. EvtxECmd's own tables end their lines with a carriage return and know no rules.
  /^message,datetime,timestamp,timestamp_desc,data_type,rule_title,/,
  /^\{"datetime":"[^"]*","timestamp":\d+,"timestamp_desc":"[^"]*","data_type":"winnow:/,
  /^RecordNumber,EventRecordId,[^\n]*,Payload\n(?:$|[^\n]*,Rule level: )/,
  /^\{"ecs":\{"version":"[^"]*"\},"event":\{"kind":"alert","module":"winnow",/,
  /^\{(?:"time":[\d.]+,)?"host":"(?:[^"\\]|\\.)*","source":"(?:[^"\\]|\\.)*","sourcetype":"winnow:/,
  /^\{\s*"name":\s*"winnow",\s*"versions":/,
  // Of search, metrics and logons.
  /^\{"file":"(?:[^"\\]|\\.)*","offset":\d+,"EventRecordID":/,
  /^\{"kind":"(?:file","file"|logons","computer"):/,
  /^# winnow: /,
  /^<!doctype html>\s[\s\S]*<title>winnow: /,
  // The report for reading: its first line, or what was read where nothing matched; and as it was, a heading with the rule's level.
  /^[\d,]+ incidents? on [\d,]+ computers?: [\d,]+ of [\d,]+ events? /,
  /^(?:CRITICAL|HIGH|MEDIUM|LOW|INFO|NO LEVEL) {2}\S.*\n(?: +\S.*\n)? +[\d,]+ (?:match|matches|correlations?)\b/,
  /^Summary\n {2}[a-z]/,
];

/** Tables of findings: they have columns of the event, but only for what a rule of another tool has found. */
const TOOL_REPORTS: Readonly<Record<string, RegExp>> = {
  hayabusa: /^"?(?:Timestamp|datetime)"?,(?=[^\n]*"?RuleTitle\b)/,
  chainsaw: /^"?timestamp"?,"?detections"?,/,
  Zircolite: /^"?rule_title"?[,;]"?rule_/,
};

export function isOwnReport(head: Buffer): boolean {
  const text = head.toString('latin1', 0, LOOKED_AT);
  return OWN_REPORTS.some((pattern) => pattern.test(text));
}

/** What to say of a report; null for anything else. */
export function reportIn(head: Buffer): { readonly code: string; readonly seen: string } | null {
  if (isOwnReport(head)) return { code: 'input/own-report', seen: 'a report of winnow, not an event log' };
  const text = head.toString('latin1', 0, LOOKED_AT);
  const tool = Object.entries(TOOL_REPORTS).find(([, pattern]) => pattern.test(text))?.[0];
  return tool === undefined ? null : { code: 'input/tool-report', seen: `results of ${tool}, not an event log` };
}
