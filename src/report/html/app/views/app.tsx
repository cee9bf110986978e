/** The page: bar, timeline, tabs, and the open event beside them. Keeps the address of the page in step with the state. */
import { render } from 'preact';
import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { csvField } from '../../../sanitize.ts';
import { csvLines, jsonLines } from '../data/export.ts';
import { inOrder, wantedAnyLevel, wantedAnyTime, wantedInTime } from '../data/filter.ts';
import { LEVEL_NAMES, type Report, type ReportEvent } from '../data/model.ts';
import { termText } from '../data/query.ts';
import { hashOf, needsDetails, stateOf, type ViewState } from '../data/state.ts';
import { AttackMatrix } from './attack-matrix.tsx';
import { Bar } from './bar.tsx';
import { Detail } from './detail.tsx';
import { EventTable, rowsOf } from './event-table.tsx';
import { LogonGraph } from './logon-graph.tsx';
import { Account, Hosts, Incidents, Rules } from './panels.tsx';
import { Button, Line, type ViewProps } from './parts.tsx';
import { PrintView } from './print.tsx';
import { Subscriptions } from './subscriptions.tsx';
import { Timeline } from './timeline.tsx';

const TABS: readonly {
  readonly name: string;
  readonly text: string;
  readonly view: ((props: ViewProps) => preact.JSX.Element) | null;
  /** True: it shows the events that the filters leave, and nothing where they leave none. */
  readonly ofEvents?: true;
}[] = [
  { name: 'events', text: 'Events', view: null },
  { name: 'incidents', text: 'Incidents', view: Incidents, ofEvents: true },
  { name: 'rules', text: 'Rules', view: Rules, ofEvents: true },
  { name: 'hosts', text: 'Hosts, users', view: Hosts, ofEvents: true },
  { name: 'attack', text: 'ATT&CK', view: AttackMatrix, ofEvents: true },
  { name: 'wmi', text: 'WMI', view: Subscriptions },
  { name: 'logons', text: 'Logons', view: LogonGraph },
  { name: 'account', text: 'Account', view: Account },
];

export function App({ report }: { readonly report: Report }) {
  const [state, setState] = useState<ViewState>(() => stateOf(location.hash));
  const [cursor, setCursor] = useState<string | null>(state.event);
  const [help, setHelp] = useState(false);
  const { query, levels, host, user, tactic, related, fromUs, toUs, order } = state;
  const anyLevel = useMemo(() => wantedAnyLevel(report, state), [query, host, user, tactic, related]);
  const anyTime = useMemo(() => wantedAnyTime(anyLevel, state), [anyLevel, levels]);
  const events = useMemo(() => wantedInTime(anyTime, state), [anyTime, fromUs, toUs]);
  const rows = useMemo(() => rowsOf(inOrder(events, order), order), [events, order]);
  const counts = useMemo(() => levelCounts(wantedInTime(anyLevel, state)), [anyLevel, fromUs, toUs]);

  // The address has the newest state: another may have been chosen while the details were read.
  const show = (next: ViewState): void =>
    needsDetails(next) ? report.withDetails(() => setState(stateOf(location.hash))) : setState(next);
  const go = (next: ViewState, remember: boolean): void => {
    if (remember) history.pushState(null, '', hashOf(next));
    else history.replaceState(null, '', hashOf(next));
    show(next);
  };
  const change = (part: Partial<ViewState>): void => go({ ...state, ...part }, part.tab !== undefined && part.tab !== state.tab);
  const open = (id: string | null): void => {
    if (id !== null) setCursor(id);
    go({ ...state, event: id }, id !== null && state.event === null);
  };
  useLayoutEffect(() => {
    const back = (): void => show(stateOf(location.hash));
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);
  useLayoutEffect(() => {
    const paper = document.getElementById('print')!;
    const before = (): void => render(<PrintView report={report} state={state} events={events} />, paper);
    const after = (): void => render(null, paper);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, [report, state, events]);

  const step = (by: number): void => {
    const listed = rows.flatMap(({ event }) => (event === null ? [] : [event]));
    const place = listed.findIndex(({ id }) => id === cursor);
    const next = listed[Math.max(0, Math.min(listed.length - 1, place + by))];
    if (next === undefined) return;
    setCursor(next.id);
    if (state.event !== null) go({ ...state, event: next.id }, false);
  };
  const current = cursor === null ? undefined : report.byId.get(cursor);
  // A layout effect runs before the next key is handled. A usual effect runs after the next frame, and the key could act on what
  // was shown before.
  useLayoutEffect(() => {
    const keys: Readonly<Record<string, () => void>> = {
      '/': () => document.getElementById('search')?.focus(),
      j: () => step(1),
      k: () => step(-1),
      Enter: () => cursor !== null && open(cursor),
      Escape: () => (help ? setHelp(false) : open(null)),
      s: () =>
        current &&
        change({
          stars: state.stars.includes(current.id) ? state.stars.filter((id) => id !== current.id) : [...state.stars, current.id],
        }),
      x: () =>
        current?.hits[0] &&
        change({ query: `${query} ${termText('rule', report.head.rules[current.hits[0].rule]!.title, true)}`.trim() }),
      '?': () => setHelp(!help),
    };
    const pressed = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      const typing = target.matches('input, select, textarea');
      if (typing && event.key === 'Escape') target.blur();
      // A button that has the focus answers Enter itself.
      if (
        typing ||
        event.ctrlKey ||
        event.altKey ||
        event.metaKey ||
        (event.key === 'Enter' && target.matches('button, summary, a'))
      )
        return;
      const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });

  const props: ViewProps = { report, state, events, change, open };
  const { view: View = null, ofEvents = false } = TABS.find(({ name }) => name === state.tab) ?? {};
  const opened = state.event === null ? undefined : report.byId.get(state.event);
  return (
    <div class={`page${opened === undefined ? '' : ' split'}`}>
      <Bar {...props} counts={counts} />
      {report.head.states?.map((line) => (
        <p key={line} class="states">
          <Line text={line} />
        </p>
      ))}
      <Timeline {...props} events={state.fromUs === null ? anyTime : events} />
      <nav class="tabs">
        {TABS.map(({ name, text }) => (
          <Button
            key={name}
            class="tab"
            pressed={name === state.tab || (View === null && name === 'events')}
            onClick={() => change({ tab: name })}
          >
            {text}
          </Button>
        ))}
        <span class="space" />
        <Button
          pressed={order === 'time'}
          onClick={() => change({ order: order === 'time' ? 'incident' : 'time' })}
          title="One list by time instead of incident by incident"
        >
          by time
        </Button>
        <Button
          onClick={() => report.withDetails(() => save('events.jsonl', jsonLines(report, events)))}
          title="What is chosen, as JSON Lines"
        >
          JSON Lines
        </Button>
        <Button onClick={() => save('events.csv', csvLines(report, events, csvField))} title="What is chosen, as CSV">
          CSV
        </Button>
        <Button onClick={() => print()}>print</Button>
        <Button onClick={() => setHelp(!help)} title="Keys">
          ?
        </Button>
      </nav>
      {help && <Help />}
      <main class="body">
        {View === null ? (
          <EventTable {...props} rows={rows} cursor={cursor} />
        ) : (
          <div class="scroller">
            {ofEvents && events.length === 0 ? <p class="empty">No event is left by these filters.</p> : <View {...props} />}
          </div>
        )}
        {opened !== undefined && <Detail key={opened.id} {...props} event={opened} />}
      </main>
    </div>
  );
}

/** How many events of each level pass all filters but that of levels. */
function levelCounts(events: readonly ReportEvent[]): number[] {
  const counts = new Array<number>(LEVEL_NAMES.length).fill(0);
  for (const { rank } of events) counts[rank]!++;
  return counts;
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text]));
  const link = Object.assign(document.createElement('a'), { href: url, download: `winnow-${name}` });
  link.click();
  // By then the browser has begun to read the file.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function Help() {
  return (
    <div class="help">
      <p>
        <kbd>/</kbd> search · <kbd>j</kbd> <kbd>k</kbd> next, previous event · <kbd>Enter</kbd> open · <kbd>Esc</kbd> close ·{' '}
        <kbd>x</kbd> exclude its rule · <kbd>s</kbd> star
      </p>
      <p>
        Search: <code>word</code>, <code>-word</code>, <code>"two words"</code>, <code>field:value</code> with the fields of
        events (<code>Image:cmd.exe</code>) or level, host, user, address, tactic, rule, status, tag, channel, event, record,
        file, incident, id. The address of the page holds what is chosen, the stars included.
      </p>
    </div>
  );
}
