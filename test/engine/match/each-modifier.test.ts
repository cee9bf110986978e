/** What is asked of every modifier: the matcher and the reference evaluator agree on it. */
import { expect, it } from 'vitest';
import { compileRules } from '../../../src/engine/compile/compile.ts';
import { plainEvent } from '../../../src/logs/plain-event.ts';
import { resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';
import { modifierNames } from '../../../src/sigma/modifiers/modifiers.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';
import { interpreterHits, matcherHits, usedDetections } from './rules.ts';

/** For each kind of argument that a modifier may take, some of that kind. */
const ARGUMENTS = ['a', 'Cmd /c', '', 'a*b?', '^a.c$', 'B', '%', ['a', 'b'], 5, -1.5, 2024, true, '10.0.0.0/8'];
/** Behind other modifiers, and in front of them. */
const CHAINS = ['MODIFIER', 'MODIFIER|contains', 'contains|MODIFIER', 're|MODIFIER', 'hour|MODIFIER', 'MODIFIER|base64'];
const VALUES = [
  '',
  'a',
  'A',
  'ab',
  'Cmd -c',
  'x cmd /c y',
  'A\nC',
  'YQ==',
  '5',
  '4',
  '-2',
  'true',
  '10.1.2.3',
  '2024-05-05T05:05:00Z',
  '2024-01-31',
  'Q21kIC9j',
  '//5hAA==',
];
const EVENTS = [{}, ...[...VALUES, null, 5, [], ['b', 'a']].map((value) => ({ F: value })), { F: 'x', B: 'X' }].map((data) =>
  plainEvent(data),
);

it.each([...modifierNames()])('%s matches what it matches for the reference evaluator', (name) => {
  const rules = CHAINS.flatMap((chain) =>
    ARGUMENTS.flatMap((argument) => {
      const selection = { [`F|${chain.replace('MODIFIER', name)}`]: argument };
      const detection = JSON.stringify({ selection, condition: 'selection' });
      return parseRules(`{title: t, logsource: {product: windows}, detection: ${detection}}`).rules;
    }),
  );
  const ruleSet = compileRules(rules, (logsource) => resolveLogSource(logsource));
  const detections = usedDetections(rules);
  let hits = 0;
  for (const event of EVENTS) {
    const wanted = interpreterHits(ruleSet, detections, event);
    hits += wanted.length;
    expect(matcherHits(ruleSet, event)).toEqual(wanted);
  }
  expect(hits, 'no argument and no value of this test fit the modifier: add some').toBeGreaterThan(0);
  expect(hits).toBeLessThan(rules.length * EVENTS.length);
});
