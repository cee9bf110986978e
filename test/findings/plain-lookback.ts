/** Look-back the plain way: every target is compared with every event. What the collector finds must be this. */

import { HostNames } from '../../src/findings/host-names.ts';
import { comparePlaces, sameEvent } from '../../src/findings/lookback/event-place.ts';
import { eventKindOf, linkKeysOf } from '../../src/findings/lookback/links/event-links.ts';
import { textOf, wmiContextOf } from '../../src/findings/lookback/links/event-texts.ts';
import {
  NAMED_IN_TEXT,
  type Relation,
  relationOf,
  SHOWN_AFTER,
  WMI_CONTEXT,
} from '../../src/findings/lookback/links/relations.ts';
import {
  type LookbackPlan,
  type LookbackTarget,
  RELATED_AFTER,
  RELATED_EVENTS,
} from '../../src/findings/lookback/lookback-plan.ts';
import { snapshotRecord } from '../../src/findings/store/snapshot-record.ts';
import { wmiPartOf } from '../../src/findings/wmi/wmi-names.ts';
import { type EventSnapshot, fieldValue } from '../../src/model/event.ts';

export interface PlainLookback {
  readonly events: number;
  readonly related: readonly PlainRelated[];
  readonly after: readonly PlainRelated[];
}

export interface PlainRelated {
  readonly event: EventSnapshot;
  readonly reason: string;
  readonly score: number;
}

export function plainLookbacks(plan: LookbackPlan, events: readonly EventSnapshot[]): readonly PlainLookback[] {
  const hosts = new HostNames([...plan.computers, ...plan.targets.map(({ computer }) => computer)]);
  return plan.targets.map((target) => {
    const others = events.filter(
      (event) =>
        hosts.canonical(event.Computer) === hosts.canonical(target.computer) &&
        !target.anchors.some((anchor) => sameEvent(anchor, event)),
    );
    const before = others.filter(({ timeUs }) => timeUs <= target.timeUs && timeUs >= target.timeUs - plan.windowUs);
    const after = others.filter(({ timeUs }) => timeUs > target.timeUs && timeUs <= target.timeUs + plan.windowUs);
    return {
      events: before.length,
      related: shown(
        before.map((event) => related(target, event, false)),
        target.timeUs,
        RELATED_EVENTS,
      ),
      after: shown(
        after.map((event) => related(target, event, true)),
        target.timeUs,
        RELATED_AFTER,
      ),
    };
  });
}

function related(target: LookbackTarget, event: EventSnapshot, after: boolean): PlainRelated | null {
  const record = snapshotRecord(event);
  const kind = eventKindOf(record);
  if (kind === null) return null;
  const less = kind.lessWhen;
  const base = less?.values.includes(String(fieldValue(record, less.field))) === true ? less.score : kind.score;
  const tie = bestTie(target, event, after);
  if (after && (tie === null || tie.score < SHOWN_AFTER)) return null;
  const score = base + (tie?.score ?? 0);
  if (score <= 0) return null;
  return { event, score, reason: tie === null ? kind.label : `${tie.reason}, ${kind.label}` };
}

function bestTie(target: LookbackTarget, event: EventSnapshot, after: boolean): Relation | null {
  const record = snapshotRecord(event);
  const kind = eventKindOf(record)!;
  const weight = kind.weight ?? 1;
  const anchors = target.anchors.map(snapshotRecord).filter((anchor) => eventKindOf(anchor) !== null);
  const followed = anchors.flatMap((anchor) => linkKeysOf(anchor, eventKindOf(anchor)!));
  const found: Relation[] = [];
  for (const key of linkKeysOf(record, kind)) {
    for (const other of followed) {
      const relation = other.key === key.key ? relationOf(other, key.role) : null;
      if (relation !== null) found.push({ score: relation.score * weight, reason: relation.reason });
    }
  }
  const text = textOf(record, kind);
  for (const { role, key, label } of followed) {
    if (role === 'wmi' && text.includes(key.slice('wmi:'.length)))
      found.push({ score: NAMED_IN_TEXT, reason: `names "${label}"` });
  }
  const context = wmiContextOf(record, kind, text);
  if (context >= 0 && anchors.some((anchor) => wmiPartOf(anchor) !== null)) {
    const { score, scoreAfter, reason } = WMI_CONTEXT[context]!;
    found.push({ score: (after ? (scoreAfter ?? score) : score) * weight, reason });
  }
  // The first of the best.
  return found.reduce<Relation | null>((best, one) => (best === null || one.score > best.score ? one : best), null);
}

/** The best first, at most `wanted` of a reason among the best 1.5 times `wanted`; half as many of a reason are shown first. */
function shown(all: readonly (PlainRelated | null)[], aroundUs: number, wanted: number): readonly PlainRelated[] {
  const best: PlainRelated[] = [];
  const sorted = all
    .filter((one): one is PlainRelated => one !== null)
    .sort(
      (a, b) =>
        b.score - a.score ||
        Math.abs(aroundUs - a.event.timeUs) - Math.abs(aroundUs - b.event.timeUs) ||
        comparePlaces(a.event, b.event),
    );
  const ofReason = (list: readonly PlainRelated[], reason: string): number => list.filter((one) => one.reason === reason).length;
  for (const one of sorted) if (best.length < 1.5 * wanted && ofReason(best, one.reason) < wanted) best.push(one);
  const taken: PlainRelated[] = [];
  for (const one of best) if (taken.length < wanted && ofReason(taken, one.reason) < wanted / 2) taken.push(one);
  for (const one of best) if (taken.length < wanted && !taken.includes(one)) taken.push(one);
  return taken.sort((a, b) => a.event.timeUs - b.event.timeUs || comparePlaces(a.event, b.event));
}
