/**
 * What is known about a detection rule before any event is seen: its formula, the events that its log source admits, the
 * fields that they have. Computed once per rule and shared by the checks that prove things.
 */
import type { EventSource, LogSourceResolution } from '../../model/logsource.ts';
import type { DetectionRule, LogSource } from '../../model/rule.ts';
import { SYSTEM_FIELDS } from '../../model/system-fields.ts';
import { catalog } from '../../sigma/logsource/catalog.ts';
import type { CustomLogSources } from '../../sigma/logsource/custom.ts';
import { mappingOf } from '../../sigma/logsource/fields.ts';
import { type ObservedFields, observedFields, SYSMON_CHANNEL } from '../../sigma/logsource/observed.ts';
import { type LogSourceOptions, optionalSources, resolveLogSource } from '../../sigma/logsource/resolve.ts';
import type { LintDocument } from '../document.ts';
import { type Atom, assume, type Formula, ruleFormula } from '../logic/formula.ts';
import { patternOn } from '../logic/pattern.ts';
import { Prover } from '../logic/proof.ts';

/** Sources that users can switch on count: a rule that needs one of them is not a wrong rule. */
const OPTIONAL = new Set(optionalSources);

export interface RuleFacts {
  readonly rule: DetectionRule;
  readonly formula: Formula;
  readonly resolution: LogSourceResolution;
  /** Event sources; none where no event log serves the rule. */
  readonly sources: readonly EventSource[];
  /** The same without those that are off unless asked for. */
  readonly usualSources: readonly EventSource[];
  readonly prover: Prover;
  /** Proven without any knowledge of log sources. */
  readonly neverHolds: boolean;
  observed(): ObservedFields;
}

const cache = new WeakMap<LintDocument, RuleFacts | null>();

/** null for correlations, filters and refused documents. */
export function factsOf(document: LintDocument): RuleFacts | null {
  let facts = cache.get(document);
  if (facts === undefined) {
    facts = document.rule?.kind === 'detection' ? gather(document.rule, document.logSources) : null;
    cache.set(document, facts);
  }
  return facts;
}

function gather(rule: DetectionRule, custom: CustomLogSources | undefined): RuleFacts {
  const known = logSourceFacts(rule.logsource, custom);
  const { sources } = known;
  const prover = new Prover((field) => sources.length > 0 && sources.every((source) => hasOneValue(field, source)));
  const formula = ruleFormula(rule);
  return { ...known, rule, formula, prover, neverHolds: prover.neverHolds(formula) };
}

type LogSourceFacts = Pick<RuleFacts, 'resolution' | 'sources' | 'usualSources' | 'observed'>;

/** What rules of one log source have in common, per set of the user's log sources. */
const byLogSource = new WeakMap<object, Map<string, LogSourceFacts>>();
const NO_CUSTOM = {};
/** Distinct log sources remembered; a set of rules has some two hundred. */
const MAX_LOG_SOURCES = 10_000;

function logSourceFacts(logsource: LogSource, custom: CustomLogSources | undefined): LogSourceFacts {
  const known = byLogSource.get(custom ?? NO_CUSTOM) ?? new Map<string, LogSourceFacts>();
  byLogSource.set(custom ?? NO_CUSTOM, known);
  const key = JSON.stringify([logsource.product, logsource.category, logsource.service]);
  let facts = known.get(key);
  if (facts === undefined) {
    const options: LogSourceOptions = { optional: OPTIONAL, custom };
    const resolution = resolveLogSource(logsource, options);
    let observed: ObservedFields | null = null;
    facts = {
      resolution,
      sources: sourcesOf(resolution),
      usualSources: sourcesOf(resolveLogSource(logsource, { custom })),
      observed: () => {
        observed ??= observedFields(logsource, options);
        return observed;
      },
    };
    if (known.size < MAX_LOG_SOURCES) known.set(key, facts);
  }
  return facts;
}

function sourcesOf(resolution: LogSourceResolution): readonly EventSource[] {
  return resolution.kind === 'sources' ? resolution.sources : [];
}

/** Logs whose events name each field once. UserData of others may repeat an element. */
const PLAIN_CHANNELS = new Set([
  SYSMON_CHANNEL,
  'security',
  'system',
  'application',
  'microsoft-windows-powershell/operational',
  'powershellcore/operational',
]);

/** A field that no event of the source has twice. `Data` stands for all unnamed values; what is computed may give several. */
function hasOneValue(field: string, source: EventSource): boolean {
  if (field === 'Data' || mappingOf(source, field)?.kind === 'derive') return false;
  return (
    SYSTEM_FIELDS.has(field) || (source.channels.length > 0 && source.channels.every((channel) => PLAIN_CHANNELS.has(channel)))
  );
}

/** What is assumed of an event: its EventID, and perhaps the values that its log source's gates allow. */
export interface EventAssumption {
  readonly source: EventSource;
  readonly eventId: number | null;
}

/** Every kind of event that the log source admits, or some sources of it. */
export function admittedEvents(facts: RuleFacts, sources = facts.sources): readonly EventAssumption[] {
  return sources.flatMap((source): EventAssumption[] =>
    source.eventIds.length === 0 ? [{ source, eventId: null }] : source.eventIds.map((eventId) => ({ source, eventId })),
  );
}

/** What an atom comes out as for such an event, when its EventID alone decides it. */
export function onEventId(atom: Atom, event: EventAssumption): boolean | undefined {
  if (atom.field !== 'EventID' || event.eventId === null) return undefined;
  return patternOn(atom.pattern, String(event.eventId));
}

/** As {@link onEventId}, or by the values that the source's gates let pass. */
export function onGates(atom: Atom, event: EventAssumption): boolean | undefined {
  const byId = onEventId(atom, event);
  if (byId !== undefined) return byId;
  const gate = event.source.when.find((one) => one.field === atom.field);
  if (gate === undefined || gate.values.length === 0 || event.source.fields[gate.field] !== undefined) return undefined;
  const possible = gate.values.map((value) => patternOn(atom.pattern, value));
  // An event without the field passes the gate as well.
  if (gate.required !== true) possible.push(patternOn(atom.pattern, undefined));
  return possible.every((value) => value === possible[0]) ? possible[0] : undefined;
}

/** Logs in which the event log service writes of other logs: its events have a `Channel` of their own (System 104, Security 1105). */
const NAMES_CHANNELS = new Set(['system', 'security']);

/** A Channel that no event of the source has; an event that does not say its channel has none at all. */
export function onChannel({ field, pattern }: Atom, { source, eventId }: EventAssumption): false | undefined {
  if (field !== 'Channel' || source.channels.length === 0) return undefined;
  if (eventId === null && source.channels.some((channel) => NAMES_CHANNELS.has(channel))) return undefined;
  return [...source.channels, undefined].every((channel) => patternOn(pattern, channel) === false) ? false : undefined;
}

const possible = new WeakMap<RuleFacts, readonly EventSource[]>();

/** The sources that the EventIDs, channels and gated fields of the rule leave. */
export function possibleSources(facts: RuleFacts): readonly EventSource[] {
  let sources = possible.get(facts);
  if (sources === undefined) {
    const known = (atom: Atom, event: EventAssumption) => onChannel(atom, event) ?? onGates(atom, event);
    sources = facts.sources.filter((source) => !neverHoldsOnAny(facts, known, [source]));
    possible.set(facts, sources);
  }
  return sources;
}

/** True when the rule provably holds for no event that the log source admits, or some sources of it. */
export function neverHoldsOnAny(
  facts: RuleFacts,
  known: (atom: Atom, event: EventAssumption) => boolean | undefined,
  sources = facts.sources,
): boolean {
  const events = admittedEvents(facts, sources);
  return (
    events.length > 0 &&
    events.every((event) => {
      const formula = assume(facts.formula, (atom) => known(atom, event));
      if (formula.kind === 'const') return !formula.value;
      return facts.prover.neverHolds(formula);
    })
  );
}

/** `category wmi_event`, for an event of a log: what a rule about it would have to name. */
export function logSourceOfEvent(eventId: number): string | undefined {
  for (const [category, definitions] of catalog.categories) {
    for (const { channels, eventIds, fields } of definitions) {
      const sysmon = channels.some((channel) => channel.toLowerCase() === SYSMON_CHANNEL);
      if (fields === undefined && eventIds.includes(eventId) && (sysmon || eventId > 255)) return category;
    }
  }
  return undefined;
}

export function isSysmon(source: EventSource): boolean {
  return source.channels.length === 1 && source.channels[0] === SYSMON_CHANNEL;
}
