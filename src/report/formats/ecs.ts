/**
 * Documents in the Elastic Common Schema, one on each line, as Elasticsearch, Logstash and Filebeat take them. Each is an alert
 * that carries its event. The event's own data are under `winlog`, as Winlogbeat writes them. What ECS has no name for is under
 * `labels`. A document without `@timestamp` has an event without a time.
 */
import type { FieldValue } from '../../model/event.ts';
import type { Correlation } from '../../model/match.ts';
import { LEVELS } from '../../model/rule.ts';
import { eventText } from '../event-text.ts';
import { ruleOf } from '../json-objects.ts';
import { attackTags } from '../other-tools/attack-tags.ts';
import { ecsFields } from '../other-tools/ecs-fields.ts';
import { type FindingIds, findingIds } from '../other-tools/finding-ids.ts';
import { correlationDetails, evidenceText } from '../other-tools/found-cells.ts';
import { foundInTimeOrder } from '../other-tools/time-order.ts';
import { boundRepeats, type WithoutData } from '../repeated-data.ts';
import type { ReportedMatch, Reporter, ScanReport } from '../reporter.ts';
import { printedJson } from '../sanitize.ts';

const ECS_VERSION = '9.4.0';

export const reporter: Reporter = {
  name: 'ecs',
  extension: 'jsonl',
  begins: /^\{"ecs":\{"version":"[^"]*"\},"event":\{"kind":"alert","module":"winnow",/,
  description: 'JSON Lines in the Elastic Common Schema, an alert each',
  *render(report) {
    const idsOf = findingIds(report);
    for (const found of boundRepeats(foundInTimeOrder(report))) {
      const own = found.kind === 'match' ? matchFields(found) : correlationFields(found);
      yield `${printedJson(nested({ ...ruleFields(found, report), ...own, ...idFields(idsOf(found)) }))}\n`;
    }
  },
};

type Fields = Readonly<Record<string, unknown>>;

function ruleFields(found: ReportedMatch | Correlation, report: ScanReport): Fields {
  const { id, title, level, status, description, tags, path } = ruleOf(report, found.rule);
  const { techniques, tactics } = attackTags(tags);
  return {
    'ecs.version': ECS_VERSION,
    'event.kind': 'alert',
    'event.module': 'winnow',
    'event.reason': evidenceText(found),
    'event.severity': level === null ? null : LEVELS.indexOf(level) + 1,
    'rule.id': id,
    'rule.name': title,
    'rule.description': description,
    'rule.ruleset': 'sigma',
    'labels.rule_file': path,
    'labels.rule_level': level,
    'labels.rule_status': status,
    'threat.framework': techniques.length + tactics.length === 0 ? null : 'MITRE ATT&CK',
    'threat.technique.id': techniques.filter((technique) => !technique.includes('.')),
    'threat.technique.subtechnique.id': techniques.filter((technique) => technique.includes('.')),
    'threat.tactic.name': tactics,
    tags,
  };
}

function idFields({ event, alert, incident, state }: FindingIds): Fields {
  return { 'event.id': event ?? alert, 'labels.alert': alert, 'labels.incident': incident, 'labels.state': state };
}

function matchFields({ event, via, dataOmitted }: ReportedMatch & WithoutData): Fields {
  return {
    '@timestamp': event.TimeCreated,
    message: eventText(event),
    'event.dataset': 'winnow.match',
    'event.code': event.EventID === null ? null : String(event.EventID),
    'event.provider': event.Provider,
    'host.name': event.Computer,
    'log.file.path': event.file,
    'labels.via': via,
    'labels.data_omitted': dataOmitted === true ? 'true' : null,
    ...ecsFields(event),
    'winlog.channel': event.Channel,
    'winlog.computer_name': event.Computer,
    'winlog.event_id': event.EventID === null ? null : String(event.EventID),
    'winlog.provider_name': event.Provider,
    'winlog.record_id': event.EventRecordID === null ? null : String(event.EventRecordID),
    'winlog.event_data': eventData(event.data),
  };
}

function correlationFields(correlation: Correlation): Fields {
  return {
    '@timestamp': correlation.from,
    message: correlationDetails(correlation),
    'event.dataset': 'winnow.correlation',
    'event.start': correlation.from,
    'event.end': correlation.to,
    'host.name': correlation.computer,
    'log.file.path': correlation.events[0]?.file ?? null,
    'labels.correlation_type': correlation.type,
    'labels.correlation_count': String(correlation.count),
  };
}

/** Elasticsearch would read a point in a name as an object, and refuses an empty name. */
function eventData(data: Readonly<Record<string, FieldValue>>): Fields {
  const entries = Object.entries(data).map(([name, value]) => [name.replaceAll('.', '_') || '_', value]);
  return Object.fromEntries(entries);
}

/** `{'a.b': 1}` -> `{a: {b: 1}}`; empty values are left out. The names are those of this format, never from a log. */
function nested(fields: Fields): Fields {
  const root: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(fields)) {
    if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    const names = path.split('.');
    const last = names.pop()!;
    let at = root;
    for (const name of names) {
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return root;
}
