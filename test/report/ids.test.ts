/**
 * The ids of what a format lists stand in it, the same in every format (`omits` of the format says what it does not list); and in a
 * triage the state of a record that no live log has.
 */
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { eventIdOf } from '../../src/model/event-id.ts';
import type { EvidencePlace } from '../../src/model/evidence.ts';
import { reporters as formats } from '../../src/report/formats/registry.generated.ts';
import type { ScanReport } from '../../src/report/reporter.ts';
import { sampleReport } from './sample-report.ts';

const reporters = await Promise.all(formats.map(({ load }) => load()));
for (const reporter of reporters) await reporter.prepare?.({ lookback: true });

/** All text of a format; of a page the data that is packed in it as well. */
function render(name: string, report: ScanReport): string {
  const reporter = reporters.find((candidate) => candidate.name === name)!;
  const pieces = [...reporter.render(report, { width: 120, colour: false, full: true })];
  const text = pieces.map((piece) => Buffer.from(piece as string).toString('utf8')).join('');
  const packed = [...text.matchAll(/data-bytes="\d+">([\w+/=]*)</g)].map(([, data = '']) =>
    inflateSync(Buffer.from(data, 'base64')),
  );
  return [text, ...packed].join('\n');
}

const [incident] = sampleReport.incidents;
const [alert] = sampleReport.alerts;
const [match] = [...sampleReport.matches()];
const correlation = sampleReport.alerts.find((one) => one.match.kind === 'correlation')!;

describe.each(reporters)('$name', ({ name, extension, omits = [] }) => {
  const text = render(name, sampleReport);
  const digits = extension === 'txt' ? 7 : 12;
  it.runIf(!omits.includes('incidents'))('has the ids of incidents', () => {
    expect(text).toContain(incident!.id.slice(0, digits));
  });
  it.runIf(!omits.includes('events'))('has the ids of events', () => {
    expect(text).toContain(eventIdOf(match!.event).slice(0, digits));
  });
  it.runIf(!omits.includes('alerts'))('has the ids of alerts, those of correlations as well', () => {
    expect(text).toContain(alert!.id.slice(0, digits));
    expect(text).toContain(correlation.id.slice(0, digits));
  });
});

describe('the state of a record', () => {
  const place: EvidencePlace = {
    image: 'disk.raw',
    volume: 'p1',
    snapshot: { number: 3, created: '2026-01-01T00:00:00Z' },
    state: 'shadow',
    mftRecord: null,
    path: '\\Security.evtx',
    diskOffset: null,
  };
  const evidence = (state: EvidencePlace['state']) => ({ ...place, state });
  const triage = (state: EvidencePlace['state']): ScanReport => ({
    ...sampleReport,
    *matches(order) {
      for (const one of sampleReport.matches(order)) yield { ...one, evidence: evidence(state) };
    },
    *matchTexts() {
      for (const one of sampleReport.matchTexts()) yield { ...one, evidence: evidence(state) };
    },
    alerts: sampleReport.alerts.map((one) => ({
      ...one,
      notes: state === 'live' ? [] : ['This record is only in shadow copy 3'],
    })),
    incidents: sampleReport.incidents.map((one) => ({
      ...one,
      *events() {
        for (const event of one.events()) yield { ...event, evidence: evidence(state) };
      },
    })),
  });
  it.each(reporters.filter(({ omits = [] }) => !omits.includes('events')))('is in $name', ({ name }) => {
    const text = render(name, triage('shadow'));
    // The objects of JSON Lines have the state and the number of the copy apart.
    expect(text).toMatch(/shadow (?:copy )?3|"number":3,.*"state":"shadow"/);
    expect(render(name, triage('live'))).not.toMatch(/shadow (?:copy )?3/);
  });
});
