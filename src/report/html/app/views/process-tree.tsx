/** The process tree of an event: its first ancestor in the report, and all descendants of that ancestor which the report has. */
import type { Report, ReportEvent } from '../data/model.ts';
import { Level, Line } from './parts.tsx';

/** Limit on the events that are shown. The rest is counted. */
const MAX_NODES = 200;

interface Node {
  readonly event: ReportEvent;
  readonly depth: number;
}

export function ProcessTree({
  report,
  event,
  open,
}: {
  readonly report: Report;
  readonly event: ReportEvent;
  readonly open: (id: string) => void;
}) {
  const root = rootOf(report, event);
  const above = text(report, root, ['ParentCommandLine', 'ParentImage', 'ParentProcessName']);
  const nodes = [...descendants(report, root)];
  if (nodes.length === 1 && above === '') return null;
  return (
    <section id="process-tree">
      <h3>Process tree</h3>
      <ul class="tree">
        {above !== '' && (
          <li class="quiet">
            <Line text={above.slice(0, 300)} /> (not in this report)
          </li>
        )}
        {nodes.slice(0, MAX_NODES).map(({ event: each, depth }) => (
          <li
            key={each.id}
            class={each.id === event.id ? 'current' : ''}
            style={{ paddingLeft: `${(depth + (above === '' ? 0 : 1)) * 16}px` }}
          >
            <button type="button" class="link" onClick={() => open(each.id)}>
              <Level rank={each.rank} /> <span class="quiet">{each.label}</span> <Line text={each.text.slice(0, 300)} />
            </button>
          </li>
        ))}
      </ul>
      {nodes.length > MAX_NODES && <p class="quiet">And {nodes.length - MAX_NODES} more.</p>}
    </section>
  );
}

function rootOf(report: Report, event: ReportEvent): ReportEvent {
  let root = event;
  // A parent is earlier than its child, so this ends. The limit is for pages whose data are wrong.
  for (let i = 0; i < 100 && root.parent !== null; i++) root = report.byId.get(root.parent) ?? { ...root, parent: null };
  return root;
}

function* descendants(report: Report, event: ReportEvent, depth = 0): Generator<Node> {
  yield { event, depth };
  if (depth > 50) return;
  for (const child of report.children.get(event.id) ?? []) yield* descendants(report, child, depth + 1);
}

function text(report: Report, event: ReportEvent, names: readonly string[]): string {
  const { data } = report.details(event);
  for (const name of names) {
    const value = data[name];
    if (typeof value === 'string' && value.trim() !== '' && value !== '-') return value;
  }
  return '';
}
