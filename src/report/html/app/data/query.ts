/**
 * Reads the search line of the page. In: words, `"words in quotes"`, `field:value`, each with `-` in front to leave events out.
 * Out: whether an event is shown. All terms must hold, and case does not count. A field is one of the report (`host`, `rule` ...)
 * or any field of the event.
 */
import { SHORT_LEVELS } from '../../../../model/rule.ts';
import { LEVEL_NAMES, type Report, type ReportEvent } from './model.ts';

export interface Term {
  readonly without: boolean;
  /** In lower case; '' for a word that may stand anywhere. */
  readonly field: string;
  /** Lower-cased. */
  readonly value: string;
}

const TERM = /(-?)(?:([\w.-]+):)?(?:"((?:[^"\\]|\\.)*)"?|(\S+))/g;

export function parseQuery(query: string): Term[] {
  const terms: Term[] = [];
  for (const [, minus, field, quoted, word] of query.matchAll(TERM)) {
    const value = (quoted === undefined ? word! : quoted.replaceAll(/\\(["\\])/g, '$1')).toLowerCase();
    // A single letter before the colon is a drive: `C:\Windows` is a path.
    const path = field?.length === 1;
    if (value !== '')
      terms.push({
        without: minus === '-',
        field: path ? '' : (field ?? '').toLowerCase(),
        value: path ? `${field}:${value}`.toLowerCase() : value,
      });
  }
  return terms;
}

/** A term as the user would write it in the search line. */
export function termText(field: string, value: string, without = false): string {
  return `${without ? '-' : ''}${field}:"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

type Texts = (event: ReportEvent, report: Report) => readonly string[];

/**
 * Fields of the report. With `equal`, the whole text must be equal. With `begins`, the beginning is enough, because the report in
 * a terminal shows only the beginnings of ids. Otherwise any part is enough.
 */
const FIELDS: Readonly<Record<string, { readonly equal?: true; readonly begins?: true; readonly texts: Texts }>> = {
  level: { equal: true, texts: levelTexts },
  host: { texts: ({ host }) => [host] },
  user: { texts: ({ users }) => users },
  address: { texts: ({ addresses }) => addresses },
  tactic: { equal: true, texts: ({ tactics }) => tactics },
  channel: { texts: ({ channel }) => [channel] },
  event: { equal: true, texts: ({ eventId }) => [String(eventId)] },
  eventid: { equal: true, texts: ({ eventId }) => [String(eventId)] },
  record: { equal: true, texts: ({ record }) => [String(record)] },
  file: { texts: ({ file }) => [file] },
  id: { begins: true, texts: ({ id }) => [id] },
  alert: { begins: true, texts: ({ hits }) => hits.map(({ alert }) => alert) },
  state: { texts: ({ state }) => [state] },
  incident: { begins: true, texts: ({ incident }, { head }) => [head.incidents[incident]!.id] },
  rule: { texts: ({ hits }, { head }) => hits.map(({ rule }) => head.rules[rule]!.title) },
  status: { equal: true, texts: ({ hits }, { head }) => hits.map(({ rule }) => head.rules[rule]!.status ?? '') },
  tag: { texts: ({ hits }, { head }) => hits.flatMap(({ rule }) => head.rules[rule]!.tags) },
};

/** `critical`, and `crit` as the report in a terminal shows it. */
function levelTexts({ rank }: ReportEvent): readonly string[] {
  const name = LEVEL_NAMES[rank]!;
  return name === 'related' || name === 'none' ? [name] : [name, SHORT_LEVELS[name]];
}

export function matcherOf(query: string, report: Report): (event: ReportEvent) => boolean {
  const terms = parseQuery(query).map((term) => ({ ...term, test: testOf(term, report) }));
  return (event) => terms.every(({ without, test }) => test(event) !== without);
}

function testOf({ field, value }: Term, report: Report): (event: ReportEvent) => boolean {
  if (field === '') return (event) => report.contains(event, value);
  const known = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
  const { equal = false, begins = false, texts } = known ?? { texts: dataTexts(field) };
  const holds = (text: string): boolean => (equal ? text === value : begins ? text.startsWith(value) : text.includes(value));
  return (event) => texts(event, report).some((text) => holds(text.toLowerCase()));
}

/** A field of the event itself, whatever the case of its name. */
function dataTexts(field: string): Texts {
  return (event, report) => {
    const { data, system } = report.details(event);
    return [...Object.entries(data), ...Object.entries(system)].flatMap(([name, value]) =>
      name.toLowerCase() === field ? [value].flat().map((text) => text ?? 'null') : [],
    );
  };
}
