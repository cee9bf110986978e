/**
 * Bodies for Splunk's HTTP Event Collector (`/services/collector/event`), one on each line. They have time, host and source under
 * Splunk's names, and `event` as in JSON Lines, without the look-back. Splunk gives an event without a time that of its arrival.
 */
import type { Correlation } from '../../model/match.ts';
import { correlationObject, ruleObject, ruleOf } from '../json-objects.ts';
import { type FindingIds, findingIds } from '../other-tools/finding-ids.ts';
import { foundInTimeOrder } from '../other-tools/time-order.ts';
import { boundRepeats, type WithoutData } from '../repeated-data.ts';
import type { ReportedMatch, Reporter, ScanReport } from '../reporter.ts';
import { printedJson } from '../sanitize.ts';

export const reporter: Reporter = {
  name: 'splunk-hec',
  extension: 'jsonl',
  begins: /^\{(?:"time":[\d.]+,)?"host":"(?:[^"\\]|\\.)*","source":"(?:[^"\\]|\\.)*","sourcetype":"winnow:/,
  description: "one body for Splunk's HTTP Event Collector a line",
  *render(report) {
    const idsOf = findingIds(report);
    for (const found of boundRepeats(foundInTimeOrder(report))) {
      yield `${printedJson(found.kind === 'match' ? matchBody(found, report) : correlationBody(found, report, idsOf(found)))}\n`;
    }
  },
};

function matchBody(match: ReportedMatch & WithoutData, report: ScanReport) {
  const { rule, via, event, fields, eventId, alert, incident, evidence, dataOmitted } = match;
  const { system: _, timeUs, ...shown } = event;
  return {
    ...(Number.isNaN(timeUs) ? {} : { time: timeUs / 1e6 }),
    host: event.Computer,
    source: event.file,
    sourcetype: 'winnow:match',
    event: {
      kind: 'match',
      rule: ruleObject(ruleOf(report, rule)),
      via,
      event: { ...shown, id: eventId, ...(dataOmitted === true ? { dataOmitted } : {}) },
      fields,
      ...(evidence === undefined ? {} : { evidence }),
      ...(alert === null ? {} : { alert, incident }),
    },
  };
}

function correlationBody(correlation: Correlation, report: ScanReport, { alert, incident }: FindingIds) {
  const { lookback: _, ...shown } = correlationObject(correlation, report, undefined);
  return {
    time: correlation.fromUs / 1e6,
    host: correlation.computer,
    source: correlation.events[0]?.file ?? '',
    sourcetype: 'winnow:correlation',
    event: { ...shown, ...(alert === null ? {} : { alert, incident }) },
  };
}
