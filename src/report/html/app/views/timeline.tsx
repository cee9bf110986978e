/**
 * A lane of dots for each host over time. A dot stands for the events within a few pixels: its size shows their number, its
 * colour their highest level. Dragging chooses a range of time.
 */
import { useMemo, useRef, useState } from 'preact/hooks';
import { visibleText } from '../../../sanitize.ts';
import { shortHostNames } from '../../../summaries/short-host-names.ts';
import { counted } from '../../../wording.ts';
import { axisTicks } from '../data/axis-ticks.ts';
import { frequent, LEVEL_NAMES, type ReportEvent } from '../data/model.ts';
import { type TimeScale, timeScale } from '../data/time-scale.ts';
import { Button, usText, type ViewProps } from './parts.tsx';
import { useWidth } from './use-width.ts';

const LANE = 20;
const AXIS = 18;
const BUCKET = 7;
/** A shorter drag is a click. */
const MIN_DRAG = 4;
/** Limit on the hosts that have lanes. The others are counted. */
const MAX_LANES = 60;

interface Dot {
  readonly host: string;
  readonly x: number;
  readonly lane: number;
  rank: number;
  count: number;
  fromUs: number;
  toUs: number;
}

export function Timeline({ report, state, change, events }: ViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const short = useMemo(() => shortHostNames(report.hosts), [report]);
  const width = useWidth(frame);
  const labels = width < 640 ? 84 : 150;
  const inner = Math.max(50, width - labels - 12);
  const { scale, hosts, dots, timeless } = useMemo(() => drawn(events, inner), [events, inner]);
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  if (width === 0 || scale.stretches.length === 0)
    return (
      <section class="timeline">
        <div class="lanes">
          <div ref={frame} />
        </div>
      </section>
    );
  const at = (event: PointerEvent): number => event.clientX - svg.current!.getBoundingClientRect().left - labels;
  const height = hosts.length * LANE;
  const finish = (): void => {
    if (drag === null) return;
    const [a, b] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
    setDrag(null);
    if (b - a >= MIN_DRAG) change({ fromUs: scale.us(Math.max(0, a)), toUs: scale.us(Math.min(inner, b)) });
  };
  const [first, last] = [scale.stretches[0]!.fromUs, scale.stretches.at(-1)!.toUs];
  const clears = report.head.clears.filter(({ us, host }) => us >= first && us <= last && hosts.includes(host));
  return (
    <section class="timeline" aria-label="Events over time, by host">
      <div class="lanes">
        <div ref={frame} />
        <svg
          ref={svg}
          width={width}
          height={height}
          role="img"
          aria-label="One lane per host; drag to choose a time"
          onPointerDown={(event) => {
            if (event.button !== 0 || at(event) < 0) return;
            svg.current!.setPointerCapture(event.pointerId);
            setDrag({ from: at(event), to: at(event) });
          }}
          onPointerMove={(event) => drag !== null && setDrag({ ...drag, to: at(event) })}
          onPointerUp={(event) => {
            const clicked = drag !== null && Math.abs(drag.to - drag.from) < MIN_DRAG;
            const dot = clicked ? dotAt(dots, at(event), event.clientY - svg.current!.getBoundingClientRect().top) : undefined;
            finish();
            if (dot !== undefined) change({ host: dot.host, fromUs: dot.fromUs, toUs: dot.toUs });
          }}
        >
          {scale.stretches.map(({ x, width: wide }) => (
            <rect key={x} class="stretch" x={labels + x - 2} y={0} width={wide + 4} height={height} />
          ))}
          {hosts.map((host, lane) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: the list of hosts in the bar does the same by keys.
            <g key={host} class="lane" onClick={() => change({ host: state.host === host ? '' : host })}>
              <title>{visibleText(host)}</title>
              <rect class="hit" x={0} y={lane * LANE} width={labels - 4} height={LANE} />
              <svg x={0} y={lane * LANE} width={labels - 4} height={LANE} aria-hidden="true">
                <text x={0} y={14}>
                  {laneName(short(host), labels)}
                </text>
              </svg>
              <line x1={labels} x2={labels + inner} y1={lane * LANE + LANE / 2} y2={lane * LANE + LANE / 2} />
            </g>
          ))}
          {dots.map((dot) => (
            <circle
              key={`${dot.lane} ${dot.x}`}
              class={`dot ${LEVEL_NAMES[dot.rank]}`}
              cx={labels + dot.x}
              cy={dot.lane * LANE + LANE / 2}
              r={Math.min(8, 3 + Math.log2(dot.count))}
            >
              <title>{`${visibleText(dot.host)}, ${usText(dot.fromUs, state.local)}: ${counted(dot.count, 'event')}, ${LEVEL_NAMES[dot.rank]}`}</title>
            </circle>
          ))}
          {clears.map(({ us, host, log, user }) => (
            <path key={`${us} ${host} ${log}`} class="clear" d={clearMark(labels + scale.x(us), hosts.indexOf(host) * LANE)}>
              <title>
                {visibleText(`${log || 'a log'} cleared by ${user ?? 'an unnamed account'}, ${usText(us, state.local)}`)}
              </title>
            </path>
          ))}
          {drag !== null && (
            <rect
              class="brush"
              x={labels + Math.min(drag.from, drag.to)}
              y={0}
              width={Math.abs(drag.to - drag.from)}
              height={height}
            />
          )}
        </svg>
      </div>
      <Axis scale={scale} offset={labels} local={state.local} width={inner} />
      <p class="quiet hint">
        Drag to choose a time, click a dot or a host. {clears.length > 0 && '✕ a log was cleared. '}
        {timeless > 0 && `${counted(timeless, 'event')} without a time. `}
        {state.fromUs !== null && <Button onClick={() => change({ fromUs: null, toUs: null })}>all times</Button>}
      </p>
    </section>
  );
}

function drawn(events: readonly ReportEvent[], width: number) {
  const matched = events.filter(({ rank }) => rank > 0);
  const timed = matched.filter(({ us }) => us !== null);
  const scale = timeScale(
    timed.map(({ us }) => us!),
    width,
  );
  const hosts = frequent(timed.map(({ host }) => host))
    .slice(0, MAX_LANES)
    .map(([host]) => host);
  const lanes = new Map(hosts.map((host, lane) => [host, lane]));
  const dots = new Map<string, Dot>();
  for (const { us, host, rank } of timed) {
    const lane = lanes.get(host);
    if (lane === undefined) continue;
    const x = Math.floor(scale.x(us!) / BUCKET) * BUCKET + BUCKET / 2;
    const key = `${lane} ${x}`;
    const dot = dots.get(key) ?? { host, x, lane, rank, count: 0, fromUs: us!, toUs: us! };
    dot.count++;
    dot.rank = Math.max(dot.rank, rank);
    dot.fromUs = Math.min(dot.fromUs, us!);
    dot.toUs = Math.max(dot.toUs, us!);
    dots.set(key, dot);
  }
  // The most severe dots are drawn last, on top of the others.
  return { scale, hosts, dots: [...dots.values()].sort((a, b) => a.rank - b.rank), timeless: matched.length - timed.length };
}

function dotAt(dots: readonly Dot[], x: number, y: number): Dot | undefined {
  const near = dots.filter((dot) => Math.abs(dot.x - x) <= BUCKET && Math.abs(dot.lane * LANE + LANE / 2 - y) <= LANE / 2);
  return near.sort((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x))[0];
}

/** Pixels of a letter, in names of capitals. */
const LETTER = 9;

/** Without its domain, where that is enough. */
function laneName(host: string, width: number): string {
  const shown = visibleText(host) || '(no name)';
  const fits = Math.floor(width / LETTER);
  return shown.length > fits ? `${shown.slice(0, fits - 1)}…` : shown;
}

function clearMark(x: number, y: number): string {
  return `M${x - 4},${y + 6}l8,8m0,-8l-8,8`;
}

/** The times of {@link axisTicks}. They stand below the lanes and not among them, because many lanes scroll. */
function Axis(props: { readonly scale: TimeScale; readonly offset: number; readonly local: boolean; readonly width: number }) {
  const { scale, offset, local, width } = props;
  const ticks = axisTicks(scale, width, (us) => usText(us, local));
  return (
    <svg class="axis" width={offset + width} height={AXIS} aria-hidden="true">
      {ticks.map(({ x, text }) => (
        <g key={x}>
          <line class="tick" x1={offset + x} x2={offset + x} y1={0} y2={4} />
          <text class="tick" x={offset + x} y={13}>
            {text}
          </text>
        </g>
      ))}
    </svg>
  );
}
