/**
 * Judges one event. In: a rule and the event. Out: why the rule matches or not: for each event source its gate, and the
 * condition as a tree with a verdict on each part. Every verdict comes from the reference evaluator, so that it agrees with the
 * engine.
 */

import { type EventView, eventView, interpretItem, interpretPattern } from '../engine/match/interpret.ts';
import { assertNever } from '../model/errors.ts';
import { type EventRecord, type FieldValue, fieldValue } from '../model/event.ts';
import type { EventSource, FieldMapping } from '../model/logsource.ts';
import type { Condition, Detection, DetectionItem, DetectionRule, DetectionValue, Pattern, Span } from '../model/rule.ts';
import { getOrInsert } from '../model/values/maps.ts';
import { gateChannel, mappedFieldValue, mappingOf, passesGate, passesWhen } from '../sigma/logsource/fields.ts';

/** The verdict on one value of the rule. */
export interface ValueVerdict {
  readonly value: DetectionValue;
  readonly holds: boolean;
  /** For `fieldref`, the event's fields that the value names, with their values. */
  readonly others: readonly OtherField[];
}

export interface OtherField {
  readonly field: string;
  readonly seen: FieldValue | undefined;
}

export interface ItemVerdict {
  readonly kind: 'item';
  readonly item: DetectionItem;
  readonly holds: boolean;
  /** The field's value; undefined when the event lacks the field. For keywords, every value of the event. */
  readonly seen: FieldValue | undefined;
  /** The event's field that the value was read from, where the log source renames it. */
  readonly eventField: string | undefined;
  /** The derivation that computed it, where the log source says so: `unpadded`, `listed-hash:MD5`. */
  readonly derivation: string | undefined;
  readonly values: readonly ValueVerdict[];
}

export interface GroupVerdict {
  readonly kind: 'and' | 'or' | 'not' | 'selection' | 'selector';
  /** `selection`, `1 of filter_*`; '' for and, or and not. */
  readonly label: string;
  readonly holds: boolean;
  readonly of: readonly Verdict[];
  readonly span?: Span | undefined;
}

export type Verdict = ItemVerdict | GroupVerdict;

/** The verdict on the rule for one event source of its log source. */
export interface SourceVerdict {
  readonly source: EventSource;
  readonly gate: GateVerdict;
  /** The verdict on the condition, with the event read as this source says, even if the gate refuses the event. */
  readonly condition: Verdict;
  /** True when both the gate and the condition hold. */
  readonly holds: boolean;
}

export interface GateVerdict {
  readonly passes: boolean;
  /** The first thing that does not fit; '' when the event passes. */
  readonly reason: string;
}

export interface RuleVerdict {
  readonly rule: DetectionRule;
  readonly event: EventRecord;
  readonly sources: readonly SourceVerdict[];
  readonly holds: boolean;
}

/** `sources` are those of the rule's log source; empty when no event log serves it. */
export function ruleVerdict(rule: DetectionRule, event: EventRecord, sources: readonly EventSource[]): RuleVerdict {
  const verdicts = sources.map((source): SourceVerdict => {
    const gate = gateVerdict(event, source);
    const condition = conditionVerdict(rule.condition, rule, event, source);
    return { source, gate, condition, holds: gate.passes && condition.holds };
  });
  return { rule, event, sources: verdicts, holds: verdicts.some((one) => one.holds) };
}

export function gateVerdict(event: EventRecord, source: EventSource): GateVerdict {
  if (passesGate(event, source)) return { passes: true, reason: '' };
  const wrongChannel = !passesGate(event, { ...source, eventIds: [], when: [] });
  if (wrongChannel) return { passes: false, reason: channelReason(event, source) };
  if (source.eventIds.length > 0 && !source.eventIds.includes(event.eventId)) {
    const wanted =
      source.eventIds.length === 1 ? `EventID ${source.eventIds[0]}` : `one of EventID ${source.eventIds.join(', ')}`;
    return { passes: false, reason: `EventID is ${event.eventId < 0 ? 'absent' : event.eventId}, wanted is ${wanted}` };
  }
  const gate = source.when.find((one) => !passesWhen(event, { ...source, when: [one] }));
  const seen = gate === undefined ? undefined : fieldValue(event, gate.field);
  return {
    passes: false,
    reason: `${gate?.field} is ${seen === undefined ? 'absent' : JSON.stringify(seen)}, wanted is ${gate?.values.join(' or ') || 'any value'}`,
  };
}

function channelReason(event: EventRecord, source: EventSource): string {
  if (gateChannel(event.channel) !== '' && source.channels.length > 0) {
    return `Channel is "${event.channel}", wanted is ${source.channels.map((name) => `"${name}"`).join(' or ')}`;
  }
  const wanted =
    source.providers.length === 0
      ? `Channel "${source.channels.join('" or "')}"`
      : `provider "${source.providers.join('" or "')}"`;
  return `the event does not say its channel; its provider is "${event.provider}", wanted is ${wanted}`;
}

function conditionVerdict(condition: Condition, rule: DetectionRule, event: EventRecord, source: EventSource): Verdict {
  const view = eventView(event, source);
  const reader = new VerdictReader(rule.selections, event, source, view);
  return reader.condition(condition);
}

class VerdictReader {
  readonly #selections: Readonly<Record<string, Detection>>;
  readonly #event: EventRecord;
  readonly #source: EventSource;
  readonly #view: EventView;
  /** Verdicts by selection. A selection that the condition names twice is judged once. */
  readonly #read = new Map<string, Verdict>();

  constructor(selections: Readonly<Record<string, Detection>>, event: EventRecord, source: EventSource, view: EventView) {
    this.#selections = selections;
    this.#event = event;
    this.#source = source;
    this.#view = view;
  }

  condition(condition: Condition): Verdict {
    switch (condition.kind) {
      case 'selection':
        return this.#selection(condition.name);
      case 'selector': {
        const of = condition.names.map((name) => this.#selection(name));
        const holds = condition.quantifier === 'all' ? of.every((one) => one.holds) : of.some((one) => one.holds);
        return { kind: 'selector', label: `${condition.quantifier === 'all' ? 'all' : '1'} of ${condition.pattern}`, holds, of };
      }
      case 'not': {
        const inner = this.condition(condition.of);
        return { kind: 'not', label: '', holds: !inner.holds, of: [inner] };
      }
      case 'and':
      case 'or': {
        const of = condition.of.map((part) => this.condition(part));
        const holds = condition.kind === 'and' ? of.every((one) => one.holds) : of.some((one) => one.holds);
        return { kind: condition.kind, label: '', holds, of };
      }
      default:
        return assertNever(condition);
    }
  }

  #selection(name: string): Verdict {
    return getOrInsert(this.#read, name, () => this.#readSelection(name));
  }

  #readSelection(name: string): Verdict {
    const detection = this.#selections[name];
    if (detection === undefined) return { kind: 'selection', label: name, holds: false, of: [] };
    const inner = this.#detection(detection);
    return { kind: 'selection', label: name, holds: inner.holds, of: [inner], span: detection.span };
  }

  #detection(detection: Detection): Verdict {
    switch (detection.kind) {
      case 'item':
        return this.#item(detection);
      case 'all':
      case 'any': {
        const of = detection.of.map((part) => this.#detection(part));
        if (of.length === 1) return of[0]!;
        const all = detection.kind === 'all';
        return {
          kind: all ? 'and' : 'or',
          label: '',
          holds: all ? of.every((one) => one.holds) : of.some((one) => one.holds),
          of,
        };
      }
      default:
        return assertNever(detection);
    }
  }

  #item(item: DetectionItem): ItemVerdict {
    const { field } = item;
    const mapping = field === null ? undefined : mappingOf(this.#source, field);
    return {
      kind: 'item',
      item,
      holds: interpretItem(item, this.#view),
      seen: field === null ? this.#view.values() : mappedFieldValue(this.#event, this.#source, field),
      eventField: mapping === undefined ? undefined : eventFieldOf(mapping, this.#event),
      derivation: mapping?.kind === 'derive' ? mapping.derivation : undefined,
      values: item.values.map((value) => ({
        value,
        holds: interpretPattern(value.pattern, field, this.#view),
        others: this.#others(value.pattern),
      })),
    };
  }

  #others(pattern: Pattern): readonly OtherField[] {
    if (pattern.kind === 'any') return pattern.of.flatMap((one) => this.#others(one));
    if (pattern.kind !== 'fieldref') return [];
    return [{ field: pattern.field, seen: mappedFieldValue(this.#event, this.#source, pattern.field) }];
  }
}

/** The event fields that a rule field is read from. Of several, only those that the event has. */
function eventFieldOf(mapping: FieldMapping, event: EventRecord): string | undefined {
  if (mapping.kind === 'absent') return undefined;
  if (mapping.kind === 'rename') return mapping.from;
  const present = mapping.from.filter((field) => event.shape.fields.has(field));
  return (present.length > 0 ? present : mapping.from).join(', ');
}
