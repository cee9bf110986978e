/**
 * The library. What is exported here is the public surface; docs/library.md shows each with an example.
 */

export { createMatcher, readRange, readSource } from './accelerated.ts';
// Rules.
export { compileRules, type ResolveLogSource } from './engine/compile/compile.ts';
// Matching.
export { type EventView, eventView, interpretRule } from './engine/match/interpret.ts';
export type { CompiledOptions, CompiledRules } from './engine/rule-cache/compiled-rules.ts';
export { loadCompiled } from './engine/rule-cache/load-compiled.ts';
export { deserializeRuleSet, serializeRuleSet } from './engine/rule-cache/serialize.ts';
export { type CorrelateOptions, type CorrelationOutput, correlate, correlationInputs } from './findings/correlate/correlate.ts';
export { type MatchFieldValue, matchFieldsOf } from './findings/store/match-fields.ts';
export { type MatchStream, matchStream, type StreamedMatch } from './findings/store/match-stream.ts';
// Logs.
export { closeArchives } from './logs/archives/archive-cursor.ts';
export { FileSource, MemorySource } from './logs/open/byte-source.ts';
export {
  type ListOptions,
  listLogs,
  listSources,
  type OpenedSource,
  openSource,
  type Source,
  sourceRanges,
} from './logs/open/open.ts';
export { eventFromJson, eventFromXml, eventsFromJsonText, eventsFromXml, plainEvent } from './logs/plain-event.ts';
// Vocabulary.
export { type Diagnostic, formatDiagnostic, formatPlace, type Place, type Severity } from './model/diagnostic.ts';
export { InputError, InternalError, UsageError } from './model/errors.ts';
export {
  type EventRecord,
  type EventSink,
  type EventSnapshot,
  type FieldScalar,
  type FieldValue,
  fieldValue,
  type Shape,
  snapshotEvent,
  systemValue,
} from './model/event.ts';
export type { Incident, IncidentEvent, RuleHit } from './model/incident.ts';
export type { EventSource, FieldMapping, LogSourceResolution } from './model/logsource.ts';
export type {
  Alert,
  Correlation,
  EventRef,
  Lookback,
  Match,
  MatchedField,
  ReadStats,
  RelatedEvent,
  RuleInfo,
  ScanSummary,
  SourceSummary,
} from './model/match.ts';
export type { ByteRange, ByteSource, ReadOptions } from './model/reader.ts';
export type {
  Condition,
  CorrelationRule,
  Detection,
  DetectionItem,
  DetectionRule,
  DetectionValue,
  FilterRule,
  Level,
  LoadedRules,
  LogSource,
  Pattern,
  RefusedRule,
  RuleHead,
  SigmaRule,
} from './model/rule.ts';
export { type CompiledCorrelation, type Matcher, type RuleSet, sourceOf, type UnusedRule } from './model/ruleset.ts';
// The whole job, and what follows matching.
export {
  type Progress,
  type ScanHooks,
  type ScannedMatch,
  type ScannedMatchText,
  type ScanOptions,
  type ScanResult,
  scan,
} from './scan.ts';
export { type LoadedLogSources, loadCustomLogSources } from './sigma/logsource/custom.ts';
export { mappedFieldValue, passesGate } from './sigma/logsource/fields.ts';
export { type LogSourceOptions, optionalSources, resolveLogSource } from './sigma/logsource/resolve.ts';
export { loadPlaceholders, loadRules, type Placeholders } from './sigma/rule/load.ts';
export { parseRules, type RuleOptions } from './sigma/rule/parse-rules.ts';
