/** Rules of all sorts find the same where compiled code passes over records for which none holds (`src/wasm/assembly/skim.ts`). */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadRules } from '../../src/sigma/rule/load.ts';
import { compiled, ruleText } from '../engine/match/rules.ts';
import { dependsOn, el, instance, opt, sub, template, v } from '../logs/evtx/support/evtx-writer.ts';
import { evtxFiles } from '../logs/evtx/support/peers.ts';
import { describeShared, shared } from '../support/shared.ts';
import { sieve } from './support.ts';
import { counted, expectSame, logOf, ODD, ruleSetOf, Scanners, Sums, same, scanBoth } from './support-skim.ts';

/** Kinds of records are few for each layout until everything is forgotten: what one test takes is nothing to the next. */
beforeEach(() => sieve.forget());

describe('rules of all sorts', () => {
  const values = ['x', 'evil', 'é', '', v.nothing(), v.uint32(4), v.strings('x', 'evil'), 'Ω evil', 'x'.repeat(1100), 'evil\0'];
  const specs = counted(1000, (i) => ({
    a: values[(i >> 2) % 10]!,
    b: values[(i >> 3) % 7]!,
    channel: ['Security', 'System'][(i >> 6) % 2]!,
  }));

  const cases: Record<string, string> = {
    keywords: 'k: [evil]\ncondition: k',
    'keywords that no event has': 'k: [none of it]\ncondition: k',
    'another field': 'a: {A|fieldref: B}\nb: {A: evil}\ncondition: a and b',
    'an absent field': 'a: {C: null}\nb: {A: evil}\ncondition: a and b',
    'an empty field': 'a: {A: null, B|exists: true}\ncondition: a',
    'a field that is not there': 'a: {C|exists: true}\ncondition: a',
    'what is not there, without anchors': 'a: {A|contains: x}\nb: {B: [x, y]}\ncondition: not (a or b)',
    'regular expressions': "a: {A|re: '^.*v[i]l$'}\ncondition: a",
    numbers: 'a: {A|gt: 3}\ncondition: a',
  };
  for (const [name, detection] of Object.entries(cases)) {
    test(`ask for ${name}`, () => {
      expectSame(scanBoth(logOf(specs, 20), compiled(ruleText(detection))), { passed: 0 });
    });
  }

  const process = (name: string) => el('Data', { Name: name }, opt(name.length % 3));
  const started = template(el('EventData', {}, process('NewProcessName'), process('ParentProcessName'), process('CommandLine')));
  const PROCESS = compiled(
    [
      ruleText("a: {Image|endswith: '\\evil.exe'}\ncondition: a", 'product: windows, category: process_creation'),
      ruleText("a: {NewProcessName|endswith: '\\evil.exe', EventID: 4688}\ncondition: a", 'product: windows, service: security'),
    ].join('---\n'),
  );

  test('look at Security 4688 both as it is and as a process creation', () => {
    const log = logOf(
      counted(400, (i) => ({
        id: 4688,
        channel: 'Security',
        provider: 'Microsoft-Windows-Security-Auditing',
        section: instance(
          started,
          v.string('-'),
          i % 5 === 0 ? v.nothing() : v.string('x'),
          v.string(i % 40 ? 'C:\\a.exe' : 'C:\\evil.exe'),
        ),
      })),
    );
    expectSame(scanBoth(log, PROCESS), { passed: 0.8 });
  });

  test('ask which provider wrote the event', () => {
    const writers = ['Microsoft-Windows-Sysmon', 'Microsoft-Windows-Security-Auditing'];
    const log = logOf(
      counted(300, (i) => ({ provider: writers[i % 2]!, channel: ['', 'ForwardedEvents', 'x'][i % 3]!, a: 'evil' })),
    );
    expectSame(scanBoth(log, compiled(ruleText('a: {A: evil}\ncondition: a', 'product: windows, service: sysmon'))), {
      passed: 0,
    });
  });

  test('ask what kind of registry event it is', () => {
    const set = template(
      el('EventData', {}, el('Data', { Name: 'EventType' }, sub(0)), dependsOn(1, el('Data', { Name: 'TargetObject' }, sub(1)))),
    );
    const log = logOf(
      counted(600, (i) => ({
        id: [12, 13, 14][i % 3]!,
        channel: 'Microsoft-Windows-Sysmon/Operational',
        section: instance(
          set,
          v.string(['SetValue', 'CreateKey'][i % 2]!),
          i % 7 === 0 ? v.nothing() : v.string(i % 11 ? 'HKLM\\x' : 'HKLM\\evil'),
        ),
      })),
    );
    const text = ruleText('a: {TargetObject|endswith: evil}\ncondition: a', 'product: windows, category: registry_set');
    expectSame(scanBoth(log, compiled(text)));
  });
});

describeShared('on the corpus', () => {
  test('the rules of SigmaHQ find the same in every log', { timeout: 60_000 }, () => {
    const scanners = new Scanners(ruleSetOf(loadRules([shared('corpus', 'sigmahq')]).rules));
    const sums = new Sums();
    for (const file of evtxFiles(shared('corpus')))
      sums.add(same(scanners.scan(readFileSync(file), { blocks: ODD }), basename(file)));
    expect(sums.matches).toBeGreaterThan(1000);
    expect(sums.passed).toBeGreaterThan(0.35 * sums.records);
  });
});
