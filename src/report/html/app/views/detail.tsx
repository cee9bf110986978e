/**
 * The open event: what happened, which rules matched and why, related events, its processes, all its fields, and where its record
 * is.
 */
import { visibleLines, visibleText } from '../../../sanitize.ts';
import { counted, isoToUs, rangeText, relativeTime, timeText } from '../../../wording.ts';
import type { PageField, PageHit } from '../../page-data.ts';
import { levelPlace, type ReportEvent } from '../data/model.ts';
import { termText } from '../data/query.ts';
import { silencingFilter } from '../data/silence.ts';
import { FieldTable } from './field-table.tsx';
import { Button, clockText, Level, Line, Value, type ViewProps } from './parts.tsx';
import { ProcessTree } from './process-tree.tsx';
import { Subscription } from './subscriptions.tsx';

export function Detail({ report, state, change, open, event }: Omit<ViewProps, 'events'> & { readonly event: ReportEvent }) {
  const { offset, recovered, where, copies, decoded, system, data, matched } = report.details(event);
  const starred = state.stars.includes(event.id);
  const chains = report.subscriptionsOf.get(event.id) ?? [];
  const place = `${event.record === null ? `#${event.index}` : `record ${event.record}`} of ${event.file}, offset ${offset}`;
  return (
    <aside class="detail" id="detail" aria-label="The open event">
      <div class="row wrap head">
        <Level rank={event.rank} />
        <strong class="time">{clockText(event, state.local)}</strong>
        <Button
          onClick={() => change({ stars: starred ? state.stars.filter((id) => id !== event.id) : [...state.stars, event.id] })}
          pressed={starred}
          title="Star: printed whole (s)"
        >
          {starred ? '★ starred' : '☆ star'}
        </Button>
        {event.hits[0] !== undefined && (
          <Button
            onClick={() =>
              change({ query: `${state.query} ${termText('rule', report.head.rules[event.hits[0]!.rule]!.title, true)}`.trim() })
            }
            title="Without events of its first rule (x)"
          >
            exclude
          </Button>
        )}
        <Button class="close" onClick={() => open(null)} title="Close (Esc)">
          ✕
        </Button>
      </div>
      <p class="quiet">
        <Line text={`${event.label} on ${event.host || 'an unnamed computer'}; ${place}`} />
        {recovered && where === '' && <strong> · recovered from slack space</strong>}
        {where !== '' && <strong> · {visibleText(where)}</strong>}
        {copies.length > 0 && <Line text={`; also in ${copies.join(', ')}`} />} · event <code>{event.id}</code> · incident{' '}
        <code>{report.head.incidents[event.incident]!.id}</code>
      </p>
      <p class="summary">
        <Value text={event.who === '' ? event.text : `${event.who}: ${event.text}`} />
      </p>
      {event.reason !== '' && (
        <p class="quiet">
          No rule matched it; it is shown as <Line text={event.reason} />.
        </p>
      )}
      {chains.map((chain) => (
        <section class="subscription" key={chain.filter.name + chain.consumer.name}>
          <h3>WMI subscription</h3>
          <Subscription chain={chain} open={open} current={event.id} />
        </section>
      ))}
      {event.hits.map((hit, i) => (
        <Hit
          key={`${hit.rule} ${hit.alert}`}
          report={report}
          hit={hit}
          fields={matched[i]!}
          event={event}
          said={event.hits.slice(0, i).flatMap(({ alert }) => report.head.alerts[alert]?.notes ?? [])}
        />
      ))}
      {decoded?.map(({ field, layer, text }, i) => (
        <section key={i}>
          <h3>
            <Line text={`Decoded from ${field}${layer === 1 ? '' : `, layer ${layer}`}`} />
          </h3>
          <pre>{visibleLines(text)}</pre>
        </section>
      ))}
      <ProcessTree report={report} event={event} open={open} />
      <Lookback report={report} state={state} event={event} open={open} />
      <section>
        <h3>The whole event</h3>
        <FieldTable values={data} event={event} />
        <details>
          <summary>System</summary>
          <FieldTable
            values={{ Provider_Name: event.provider, Channel: event.channel, EventID: String(event.eventId), ...system }}
            event={event}
          />
        </details>
      </section>
    </aside>
  );
}

interface HitProps extends Pick<ViewProps, 'report'> {
  readonly hit: PageHit;
  readonly fields: readonly PageField[];
  readonly event: ReportEvent;
  /** Notes that are shown already with another rule of the event. */
  readonly said: readonly string[];
}

function Hit({ report, hit, fields, event, said }: HitProps) {
  const rule = report.head.rules[hit.rule]!;
  const alert = report.head.alerts[hit.alert];
  const correlation = hit.correlation === null ? null : report.head.correlations[hit.correlation]!;
  const notes = alert?.notes.filter((note) => !said.includes(note)) ?? [];
  const silence = silencingFilter(rule, fields, event.host);
  return (
    <section class="hit">
      <h3>
        <Level rank={levelPlace(rule.level)} /> <Line text={rule.title} />
      </h3>
      <p class="quiet">
        {rule.status !== null && <Line text={`${rule.status} · `} />}
        <Line text={`via ${hit.via} · ${rule.path}`} /> · alert <code>{hit.alert}</code>
        {alert !== undefined &&
          alert.count > 1 &&
          ` · ${counted(alert.count, 'match')} in this alert, the last at ${timeText(alert.last)}`}
      </p>
      {rule.description !== null && <p>{visibleLines(rule.description.trim())}</p>}
      {correlation !== null && (
        <p>
          <Line
            text={`${correlation.type}: count ${correlation.count}, ${counted(correlation.records, 'record')}, ${rangeText(correlation.from, correlation.to)}`}
          />
          {Object.entries(correlation.group).map(([name, value]) => (
            <span key={name} class="tag">
              <Line text={`${name}=${value}`} />
            </span>
          ))}
        </p>
      )}
      {fields.length > 0 && (
        <table class="fields">
          <tbody>
            {fields.map(({ name, value, words, ranges, patterns }) => (
              <tr key={name + value}>
                <th>
                  <Line text={name} />
                </th>
                <td>
                  <Marked value={value} ranges={ranges} />
                  {words !== null && <Line text={` (${words})`} />}
                  {patterns.length > 0 && (
                    <div class="quiet">
                      <Line text={patterns.join(' · ')} />
                    </div>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note}>{visibleLines(note)}</li>
          ))}
        </ul>
      )}
      {rule.falsepositives.length > 0 && (
        <p class="quiet">
          Known false positives: <Line text={rule.falsepositives.join('; ')} />
        </p>
      )}
      <p class="tags">
        {rule.tags.map((tag) => (
          <span key={tag} class="tag">
            <Line text={tag} />
          </span>
        ))}
      </p>
      {silence !== null && (
        <details>
          <summary>A filter that would silence this</summary>
          <p class="quiet">Save it beside the rules; narrow it before.</p>
          <pre>{visibleLines(silence)}</pre>
        </details>
      )}
    </section>
  );
}

function Marked({ value, ranges }: { readonly value: string; readonly ranges: PageField['ranges'] }) {
  const parts = [];
  let at = 0;
  for (const [start, end] of ranges) {
    parts.push(visibleLines(value.slice(at, start)), <mark key={start}>{visibleLines(value.slice(start, end))}</mark>);
    at = end;
  }
  return (
    <span class="value">
      {parts}
      {visibleLines(value.slice(at))}
    </span>
  );
}

/** The related events of all alerts of an event, each once. */
function Lookback({
  report,
  state,
  event,
  open,
}: Pick<ViewProps, 'report' | 'state' | 'open'> & { readonly event: ReportEvent }) {
  const lookbacks = event.hits
    .map(({ alert }) => report.head.alerts[alert]?.lookback ?? null)
    .filter((lookback) => lookback !== null);
  if (lookbacks.length === 0) {
    const limited = event.hits.length > 0 && Object.values(report.head.alerts).some(({ lookback }) => lookback !== null);
    return limited ? (
      <p class="quiet">What was around it was not looked up: too many alerts are more severe or came first.</p>
    ) : null;
  }
  const ties = new Map<string, string>();
  for (const { related, after } of lookbacks)
    for (const [id, reason] of [...related, ...after]) if (id !== event.id) ties.set(id, reason);
  const rows = [...ties].flatMap(([id, reason]) => {
    const other = report.byId.get(id);
    return other === undefined ? [] : [{ other, reason }];
  });
  rows.sort((a, b) => (a.other.us ?? 0) - (b.other.us ?? 0));
  const { window } = lookbacks[0]!;
  const events = Math.max(...lookbacks.map((lookback) => lookback.events));
  return (
    <section>
      <h3>Around it</h3>
      <p class="quiet">
        {counted(events, 'event')} in the {window} before; {rows.length} related, before and after
      </p>
      {lookbacks.some(({ capped }) => capped) && <p class="attention">There were more events than could be kept.</p>}
      <table class="around">
        <tbody>
          {rows.map(({ other, reason }) => (
            <tr key={other.id} onClick={() => open(other.id)} class={other.rank === 0 ? 'related' : ''}>
              <td class="time" title={clockText(other, state.local)}>
                {relativeTime(isoToUs(other.time), isoToUs(event.time))}
              </td>
              <td>
                <Line text={other.label} />
              </td>
              <td class="value">
                <Line text={other.text.slice(0, 300)} />
                <div class="quiet">{visibleText(reason)}</div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
