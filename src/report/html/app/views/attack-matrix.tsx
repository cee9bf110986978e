/**
 * The part of ATT&CK that the tags of matched rules name: a column for each tactic, with the techniques of rules that name both.
 */
import { counted } from '../../../wording.ts';
import { LEVEL_NAMES, type ReportEvent, tacticName, techniqueName } from '../data/model.ts';
import { Button, type ViewProps } from './parts.tsx';

interface Cell {
  readonly technique: string;
  events: number;
  rank: number;
}

export function AttackMatrix({ report, state, change, events }: ViewProps) {
  const columns = columnsOf(report.head.rules, events, report.head.tactics);
  return (
    <div class="panel">
      <h2>ATT&CK</h2>
      {columns.length === 0 && <p class="empty">No rule that matched these events names a tactic.</p>}
      {columns.length > 0 && (
        <p class="quiet">As rules are tagged: a technique stands below each tactic that the same rule names.</p>
      )}
      <div class="matrix wide">
        {columns.map(({ tactic, cells, events: count }) => (
          <div key={tactic} class="column">
            <Button
              class="tactic"
              pressed={state.tactic === tactic}
              onClick={() => change({ tactic: state.tactic === tactic ? '' : tactic })}
              title="Only events of this tactic"
            >
              {tactic} <small>{count}</small>
            </Button>
            {cells.map(({ technique, events: hits, rank }) => (
              <Button
                key={technique}
                class={`cell ${LEVEL_NAMES[rank]}`}
                onClick={() => change({ query: `tag:${technique.toLowerCase()}`, tab: 'events' })}
                title={`${technique}: ${counted(hits, 'event')}`}
              >
                {technique} <small>{hits}</small>
              </Button>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function columnsOf(rules: ViewProps['report']['head']['rules'], events: readonly ReportEvent[], order: readonly string[]) {
  const columns = new Map(order.map((tactic) => [tactic, { tactic, events: 0, cells: new Map<string, Cell>() }]));
  for (const event of events) {
    const seen = new Set<string>();
    for (const { rule } of event.hits) {
      const { tags } = rules[rule]!;
      for (const tactic of tags.map(tacticName)) {
        const column = columns.get(tactic ?? '');
        if (column === undefined) continue;
        for (const technique of tags.map(techniqueName))
          if (technique !== null) addTo(column.cells, technique, event, seen, `${tactic} ${technique}`);
        if (!seen.has(tactic!)) column.events++;
        seen.add(tactic!);
      }
    }
  }
  return [...columns.values()]
    .filter((column) => column.events > 0)
    .map((column) => ({ ...column, cells: [...column.cells.values()].sort((a, b) => b.rank - a.rank || b.events - a.events) }));
}

/** Counts an event once in each cell, however many rules matched it. */
function addTo(cells: Map<string, Cell>, technique: string, { rank }: ReportEvent, seen: Set<string>, key: string): void {
  if (seen.has(key)) return;
  seen.add(key);
  const cell = cells.get(technique) ?? { technique, events: 0, rank: 0 };
  cells.set(technique, cell);
  cell.events++;
  cell.rank = Math.max(cell.rank, rank);
}
