/** The bar at the top of the page: search, levels, host, user, tactic, time, clock, and how many events the filters leave. */
import { visibleText } from '../../../sanitize.ts';
import { grouped as digits } from '../../../wording.ts';
import { LEVEL_NAMES, type ReportEvent } from '../data/model.ts';
import { START } from '../data/state.ts';
import { Button, usText, type ViewProps } from './parts.tsx';

/** Limit on the names in a list. The search line finds the others. */
const MAX_OPTIONS = 500;

export function Bar({ report, state, change, events, counts }: ViewProps & { readonly counts: readonly number[] }) {
  const toggle = (level: string): void =>
    change({ levels: state.levels.includes(level) ? state.levels.filter((other) => other !== level) : [...state.levels, level] });
  const filtered = JSON.stringify({ ...state, tab: '', event: null, stars: [], local: false, order: '' }) !== UNFILTERED;
  return (
    <header class="bar">
      <div class="row">
        <input
          id="search"
          type="search"
          placeholder='Search: word, -word, "two words", host:name, Image:cmd.exe  ( / )'
          aria-label="Search"
          value={state.query}
          onInput={(event) => change({ query: event.currentTarget.value })}
        />
        <output class="count" id="count">
          {digits(matchedIn(events))} of {digits(matchedIn(report.events))} events
        </output>
      </div>
      <div class="row wrap">
        {LEVEL_NAMES.map((name, rank) => [name, rank] as const)
          .filter(([, rank]) => rank > 0 && (counts[rank] ?? 0) > 0)
          .reverse()
          .map(([name, rank]) => (
            <Button
              key={name}
              class={`pill ${name}`}
              pressed={state.levels.includes(name)}
              onClick={() => toggle(name)}
              title={`Only ${name}`}
            >
              {name} {digits(counts[rank]!)}
            </Button>
          ))}
        <Choice name="host" values={report.hosts} value={state.host} onChange={(host) => change({ host })} />
        <Choice name="user" values={report.users} value={state.user} onChange={(user) => change({ user })} />
        <Choice name="tactic" values={report.head.tactics} value={state.tactic} onChange={(tactic) => change({ tactic })} />
        <Button
          pressed={state.related}
          onClick={() => change({ related: !state.related })}
          title="Events that no rule matched, near those that one did"
        >
          related
        </Button>
        <Button
          pressed={state.local}
          onClick={() => change({ local: !state.local })}
          title="Times of this machine instead of UTC"
        >
          {state.local ? 'local time' : 'UTC'}
        </Button>
        {state.fromUs !== null && state.toUs !== null && (
          <Button class="chip" onClick={() => change({ fromUs: null, toUs: null })} title="All times">
            {usText(state.fromUs, state.local)} to {usText(state.toUs, state.local)} ✕
          </Button>
        )}
        {filtered && (
          <Button
            onClick={() =>
              change({ ...START, tab: state.tab, event: state.event, stars: state.stars, local: state.local, order: state.order })
            }
          >
            clear filters
          </Button>
        )}
      </div>
    </header>
  );
}

const UNFILTERED = JSON.stringify({ ...START, tab: '', event: null, stars: [], local: false, order: '' });

function matchedIn(events: readonly ReportEvent[]): number {
  return events.reduce((count, { rank }) => count + (rank > 0 ? 1 : 0), 0);
}

function Choice(props: {
  readonly name: string;
  readonly values: readonly string[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { name, values, value, onChange } = props;
  return (
    <select
      id={`by-${name}`}
      aria-label={name}
      value={value}
      class={value === '' ? '' : 'set'}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">every {name}</option>
      {values.slice(0, MAX_OPTIONS).map((each) => (
        <option key={each} value={each} selected={each === value}>
          {visibleText(each) || '(no name)'}
        </option>
      ))}
    </select>
  );
}
