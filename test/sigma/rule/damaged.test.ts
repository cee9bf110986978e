import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpretRule } from '../../../src/engine/match/interpret.ts';
import { plainEvent } from '../../../src/logs/plain-event.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';
import { tries } from '../../support/random.ts';

const RULES = `title: base
name: base
id: 5638f7c0-ac70-491d-8465-2a65075e0d86
status: test
level: high
tags: [attack.t1059, attack.execution]
logsource: {product: windows, category: process_creation}
detection:
  sel_a:
    - Image|endswith: ['\\a.exe', '\\b*.exe']
      EventID: [1, 0x10, 1e3, null]
    - CommandLine|contains|all: [' -x ', 'http?']
    - 'keyword'
  sel_b:
    CommandLine|re|i: '(?:a|b){2,3}\\s+[^"]*$'
    Ip|cidr: 10.0.0.0/8
    Count|gte: 5
    Time|hour|lt: 6
    User|fieldref|startswith: ParentUser
    Payload|wide|base64offset|contains: 'http'
    Args|windash|contains: ' -enc'
    Host|expand: '%hosts%'
    Gone|exists: false
  _hidden: {A|neq: x}
  condition: 1 of sel_* and not (_hidden or all of sel*)
---
title: corr
correlation:
  type: value_count
  rules: [base]
  group-by: [User, alias]
  timespan: 10m
  condition: {gte: 3, lt: 10, field: Image}
  aliases: {alias: {base: Host}}
---
title: flt
logsource: {product: windows}
filter:
  rules: [base]
  selection: {User: admin*}
  condition: not selection
`;

const values = new Map([['hosts', ['h1', 'h2*']]]);
const event = plainEvent({ Image: 'C:\\a.exe', EventID: 1, CommandLine: 'x -x http:', User: 'bob', Host: 'h1' });

describe('damaged rule text', () => {
  it('is used or refused with a reason, and never ends the run', () => {
    expect(parseRules(RULES, 'a.yml', { values }).refused).toEqual([]);
    const piece = fc.constantFrom(
      '',
      ' ',
      '\n',
      ':',
      '- ',
      '|',
      '*',
      '\\',
      '"',
      "'",
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '&a ',
      '*a',
      '!!int ',
      '~',
      '0',
      '99999999999999999999',
      'not ',
      '1 of ',
      '%',
      '\u0000',
      '\ufffd',
      '😀',
    );
    const damage = fc.tuple(fc.nat(RULES.length), fc.nat(12), piece);
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
        let text = RULES;
        for (const [at, cut, put] of damages) text = text.slice(0, at) + put + text.slice(at + cut);
        const loaded = parseRules(text, 'a.yml', { values });
        for (const { diagnostics } of loaded.refused) {
          const errors = diagnostics.filter(({ severity }) => severity === 'error');
          expect(errors.length).toBeGreaterThan(0);
          for (const { place, message } of errors) {
            expect(place.line).toBeGreaterThan(0);
            expect(message).toMatch(/\.$/);
          }
        }
        for (const rule of loaded.rules) if (rule.kind === 'detection') interpretRule(rule, event, null);
      }),
      { numRuns: tries(250) },
    );
  });
});
