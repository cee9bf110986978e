/**
 * Tables that count the events that pass the filters: incidents, rules, hosts by tactic, users and addresses. Also the account of
 * the scan.
 */
import { useState } from 'preact/hooks';
import { counted, grouped as digits, rangeText, secondsText, timeText } from '../../../wording.ts';
import { frequent, grouped, LEVEL_NAMES, levelPlace, type ReportEvent } from '../data/model.ts';
import { termText } from '../data/query.ts';
import { Button, Level, Line, type ViewProps } from './parts.tsx';

export function Incidents({ report, change, events }: ViewProps) {
  const wanted = new Set(events.filter(({ rank }) => rank > 0).map(({ incident }) => incident));
  return (
    <div class="panel">
      <h2>{counted(wanted.size, 'incident')}</h2>
      <p class="quiet">Matched events of one host without a pause of half an hour (or of --incident-gap); the worst first.</p>
      {report.head.incidents.map(({ id, host, level, first, last, events: count, rules, tactics, lookback }, place) =>
        wanted.has(place) ? (
          <button key={id} type="button" class="card" onClick={() => change({ query: `incident:${id}`, tab: 'events' })}>
            <Level rank={levelPlace(level)} />{' '}
            <strong>
              <Line text={host || '(no name)'} />
            </strong>{' '}
            <span class="time">{first === null || last === null ? 'time unknown' : rangeText(first, last, secondsText)}</span> ·{' '}
            {counted(count, 'event')}, {counted(rules, 'rule')} <code class="quiet">{id.slice(0, 7)}</code>
            <div class="quiet">
              {tactics.join(', ')}
              {lookback.done < lookback.alerts && ` · looked back from ${lookback.done} of ${lookback.alerts} alerts`}
              {lookback.capped && ' · more was around than could be kept'}
            </div>
          </button>
        ) : null,
      )}
    </div>
  );
}

type SortKey = 'level' | 'events' | 'hosts' | 'first' | 'title';

export function Rules({ report, events, change }: ViewProps) {
  const [sort, setSort] = useState<SortKey>('level');
  const rows = [...grouped(events, ({ hits }) => hits.map(({ rule }) => String(rule)))].map(([key, own]) => {
    const rule = report.head.rules[Number(key)]!;
    return {
      key,
      title: rule.title,
      level: levelPlace(rule.level),
      status: rule.status,
      events: own.length,
      hosts: new Set(own.map(({ host }) => host)).size,
      first: own.reduce((first, { time }) => (time !== null && time < first ? time : first), own[0]!.time ?? ''),
    };
  });
  rows.sort((a, b) => {
    if (sort === 'title' || sort === 'first') return a[sort] < b[sort] ? -1 : 1;
    return b[sort] - a[sort] || b.level - a.level || b.events - a.events;
  });
  const heading = (key: SortKey, text: string) => (
    <th class={key === 'events' || key === 'hosts' ? 'number' : ''} aria-sort={sort === key ? 'descending' : 'none'}>
      <Button class="link" onClick={() => setSort(key)} title="Sort by this">
        {text}
        {sort === key ? ' ↓' : ''}
      </Button>
    </th>
  );
  return (
    <div class="panel">
      <h2>{counted(rows.length, 'rule')}</h2>
      <div class="wide">
        <table class="numbers">
          <thead>
            <tr>
              {heading('level', 'Level')}
              {heading('title', 'Rule')}
              <th>Status</th>
              {heading('events', 'Events')}
              {heading('hosts', 'Hosts')}
              {heading('first', 'First')}
              <th />
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, title, level, status, events: count, hosts, first }) => (
              <tr key={key}>
                <td>
                  <Level rank={level} />
                </td>
                <td>
                  <Button
                    class="link"
                    onClick={() => change({ query: termText('rule', title), tab: 'events' })}
                    title="Only events of this rule"
                  >
                    <Line text={title} />
                  </Button>
                </td>
                <td class="quiet">
                  <Line text={status ?? ''} />
                </td>
                <td class="number">{digits(count)}</td>
                <td class="number">{hosts}</td>
                <td class="time">{timeText(first).slice(0, 19)}</td>
                <td>
                  <Button onClick={() => change({ query: termText('rule', title, true) })} title="Without events of this rule">
                    exclude
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

export function Hosts({ report, events, change, state }: ViewProps) {
  const matched = events.filter(({ rank }) => rank > 0);
  const hosts = [...grouped(matched, ({ host }) => [host])].sort(
    ([, a], [, b]) => highest(b) - highest(a) || b.length - a.length,
  );
  return (
    <div class="panel">
      <h2>Hosts and tactics</h2>
      <div class="wide">
        <table class="numbers heat">
          <thead>
            <tr>
              <th>Host</th>
              <th class="number">Events</th>
              {report.head.tactics.map((tactic) => (
                <th key={tactic} class="turned">
                  <span>{tactic}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hosts.map(([host, own]) => (
              <tr key={host}>
                <td>
                  <Button class="link" onClick={() => change({ host: state.host === host ? '' : host })} title="Only this host">
                    <Line text={host || '(no name)'} />
                  </Button>
                </td>
                <td class="number">{digits(own.length)}</td>
                {report.head.tactics.map((tactic) => {
                  const here = own.filter(({ tactics }) => tactics.includes(tactic));
                  return (
                    <td key={tactic} class={`heat-cell ${here.length === 0 ? '' : LEVEL_NAMES[highest(here)]}`}>
                      {here.length > 0 && (
                        <Button onClick={() => change({ host, tactic, tab: 'events' })} title={`${host}: ${tactic}`}>
                          {here.length}
                        </Button>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="two">
        <Frequent title="Users" values={events.flatMap(({ users }) => users)} pick={(user) => change({ user, tab: 'events' })} />
        <Frequent
          title="Addresses"
          values={events.flatMap(({ addresses }) => addresses)}
          pick={(address) => change({ query: termText('address', address), tab: 'events' })}
        />
      </div>
    </div>
  );
}

function highest(events: readonly ReportEvent[]): number {
  return events.reduce((rank, event) => Math.max(rank, event.rank), 0);
}

/** How many rows are shown at first. */
const FEW = 40;

function Frequent({
  title,
  values,
  pick,
}: {
  readonly title: string;
  readonly values: readonly string[];
  readonly pick: (value: string) => void;
}) {
  const [all, setAll] = useState(false);
  const rows = frequent(values);
  return (
    <div>
      <h2>
        {title} <small>{rows.length}</small>
      </h2>
      <table class="numbers">
        <tbody>
          {rows.slice(0, all ? rows.length : FEW).map(([value, count]) => (
            <tr key={value}>
              <td>
                <Button class="link" onClick={() => pick(value)}>
                  <Line text={value} />
                </Button>
              </td>
              <td class="number">{digits(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!all && rows.length > FEW && <Button onClick={() => setAll(true)}>all {rows.length}</Button>}
    </div>
  );
}

export function Account({ report }: ViewProps) {
  const { version, facts } = report.head;
  return (
    <div class="panel">
      <h2>What was read, and what of it was used</h2>
      <table class="fields">
        <tbody>
          {facts.map(({ label, lines, attention }) => (
            <tr key={label} class={attention ? 'attention' : ''}>
              <th>{label}</th>
              <td>
                {lines.map((line, i) => (
                  <div key={`${i} ${line}`}>
                    <Line text={line} />
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">winnow {version}</p>
    </div>
  );
}
