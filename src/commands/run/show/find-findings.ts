/**
 * Finds alerts and incidents by their ids. In: the beginnings of ids, logs, and the flags of the scan that printed them. Out: what the
 * report for reading says of each, and the ids of its events. Refuses nothing; an id that is not found is left out.
 */
import { Chalk } from 'chalk';
import type { Incident } from '../../../model/incident.ts';
import type { Alert } from '../../../model/match.ts';
import { getOrInsert } from '../../../model/values/maps.ts';
import { ShownContext } from '../../../report/context/shown-context.ts';
import type { ScanReport } from '../../../report/reporter.ts';
import { ruleGroups } from '../../../report/rule-groups.ts';
import { type Canvas, groupLines } from '../../../report/terminal/alert-lines.ts';
import { incidentLines } from '../../../report/terminal/incident-lines.ts';
import { incidentViews } from '../../../report/terminal/incident-view.ts';
import { loadTextWidths } from '../../../report/text-layout.ts';
import type { CommandContext } from '../../command.ts';
import type { FlagValues } from '../../flags/flag.ts';
import type { ShowFlags } from '../../flags/show-flags.ts';
import { coloured } from '../../output/terminal.ts';
import { requestOf } from '../scan/run-scan.ts';
import { scanEngine } from '../scan/scan-engine.ts';
import { triageWith } from '../triage/triage-engine.ts';
import { linesOf } from './shown-form.ts';

/** What an id stands for. */
export interface Finding {
  readonly kind: 'event' | 'alert' | 'incident';
  readonly id: string;
  /** '' where the events say all that there is to say. */
  readonly heading: string;
  /** Ids. */
  readonly events: readonly string[];
}

/** As the report for reading without a terminal. */
const WIDTH = 100;

export async function findingsOf(
  context: CommandContext,
  ids: readonly string[],
  logs: readonly string[],
  /** True when the logs are in disk images, so that triage has printed the ids. */
  ofTriage: boolean,
  flags: FlagValues<ShowFlags>,
): Promise<readonly Finding[]> {
  const hooks = { onProgress: () => {}, onPhase: () => {}, onMatches: undefined };
  const request = requestOf(logs, flags);
  const result = ofTriage
    ? await triageWith(request, context, hooks, { ...flags, hash: false })
    : await scanEngine(request, context, hooks);
  try {
    await loadTextWidths();
    const width = context.stdout.isTTY ? context.stdout.columns : WIDTH;
    const canvas = { paint: new Chalk({ level: coloured(context, flags) ? 1 : 0 }), width };
    const wanted = (id: string): boolean => ids.some((start) => id.startsWith(start));
    return [
      ...result.incidents.filter(({ id }) => wanted(id)).map((incident) => incidentFinding(incident, result, canvas)),
      ...alertFindings(result, wanted, canvas),
    ];
  } finally {
    result.close();
  }
}

function incidentFinding(incident: Incident, report: ScanReport, canvas: Canvas): Finding {
  const view = incidentViews({ ...report, incidents: [incident] })[0]!;
  const number = report.incidents.indexOf(incident) + 1;
  const events = [...incident.events()].filter(({ hits }) => hits.length > 0).map(({ id }) => id);
  const heading = linesOf(incidentLines(view, number, true, canvas));
  return { kind: 'incident', id: incident.id, heading, events };
}

/** An incident names the alert of each match, also where there are too many alerts to report. */
function alertFindings(report: ScanReport, wanted: (id: string) => boolean, canvas: Canvas): readonly Finding[] {
  const events = new Map<string, Set<string>>();
  for (const incident of report.incidents) {
    for (const event of incident.events()) {
      for (const { alert } of event.hits) {
        if (wanted(alert)) getOrInsert(events, alert, () => new Set()).add(event.id);
      }
    }
  }
  return [...events].map(([id, ofAlert]) => {
    const alert = report.alerts.find((one) => one.id === id);
    return { kind: 'alert', id, heading: alert === undefined ? '' : alertText(alert, report, canvas), events: [...ofAlert] };
  });
}

function alertText(alert: Alert, report: ScanReport, canvas: Canvas): string {
  const [group] = ruleGroups({ ...report, alerts: [alert] });
  return linesOf(groupLines(group!, 1, new ShownContext(report.alerts), canvas));
}
