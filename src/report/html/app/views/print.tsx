/**
 * The page on paper: the account of the scan, the incidents with the events that pass the filters, and the starred events in
 * full.
 */
import { counted, rangeText, secondsText, timeText } from '../../../wording.ts';
import { levelPlace, type Report, type ReportEvent } from '../data/model.ts';
import type { ViewState } from '../data/state.ts';
import { FieldTable } from './field-table.tsx';
import { Level, Line, Value } from './parts.tsx';

/** Limit on the events on paper, because nobody reads more than fifty pages. */
const MAX_EVENTS = 2000;

export function PrintView({
  report,
  state,
  events,
}: {
  readonly report: Report;
  readonly state: ViewState;
  readonly events: readonly ReportEvent[];
}) {
  const { head } = report;
  const matched = events.filter(({ rank }) => rank > 0);
  const shown = matched.slice(0, MAX_EVENTS);
  const starred = state.stars.map((id) => report.byId.get(id)).filter((event) => event !== undefined);
  return (
    <>
      <h1>
        <Line text={head.title} />
      </h1>
      <p>
        winnow {head.version}. All times are UTC. {counted(matched.length, 'event')} of{' '}
        {counted(report.events.filter(({ rank }) => rank > 0).length, 'event')} chosen.
      </p>
      <table class="fields">
        <tbody>
          {head.facts.map(({ label, lines }) => (
            <tr key={label}>
              <th>{label}</th>
              <td>
                <Value text={lines.join('\n')} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {starred.length > 0 && <h2>Starred events</h2>}
      {starred.map((event) => (
        <section key={event.id} class="starred">
          <h3>
            <Level rank={event.rank} /> {timeText(event.time)}{' '}
            <Line text={`${event.host}, ${event.label}, ${event.file} #${event.index}`} />
          </h3>
          <p>
            <Line text={event.hits.map(({ rule }) => head.rules[rule]!.title).join('; ') || event.reason} />
          </p>
          <FieldTable values={report.details(event).data} event={event} />
        </section>
      ))}
      {shown.map((event, i) => (
        <>
          {shown[i - 1]?.incident !== event.incident && <IncidentHeading report={report} place={event.incident} />}
          <div class="line" key={event.id}>
            <Level rank={event.rank} /> <span class="time">{timeText(event.time)}</span> {event.label}{' '}
            <Value text={event.who === '' ? event.text : `${event.who}: ${event.text}`} />
            <div class="quiet">
              <Line text={event.hits.map(({ rule }) => head.rules[rule]!.title).join('; ')} />
            </div>
          </div>
        </>
      ))}
      {matched.length > shown.length && (
        <p>And {counted(matched.length - shown.length, 'event')} more: choose fewer to print them.</p>
      )}
    </>
  );
}

function IncidentHeading({ report, place }: { readonly report: Report; readonly place: number }) {
  const { host, level, first, last, events, rules } = report.head.incidents[place]!;
  return (
    <h2>
      <Level rank={levelPlace(level)} /> <Line text={host || '(no name)'} />,{' '}
      {first === null || last === null ? 'time unknown' : rangeText(first, last, secondsText)}: {counted(events, 'event')},{' '}
      {counted(rules, 'rule')}
    </h2>
  );
}
