/** The attacks that the rules of the brief are about, from log to alert: what an analyst is shown. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Alert, RelatedEvent } from '../../src/model/match.ts';
import { describeShared, projectRoot, shared } from '../support/shared.ts';
import { type PipelineResult, scanFiles } from './pipeline.ts';

const RULES = [join(projectRoot, 'rules')];

const scan = (file: string, options = {}) => scanFiles([shared('corpus', 'exports', file)], RULES, options);

const alertsOf = ({ alerts, ruleSet }: PipelineResult, name: string): readonly Alert[] =>
  alerts.filter(({ rule }) => ruleSet.rules[rule]!.name === name);

const counts = (result: PipelineResult) => ({
  consumer: alertsOf(result, 'wmi_suspicious_consumer').length,
  filter: alertsOf(result, 'wmi_filter_bound').length,
  sequence: alertsOf(result, 'wmi_subscription_sequence').length,
  partial: alertsOf(result, 'wmi_subscription_partial').length,
});

/** `17:58:23 names "X", process creation: wmic.exe`. */
const told = (events: readonly RelatedEvent[]) =>
  events.map(({ event, reason }) => {
    const image = String(event.data.Image ?? '').replace(/^.*\\/, '');
    return `${event.TimeCreated!.slice(11, 19)} ${reason}${image === '' ? '' : `: ${image}`}`;
  });

describeShared('WMI subscriptions in recorded attacks', () => {
  test.each([
    'xml/wmi-commandline-consumer.events.xml',
    'xml/wmi-commandline-consumer.wevtutil.pretty.xml',
    'xml/wmi-commandline-consumer.wevtutil.utf16.xml',
  ])('one made by wmic and removed again: %s', async (file) => {
    const result = await scan(file);
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['window/covered-correlation']);
    expect(counts(result)).toEqual({ consumer: 1, filter: 1, sequence: 1, partial: 0 });
    const [sequence] = alertsOf(result, 'wmi_subscription_sequence');
    expect([sequence!.computer, sequence!.first, sequence!.last, sequence!.lookback!.events]).toEqual([
      'IEWIN7',
      '2019-05-11T17:58:23.3406596Z',
      '2019-05-11T17:58:39.7469096Z',
      5,
    ]);
    expect(told(sequence!.lookback!.related)).toEqual([
      '17:57:49 same user, process creation: python.exe',
      '17:58:22 same user, process creation: python.exe',
      '17:58:23 names "BotConsumer23", process creation: WMIC.exe',
      '17:58:23 names "BotConsumer23", process creation: WMIC.exe',
      '17:58:23 names "BotFilter82", process creation: WMIC.exe',
    ]);
    expect(told(sequence!.lookback!.after)).toEqual([
      '17:58:50 started by the WMI provider host, process creation: cmd.exe',
      '17:58:54 names "BotConsumer23", process creation: WMIC.exe',
      '17:58:54 WMI name "BotConsumer23", WMI consumer',
      '17:58:54 WMI name "BotFilter82", WMI filter',
      '17:58:55 names "BotFilter82", process creation: WMIC.exe',
      '17:58:55 WMI name "BotConsumer23", WMI binding',
      '17:58:55 names "BotFilter82", process creation: WMIC.exe',
    ]);
    expect(sequence!.notes).toEqual([
      'binding ties filter "BotFilter82" to consumer "BotConsumer23"',
      'names agree: filter "BotFilter82" was registered within the window',
      'names agree: consumer "BotConsumer23" was registered within the window',
      'consumer "BotConsumer23" (Command Line) runs: c:\\Windows\\System32\\cmd.exe · by IEWIN7\\IEUser',
      'consumer "BotConsumer23": Created 17:58:23.340, Deleted 17:58:54.903; removed after 31.6 s',
      'filter "BotFilter82" waits for: SELECT * FROM __InstanceModificationEvent WITHIN 10 WHERE TargetInstance ISA ' +
        "'Win32_PerfFormattedData_PerfOS_System' (in root\\cimv2) · by IEWIN7\\IEUser",
      'filter "BotFilter82": Created 17:58:39.746, Deleted 17:58:54.981; removed after 15.2 s',
    ]);
    const [consumer] = alertsOf(result, 'wmi_suspicious_consumer');
    expect(consumer!.match).toMatchObject({ kind: 'match', event: { EventID: 21, data: { Operation: 'Created' } } });
  });

  test('one that was changed, its filter left as it was', async () => {
    const result = await scan('xml/wmi-ghost.events.xml');
    expect(counts(result)).toEqual({ consumer: 1, filter: 1, sequence: 0, partial: 1 });
    const [partial] = alertsOf(result, 'wmi_subscription_partial');
    expect(told(partial!.lookback!.related)).toEqual(['18:11:54 same user, process creation: WMIGhost.exe']);
    expect(told(partial!.lookback!.after)).toEqual(['18:12:00 runs WMI script consumers, process creation: scrcons.exe']);
    expect(partial!.notes.slice(0, 3)).toEqual([
      'binding ties filter "ProbeScriptFint" to consumer "ProbeScriptFint"',
      'filter "ProbeScriptFint" was not registered within the window',
      'names agree: consumer "ProbeScriptFint" was registered within the window',
    ]);
    expect(partial!.notes[3]).toMatch(/^consumer "ProbeScriptFint" \(Script\) runs: var sXmlUrl="http:/);
  });

  test('one whose binding came two minutes after its filter', async () => {
    const result = await scan('xml/panache-atomic.events.xml');
    expect(counts(result)).toEqual({ consumer: 1, filter: 1, sequence: 1, partial: 0 });
  });

  test('one made from afar: the logon before it and scrcons.exe after it are in view', async () => {
    const result = await scan('nxlog/covenant_wmi_remote_event_subscription.jsonl');
    expect(counts(result)).toEqual({ consumer: 1, filter: 1, sequence: 1, partial: 0 });
    const [sequence] = alertsOf(result, 'wmi_subscription_sequence');
    expect(sequence!.computer).toBe('WORKSTATION6.theshire.local');
    expect(told(sequence!.lookback!.related)).toContain('01:43:49 same user, logon');
    expect(told(sequence!.lookback!.after)).toContain('01:44:10 runs WMI script consumers, process creation: scrcons.exe');
  });

  test('looks the same from a stream that is read once', async () => {
    const file = 'nxlog/covenant_wmi_remote_event_subscription.jsonl';
    expect((await scan(file, { ring: true })).alerts).toEqual((await scan(file)).alerts);
  });

  test('has no look-back where it is switched off', async () => {
    const { alerts } = await scan('xml/wmi-ghost.events.xml', { windowUs: 0, window: '0' });
    expect(alerts.map(({ lookback }) => lookback)).toEqual(alerts.map(() => null));
  });
});
