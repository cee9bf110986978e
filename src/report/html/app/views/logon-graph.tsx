/** A graph of logons: sources on the left, targets on the right, and a line for each kind of logon between two of them. */
import { useRef } from 'preact/hooks';
import { wordsOf } from '../../../dictionary/words.ts';
import { visibleText } from '../../../sanitize.ts';
import { counted } from '../../../wording.ts';
import type { PageLogon } from '../../page-data.ts';
import { Line, type ViewProps } from './parts.tsx';
import { useWidth } from './use-width.ts';

/** Limit on the lines that are drawn. The table has all logons. */
const MAX_EDGES = 80;
const STEP = 30;
/** Words for the EventIDs of events that have no LogonType. */
const EVENTS: Readonly<Record<string, string>> = {
  4648: 'explicit credentials',
  4768: 'Kerberos TGT',
  4769: 'Kerberos service ticket',
  4771: 'Kerberos pre-authentication',
  4776: 'NTLM',
};

function typeText(type: string): string {
  const name = EVENTS[type] ?? wordsOf('LogonType', type, { Channel: 'Security', EventID: null });
  return name === null ? type : `${name} (${type})`;
}

export function LogonGraph({ report, state }: ViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = Math.max(320, useWidth(frame));
  const logons = report.head.logons.filter(({ from, to }) => state.host === '' || from === state.host || to === state.host);
  const drawn = logons.slice(0, MAX_EDGES);
  const sources = [...new Set(drawn.map(({ from }) => from))];
  const targets = [...new Set(drawn.map(({ to }) => to))];
  const y = (names: readonly string[], name: string): number => (names.indexOf(name) + 0.5) * STEP;
  const height = Math.max(sources.length, targets.length) * STEP;
  const [left, right] = [Math.min(220, width * 0.34), width - Math.min(220, width * 0.34)];
  const name = (text: string): string => {
    const fits = Math.floor((left - 14) / 7.2);
    const shown = visibleText(text);
    return shown.length > fits ? `${shown.slice(0, fits - 1)}…` : shown;
  };
  return (
    <div class="panel">
      <div ref={frame} />
      <h2>Logons between hosts</h2>
      {logons.length === 0 ? (
        <p class="empty">
          {state.host === '' ? 'No event of this report is a logon' : 'No logon from or to this host is one'} from another
          machine.
        </p>
      ) : (
        <>
          <p class="quiet">
            From matched and related events. A line is as wide as it is frequent; orange: remote desktop, or with other
            credentials; red: all failed.
          </p>
          <svg class="graph" width={width} height={height} role="img" aria-label="Logons from the left to the right">
            {drawn.map((logon) => (
              <path
                key={keyOf(logon)}
                class={logon.failed === logon.count ? 'edge failed' : `edge type-${logon.type}`}
                d={`M${left},${y(sources, logon.from)}C${(left + right) / 2},${y(sources, logon.from)} ${(left + right) / 2},${y(targets, logon.to)} ${right},${y(targets, logon.to)}`}
                stroke-width={1 + Math.min(6, Math.log2(logon.count + 1))}
              >
                <title>{visibleText(edgeText(logon))}</title>
              </path>
            ))}
            {sources.map((source) => (
              <text key={source} x={left - 8} y={y(sources, source) + 4} text-anchor="end">
                <title>{visibleText(source)}</title>
                {name(source)}
              </text>
            ))}
            {targets.map((target) => (
              <text key={target} x={right + 8} y={y(targets, target) + 4}>
                <title>{visibleText(target)}</title>
                {name(target)}
              </text>
            ))}
          </svg>
          <div class="wide">
            <table class="numbers">
              <thead>
                <tr>
                  <th>From</th>
                  <th>To</th>
                  <th>Kind</th>
                  <th class="number">Logons</th>
                  <th class="number">Failed</th>
                  <th>Accounts</th>
                </tr>
              </thead>
              <tbody>
                {logons.map((logon) => (
                  <tr key={keyOf(logon)}>
                    <td>
                      <Line text={logon.from} />
                    </td>
                    <td>
                      <Line text={logon.to} />
                    </td>
                    <td>
                      <Line text={typeText(logon.type)} />
                    </td>
                    <td class="number">{logon.count}</td>
                    <td class="number">{logon.failed}</td>
                    <td>
                      <Line text={logon.users.join(', ')} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </div>
  );
}

function keyOf({ from, to, type }: PageLogon): string {
  return JSON.stringify([from, to, type]);
}

function edgeText({ from, to, type, count, failed, users }: PageLogon): string {
  const failures = failed === 0 ? '' : `, ${failed} failed`;
  return `${from} to ${to}: ${counted(count, 'logon')}${failures}, ${typeText(type)}; ${users.join(', ')}`;
}
