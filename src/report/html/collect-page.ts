/**
 * Collects what the page embeds. In: a report. Out: its events in batches as they are read, then the head of the page data, which
 * is complete only after the last event. Refuses nothing.
 */
import { tacticsOf } from '../../findings/incidents/tactics.ts';
import { eventIdOf } from '../../model/event-id.ts';
import type { Incident, IncidentEvent, RuleHit } from '../../model/incident.ts';
import type { Alert, Correlation, EventRef, Lookback, RelatedEvent } from '../../model/match.ts';
import { decodedLayers } from '../decoded-layers.ts';
import { evidenceOf } from '../evidence.ts';
import { stateText, stateTexts, whereText } from '../evidence-account.ts';
import { ruleOf } from '../json-objects.ts';
import type { ScanReport } from '../reporter.ts';
import { eventSummary } from '../summaries/event-summary.ts';
import { foundText, summaryFacts } from '../summary-facts.ts';
import { isoToUs } from '../wording.ts';
import { addressesOf, usersOf } from './event-facts.ts';
import { Logons } from './logons.ts';
import type { PageAlert, PageCorrelation, PageEvent, PageHead, PageHit, PageIncident, PageLookback } from './page-data.ts';
import { Subscriptions } from './subscriptions.ts';

/** How many characters of an event's one-line description are kept. The whole event is shown next to it. */
const TEXT_LENGTH = 600;
const NAME_LENGTH = 256;
/** Characters of decoded payloads that are kept of an event; `winnow show` has all. */
const DECODED_LENGTH = 20_000;

export class PageCollector {
  readonly #report: ScanReport;
  readonly #rules = new Map<number, number>();
  readonly #correlations = new Map<Correlation, number>();
  readonly #logons = new Logons();
  readonly #subscriptions = new Subscriptions();

  /** Titles of the rules that occurred, by their place in the page's list. */
  readonly titles: string[] = [];

  constructor(report: ScanReport) {
    this.#report = report;
  }

  event(incident: number, source: IncidentEvent): PageEvent {
    const { event, id, hits, reason, parent, depth, copies, evidence } = source;
    const { who, what } = eventSummary(event);
    const decoded = [...decodedLayers(event, DECODED_LENGTH)];
    this.#logons.add(event);
    this.#subscriptions.add(source, incident);
    const { file, index, offset, recovered, EventRecordID, TimeCreated, timeUs, Provider, Channel, EventID, Computer } = event;
    return {
      id,
      incident,
      hits: hits.map((hit) => this.#hit(hit)),
      reason,
      parent,
      depth,
      who: who.slice(0, NAME_LENGTH),
      text: what.length <= TEXT_LENGTH ? what : `${what.slice(0, TEXT_LENGTH)}\u2026`,
      users: usersOf(event),
      addresses: addressesOf(event),
      file,
      index,
      offset,
      recovered,
      state: stateText(evidence),
      where: evidence === undefined || evidence.state === 'live' ? '' : whereText(evidence),
      copies: copies.map((copy) => `${copy.file} #${copy.index}`),
      record: EventRecordID,
      time: TimeCreated,
      us: Number.isNaN(timeUs) ? null : timeUs,
      provider: Provider,
      channel: Channel,
      eventId: EventID,
      host: Computer,
      ...(decoded.length === 0 ? {} : { decoded }),
      system: event.system,
      data: event.data,
      matched: hits.map(({ rule, via, fields }) =>
        evidenceOf({ kind: 'match', rule, via, event, fields }).map(({ name, value, words, ranges, patterns }) => ({
          name,
          value,
          words,
          ranges: ranges.map(({ start, end }) => [start, end] as const),
          patterns,
        })),
      ),
    };
  }

  head(): PageHead {
    const report = this.#report;
    const { summary } = report;
    return {
      version: summary.version,
      title: foundText(report),
      facts: summaryFacts(report),
      ...(summary.evidence === undefined ? {} : { states: stateTexts(summary) }),
      rules: [...this.#rules.keys()].map((rule) => ruleOf(this.#report, rule)),
      incidents: report.incidents.map(pageIncident),
      alerts: Object.fromEntries(report.incidents.flatMap(({ alerts }) => alerts.map((alert) => [alert.id, pageAlert(alert)]))),
      correlations: [...this.#correlations.keys()].map(pageCorrelation),
      tactics: tacticsOf([...this.#rules.keys()].flatMap((rule) => ruleOf(report, rule).tags)),
      subscriptions: this.#subscriptions.chains(),
      logons: this.#logons.edges(),
      clears: summary.logCleared.flatMap(
        ({ TimeCreated, Computer, log = '', user = null }: EventRef & { log?: string; user?: string | null }) => {
          const us = isoToUs(TimeCreated);
          return Number.isNaN(us) ? [] : [{ us, host: Computer, log, user }];
        },
      ),
    };
  }

  #hit({ rule, alert, via, correlation }: RuleHit): PageHit {
    const index = place(this.#rules, rule);
    this.titles[index] ??= ruleOf(this.#report, rule).title;
    return {
      rule: index,
      alert,
      via,
      correlation: correlation === null ? null : place(this.#correlations, correlation),
    };
  }
}

/** The index of a key among those seen so far. A new key is added. */
function place<Key>(places: Map<Key, number>, key: Key): number {
  const known = places.get(key);
  if (known !== undefined) return known;
  places.set(key, places.size);
  return places.size - 1;
}

function pageIncident({ id, computer, level, first, last, eventCount, rules, tactics, lookback }: Incident): PageIncident {
  return { id, host: computer, level, first, last, events: eventCount, rules: rules.length, tactics, lookback };
}

function pageAlert({ count, last, notes, lookback }: Alert): PageAlert {
  return { count, last, notes, lookback: lookback === null ? null : pageLookback(lookback) };
}

function pageLookback({ window, events, capped, related, after }: Lookback): PageLookback {
  const tie = ({ event, reason }: RelatedEvent) => [eventIdOf(event), reason] as const;
  return { window, events, capped, related: related.map(tie), after: after.map(tie) };
}

function pageCorrelation({ type, from, to, count, records, group }: Correlation): PageCorrelation {
  return { type, from, to, count, records, group };
}
