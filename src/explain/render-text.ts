/**
 * An explanation as text. In: an explanation. Out: first what decides, then the condition as a tree, then the smallest reason.
 */
import { Chalk, type ChalkInstance } from 'chalk';
import type { FieldValue } from '../model/event.ts';
import { printedPieces, visibleText } from '../report/sanitize.ts';
import { duration } from './correlation.ts';
import type { CorrelationReport, DetectionExplanation, ExplainResult } from './explain.ts';
import type { SmallestMiss } from './miss.ts';
import type { ExplainedEvent, KindCount } from './near-misses.ts';
import { shown, valueText, wantedText } from './value-text.ts';
import type { ItemVerdict, SourceVerdict, Verdict } from './verdict.ts';

/** How many kinds of events are listed when none belongs to the log source. */
const SHOWN_KINDS = 8;

export function explanationText(result: ExplainResult, colour: boolean): Iterable<string> {
  return printedPieces(textPieces(result, colour));
}

function* textPieces({ explanations }: ExplainResult, colour: boolean): Iterable<string> {
  const painter = new Painter(new Chalk({ level: colour ? 1 : 0 }));
  for (const one of explanations) {
    if (one.kind === 'detection') yield* painter.detection(one);
    else yield* painter.correlation(one);
    yield '\n';
  }
}

class Painter {
  readonly #chalk: ChalkInstance;

  constructor(chalk: ChalkInstance) {
    this.#chalk = chalk;
  }

  *detection(one: DetectionExplanation): Iterable<string> {
    yield `${this.#chalk.bold(visibleText(one.rule.head.title))} ${this.#chalk.dim(visibleText(one.rule.head.path))}\n`;
    yield `  log source ${visibleText(logSourceText(one.rule.logsource))}: ${sourcesText(one)}\n`;
    for (const { message, hint, place } of one.never) {
      yield `  ${this.#chalk.red('can never match')}: line ${place.line}: ${visibleText(message)}${hint === undefined ? '' : ` ${visibleText(hint)}`}\n`;
    }
    if (one.events > 0 && one.sources.length > 0)
      yield `  ${one.admitted} of ${one.events} events are of this log source, ${one.matched} match\n`;
    if (one.outside > 0) yield* this.#outside(one);
    if (one.kinds.length > 0) yield* this.#kinds(one.kinds);
    for (const event of one.shown) yield* this.#event(event);
  }

  *#outside({ outside, firstOutside }: DetectionExplanation): Iterable<string> {
    yield `  ${this.#chalk.yellow('only the log source is in the way')} of ${outside === 1 ? 'an event that satisfies' : `${outside} events that satisfy`} the condition:\n`;
    for (const { snapshot, miss } of firstOutside) {
      const place = `${snapshot.file} record ${snapshot.index} (EventID ${snapshot.EventID ?? 'absent'} ${snapshot.Channel})`;
      yield `    ${visibleText(place)}: ${visibleText(miss?.misses.map((one) => one.reason).join('; ') ?? '')}\n`;
    }
  }

  *#kinds(kinds: readonly KindCount[]): Iterable<string> {
    yield '  the log holds:\n';
    for (const { channel, provider, eventId, events } of kinds.slice(0, SHOWN_KINDS)) {
      const place = channel === '' ? `no channel, provider "${provider}"` : `"${channel}"`;
      yield `    EventID ${eventId < 0 ? 'absent' : eventId} of ${visibleText(place)}: ${events}\n`;
    }
    if (kinds.length > SHOWN_KINDS) yield `    and ${kinds.length - SHOWN_KINDS} more kinds of events\n`;
  }

  *#event({ snapshot, verdict, miss }: ExplainedEvent): Iterable<string> {
    const { file, index, EventRecordID, TimeCreated, EventID, Channel } = snapshot;
    const place = `${file} record ${index}${EventRecordID === null ? '' : ` (EventRecordID ${EventRecordID})`}`;
    yield `\n  ${visibleText(place)} ${TimeCreated ?? 'no time'} ${visibleText(`EventID ${EventID ?? 'absent'} ${Channel}`)}\n`;
    yield `    ${this.#mark(verdict.holds)} ${verdict.holds ? 'the rule matches' : 'the rule does not match'}\n`;
    const nearest = miss?.source ?? verdict.sources.find((one) => one.holds);
    for (const source of verdict.sources) {
      yield* this.#source(source);
      if (source === nearest && source.gate.passes) yield* this.#tree(source.condition, 3);
    }
    if (miss !== null) yield* this.#miss(miss);
  }

  *#source({ source, gate, holds }: SourceVerdict): Iterable<string> {
    yield `    ${this.#mark(holds)} via ${visibleText(source.via)}: ${gate.passes ? 'an event of this log source' : `not an event of this log source: ${visibleText(gate.reason)}`}\n`;
  }

  *#miss({ misses }: SmallestMiss): Iterable<string> {
    yield `    ${this.#chalk.yellow(misses.length === 1 ? 'smallest reason:' : `smallest reason, ${misses.length} things at once:`)}\n`;
    for (const { kind, reason, selection } of misses) {
      yield `      ${kind}${selection === '' ? '' : ` in ${visibleText(selection)}`}: ${visibleText(reason)}\n`;
    }
  }

  *#tree(verdict: Verdict, depth: number): Iterable<string> {
    const pad = '  '.repeat(depth);
    if (verdict.kind === 'item') {
      yield `${pad}${this.#mark(verdict.holds)} ${visibleText(itemText(verdict))}\n`;
      return;
    }
    const label = verdict.kind === 'selection' || verdict.kind === 'selector' ? verdict.label : verdict.kind;
    yield `${pad}${this.#mark(verdict.holds)} ${visibleText(label)}\n`;
    for (const part of verdict.of) yield* this.#tree(part, depth + 1);
  }

  #mark(holds: boolean): string {
    return holds ? this.#chalk.green('true ') : this.#chalk.red('false');
  }

  *correlation({ explanation, events, missing }: CorrelationReport): Iterable<string> {
    const { rule, fired, references, reasons } = explanation;
    yield `${this.#chalk.bold(visibleText(rule.head.title))} ${this.#chalk.dim(visibleText(rule.head.path))}\n`;
    yield `  ${rule.type} within ${rule.timespan}${rule.groupBy.length === 0 ? '' : ` per ${visibleText(rule.groupBy.join(', '))}`}, over ${events} events\n`;
    for (const { reference, title, matches } of references) {
      yield `  ${this.#mark(matches > 0)} ${visibleText(`${reference} (${title})`)}: ${matches} ${matches === 1 ? 'match' : 'matches'}\n`;
    }
    yield `  ${this.#mark(fired.length > 0)} ${fired.length > 0 ? (fired.length === 1 ? 'fired once' : `fired ${fired.length} times`) : 'did not fire'}\n`;
    for (const one of fired) {
      const group = Object.entries(one.group)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ');
      yield `    ${one.from} to ${one.to} (${duration(one.toUs - one.fromUs)})${group === '' ? '' : `, ${visibleText(group)}`}: records ${one.events.map((event) => event.index).join(', ')}\n`;
    }
    for (const reason of reasons) yield `  ${this.#chalk.yellow('smallest reason:')} ${visibleText(reason)}\n`;
    for (const one of missing) {
      yield '\n';
      yield* this.detection(one);
    }
  }
}

function logSourceText({ product, category, service }: DetectionExplanation['rule']['logsource']): string {
  return [product, category && `category ${category}`, service && `service ${service}`].filter(Boolean).join(', ');
}

function sourcesText({ sources, notApplicable }: DetectionExplanation): string {
  if (notApplicable !== '') return `no event log serves it: ${visibleText(notApplicable)}`;
  return sources.map(({ via, eventIds }) => (eventIds.length === 0 ? via : `${via} (EventID ${eventIds.join(', ')})`)).join(', ');
}

function itemText(verdict: ItemVerdict): string {
  const { item, seen, eventField, derivation, values, holds } = verdict;
  const name = item.field ?? 'keywords';
  // Where the field keeps its name and a derivation changes its value, the derivation is shown as well.
  const from = eventField === item.field ? `${eventField}, ${derivation}` : eventField;
  const read = from === undefined ? '' : ` (read from ${from})`;
  const held = values.find((one) => one.holds);
  if (holds && held !== undefined && item.linking === 'any' && values.length > 1) {
    return `${name}${read} ${seenText(item.field, seen)}: one of ${values.length} values holds, ${valueText(held)}`;
  }
  return `${name}${read} ${seenText(item.field, seen)}, wanted ${wantedText(verdict)}`;
}

/** All values of an event are too many to show for a keyword. */
function seenText(field: string | null, seen: FieldValue | undefined): string {
  return field === null ? 'in all values of the event' : shown(seen);
}
