/**
 * The list of the events that pass the filters. Only the rows in sight are elements of the page. All rows have one height, so the
 * position of a row is a multiplication.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { visibleText } from '../../../sanitize.ts';
import { counted, secondsText } from '../../../wording.ts';
import { levelPlace, type Report, type ReportEvent } from '../data/model.ts';
import type { ViewState } from '../data/state.ts';
import { Button, clockText, Level, Line, localText, type ViewProps } from './parts.tsx';

const ROW = 30;
const NARROW_ROW = 58;
const NARROW = '(max-width: 700px)';
/** Rows beyond those in sight that are drawn as well, so that scrolling shows no gaps. */
const SPARE = 12;

export type Row =
  | { readonly incident: number; readonly event: null }
  | { readonly incident: number; readonly event: ReportEvent };

/** Events in the order in which they are shown, and a heading where another incident begins. */
export function rowsOf(events: readonly ReportEvent[], order: ViewState['order']): Row[] {
  const rows: Row[] = [];
  let incident = -1;
  for (const event of events) {
    if (order === 'incident' && event.incident !== incident) {
      incident = event.incident;
      rows.push({ incident, event: null });
    }
    rows.push({ incident: event.incident, event });
  }
  return rows;
}

/** Shown where no rule matched and there is nothing to filter: what was read, and what to do next. */
function Nothing({ report, change }: Pick<ViewProps, 'report' | 'change'>) {
  const lines = report.head.facts.filter(({ label }) => TOLD_OF_NOTHING.has(label)).flatMap((fact) => fact.lines);
  return (
    <div class="empty">
      <p>No rule matched an event.</p>
      {lines.map((line) => (
        <p key={line}>{visibleText(line)}</p>
      ))}
      <Button onClick={() => change({ tab: 'account' })}>What was read, and what of it was used</Button>
    </div>
  );
}

const TOLD_OF_NOTHING = new Set(['read', 'time', 'beware', 'problems', 'next']);

export function EventTable(props: ViewProps & { readonly rows: readonly Row[]; readonly cursor: string | null }) {
  const { report, state, change, rows, cursor, open } = props;
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const [rowHeight, setRowHeight] = useState(ROW);
  useLayoutEffect(() => {
    const measure = (): void => {
      setHeight(list.current?.clientHeight ?? 600);
      setRowHeight(matchMedia(NARROW).matches ? NARROW_ROW : ROW);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(list.current!);
    measure();
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const place = cursor === null ? -1 : rows.findIndex(({ event }) => event?.id === cursor);
    const box = list.current;
    if (place < 0 || box === null) return;
    const y = place * rowHeight;
    if (y < box.scrollTop || y + rowHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = Math.max(0, y - box.clientHeight / 3);
  }, [cursor, rowHeight]);
  const first = Math.max(0, Math.floor(top / rowHeight) - SPARE);
  const shown = rows.slice(first, first + Math.ceil(height / rowHeight) + 2 * SPARE);
  return (
    <div class="list" id="events" ref={list} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
      {report.events.length === 0 ? (
        <Nothing report={report} change={change} />
      ) : (
        rows.length === 0 && <p class="empty">No event is left by these filters.</p>
      )}
      <div class="sheet" style={{ height: `${rows.length * rowHeight}px` }}>
        <div style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {shown.map((row) =>
            row.event === null ? (
              <IncidentRow key={`incident ${row.incident}`} report={report} state={state} place={row.incident} change={change} />
            ) : (
              <EventRow
                key={row.event.id + row.event.place}
                report={report}
                state={state}
                event={row.event}
                current={row.event.id === cursor}
                open={open}
              />
            ),
          )}
        </div>
      </div>
    </div>
  );
}

type IncidentRowProps = Pick<ViewProps, 'report' | 'state' | 'change'> & { readonly place: number };

function IncidentRow({ report, state, place, change }: IncidentRowProps) {
  const { id, host, level, first, events, rules, tactics } = report.head.incidents[place]!;
  return (
    <div class="row incident">
      <Level rank={levelPlace(level)} />
      <Button class="link" onClick={() => change({ query: `${state.query} incident:${id}`.trim() })} title="Only this incident">
        <Line text={host || '(no name)'} />
      </Button>
      <span class="time">{state.local && first !== null ? localText(Date.parse(first) * 1000) : secondsText(first)}</span>
      <span>
        {counted(events, 'event')}, {counted(rules, 'rule')}
      </span>
      <code class="quiet">{id.slice(0, 7)}</code>
      <span class="quiet rest">{tactics.join(', ')}</span>
    </div>
  );
}

interface EventRowProps {
  readonly report: Report;
  readonly state: ViewState;
  readonly event: ReportEvent;
  readonly current: boolean;
  readonly open: (id: string) => void;
}

/**
 * The time to the millisecond. While an event is open and room is short, it lacks the day, which the heading of the incident has.
 */
function rowTime(report: Report, state: ViewState, event: ReportEvent): string {
  const text = clockText(event, state.local).slice(0, 23);
  const { first } = report.head.incidents[event.incident]!;
  const sameDay = event.time !== null && first !== null && event.time.slice(0, 10) === first.slice(0, 10);
  return state.event !== null && state.order === 'incident' && !state.local && sameDay ? text.slice(11) : text;
}

/** Limit on the indentation of child processes, in levels. */
const MAX_INDENT = 6;

function EventRow({ report, state, event, current, open }: EventRowProps) {
  const titles = event.hits.map(({ rule }) => report.head.rules[rule]!.title);
  const rules = titles.length > 0 ? `${titles[0]}${titles.length > 1 ? ` +${titles.length - 1}` : ''}` : event.reason;
  const by = state.order === 'incident' ? Math.min(event.depth, MAX_INDENT) : 0;
  return (
    <button
      type="button"
      class={`row event${current ? ' current' : ''}${event.rank === 0 ? ' related' : ''}`}
      data-id={event.id}
      onClick={() => open(event.id)}
    >
      {event.rank === 0 ? <span class="level related">·</span> : <Level rank={event.rank} />}
      <span class="time">{rowTime(report, state, event)}</span>
      {state.order === 'time' && <span class="host">{visibleText(event.host)}</span>}
      <span class="label">{visibleText(event.label)}</span>
      <span class="what" title={visibleText(event.who === '' ? event.text : `${event.who}: ${event.text}`)}>
        {by > 0 && <span class="quiet">{`${'  '.repeat(by - 1)}└ `}</span>}
        {event.state !== '' && <strong class="state">[{event.state}] </strong>}
        {event.who !== '' && <span class="quiet">{visibleText(event.who)}: </span>}
        <Line text={event.text} />
      </span>
      <span class="rules" title={visibleText(titles.join('\n'))}>
        {state.stars.includes(event.id) && '★ '}
        <Line text={rules} />
      </span>
    </button>
  );
}
