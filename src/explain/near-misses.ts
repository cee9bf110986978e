/**
 * Finds the events that came nearest to a rule. In: a rule and the events of a log. Out: the nearest misses, and what kinds of
 * events the log has instead of those of the log source.
 */

import { eventView, interpretCondition } from '../engine/match/interpret.ts';
import { keepEvent } from '../logs/kept-event.ts';
import { type EventRecord, type EventSnapshot, snapshotEvent } from '../model/event.ts';
import type { EventSource } from '../model/logsource.ts';
import type { DetectionRule } from '../model/rule.ts';
import { gateChannel, passesGate } from '../sigma/logsource/fields.ts';
import { type SmallestMiss, smallestMiss } from './miss.ts';
import { type RuleVerdict, ruleVerdict } from './verdict.ts';

export interface ExplainedEvent {
  readonly snapshot: EventSnapshot;
  readonly verdict: RuleVerdict;
  /** null means that the rule matches. */
  readonly miss: SmallestMiss | null;
}

export interface KindCount {
  readonly channel: string;
  readonly provider: string;
  readonly eventId: number;
  readonly events: number;
}

/** Limit on the kinds of events counted. A log has some hundreds. */
const MAX_KINDS = 20_000;

export class NearMisses {
  readonly #rule: DetectionRule;
  readonly #sources: readonly EventSource[];
  readonly #limit: number;
  readonly #kinds = new Map<string, { channel: string; provider: string; eventId: number; events: number }>();
  /** Nearest first; equally near ones in the order in which they were read. */
  readonly near: ExplainedEvent[] = [];
  readonly matches: ExplainedEvent[] = [];
  /** How many events belong to the log source. */
  admitted = 0;
  matched = 0;
  events = 0;
  /** How many events satisfy the condition but do not belong to the log source. */
  outside = 0;
  readonly firstOutside: ExplainedEvent[] = [];

  /** Keeps the `limit` nearest misses and the first `limit` matches. */
  constructor(rule: DetectionRule, sources: readonly EventSource[], limit: number) {
    this.#rule = rule;
    this.#sources = sources;
    this.#limit = limit;
  }

  add(event: EventRecord, file: string): void {
    this.events++;
    this.#count(event);
    if (!this.#sources.some((source) => passesGate(event, source))) {
      this.#addOutside(event, file);
      return;
    }
    this.admitted++;
    const verdict = ruleVerdict(this.#rule, event, this.#sources);
    if (verdict.holds) {
      this.matched++;
      if (this.matches.length < this.#limit) this.matches.push(explained(this.#rule, this.#sources, event, file));
      return;
    }
    const distance = smallestMiss(verdict).misses.length;
    const worst = this.near.at(-1);
    if (this.near.length === this.#limit && worst !== undefined && distance >= distanceOf(worst)) return;
    const one = explained(this.#rule, this.#sources, event, file);
    const at = this.near.findLastIndex((other) => distanceOf(other) <= distance) + 1;
    this.near.splice(at, 0, one);
    if (this.near.length > this.#limit) this.near.pop();
  }

  /** An event that satisfies the condition but does not belong to the log source: a sign that the log source is wrong. */
  #addOutside(event: EventRecord, file: string): void {
    if (!interpretCondition(this.#rule.condition, this.#rule.selections, eventView(event, null))) return;
    this.outside++;
    if (this.firstOutside.length < this.#limit) this.firstOutside.push(explained(this.#rule, this.#sources, event, file));
  }

  #count(event: EventRecord): void {
    const key = `${event.eventId} ${event.channel} ${event.provider}`;
    const kind = this.#kinds.get(key);
    if (kind !== undefined) kind.events++;
    else if (this.#kinds.size < MAX_KINDS) {
      this.#kinds.set(key, { channel: event.channel, provider: event.provider, eventId: event.eventId, events: 1 });
    }
  }

  /** The kinds of events in the log: those of the rule's channels first, then the most frequent. */
  kinds(): readonly KindCount[] {
    const wanted = new Set(this.#sources.flatMap((source) => source.channels));
    const own = (kind: KindCount): number => Number(wanted.has(gateChannel(kind.channel)));
    return [...this.#kinds.values()].sort(
      (a, b) => own(b) - own(a) || b.events - a.events || a.eventId - b.eventId || (a.channel < b.channel ? -1 : 1),
    );
  }
}

function distanceOf({ miss }: ExplainedEvent): number {
  return miss?.misses.length ?? 0;
}

/** The verdict on a copy of the event, because the event itself is only valid until the next one is read. */
export function explained(
  rule: DetectionRule,
  sources: readonly EventSource[],
  event: EventRecord,
  file: string,
): ExplainedEvent {
  const verdict = ruleVerdict(rule, keepEvent(event), sources);
  return { snapshot: snapshotEvent(event, file), verdict, miss: verdict.holds ? null : smallestMiss(verdict) };
}
