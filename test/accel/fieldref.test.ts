/** `fieldref` on EVTX: what compiled code says of two values is what the reference evaluator says of their texts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMatcher } from '../../src/engine/match/matcher.ts';
import { compiled, interpreterHits, matcherHits, rulesOf, ruleText, usedDetections } from '../engine/match/rules.ts';
import { el, instance, sub, template, type ValueSpec, v } from '../logs/evtx/support/evtx-writer.ts';
import { tries } from '../support/random.ts';
import { accelerator, foundDuring, logOf, plainly, recordsOf } from './support.ts';

/** Each comparison alone, negated, and beside one that is decided otherwise. */
const TEXT = [
  'a: {A|fieldref: B}\ncondition: a',
  'a: {A|fieldref|cased: B}\ncondition: a',
  'a: {B|fieldref: A}\ncondition: not a',
  'a: {A|fieldref|cased|neq: B}\ncondition: a',
  'a: {A|fieldref: A}\ncondition: a',
  "a: {A|fieldref: B}\nb: {B|endswith: 'a'}\ncondition: a or b",
  "a: {A|fieldref|cased: B}\nb: {B|contains: 'é'}\ncondition: not (a and b)",
  'a: {A|fieldref|startswith: B}\ncondition: a',
]
  .map((detection) => ruleText(detection))
  .join('---\n');
const ruleSet = compiled(TEXT);
const detections = usedDetections(rulesOf(TEXT));

const data = template(el('EventData', {}, el('Data', { Name: 'A' }, sub(0)), el('Data', { Name: 'B' }, sub(1))));

/** Letters whose case Latin-1 has, those whose other case lies beyond it, signs between letters, kelvin, halves of a pair. */
const UNITS = [...'aAzZ@[`{éÉàÀþÞ×÷ßÿµŸİıK\u2126ω0 ', '\0', '\ud801', '\udc00', '\udc28'];
const text = fc.string({ unit: fc.constantFrom(...UNITS), maxLength: 6 });
const end = fc.constantFrom('', '', '\0', '\0\0', 'a\0', '\0a');

/** A value and one that is often the same text, or the same but for case, or longer. */
const pair: fc.Arbitrary<[ValueSpec, ValueSpec]> = fc
  .tuple(text, text, end, end, fc.constantFrom('same', 'upper', 'lower', 'other'), fc.constantFrom('', 'odd', 'ansi', 'array'))
  .map(([one, other, endOne, endOther, how, form]) => {
    const second = how === 'same' ? one : how === 'upper' ? one.toUpperCase() : how === 'lower' ? one.toLowerCase() : other;
    const b = second + endOther;
    if (form === 'ansi') return [v.string(one), v.ansi(Buffer.from(b, 'latin1'))];
    if (form === 'array') return [v.string(one), v.strings(b, one)];
    const odd = v.raw(0x01, Buffer.concat([Buffer.from(b, 'utf16le'), Buffer.from('a')]));
    return [v.string(one + endOne), form === 'odd' ? odd : v.string(b)];
  });

test('two fields are the same text to compiled code if they are to the reference evaluator', () => {
  let hits = 0;
  const matcher = createMatcher(ruleSet, undefined, accelerator);
  const verdicts = foundDuring(() => {
    const property = fc.property(fc.array(pair, { minLength: 1, maxLength: 12 }), (pairs) => {
      const log = logOf(pairs.map((values) => ({ section: instance(data, ...values), bytes: 500 })));
      for (const event of recordsOf(log)) {
        const wanted = interpreterHits(ruleSet, detections, event);
        hits += wanted.length;
        expect(matcherHits(ruleSet, event, matcher), JSON.stringify(pairs[event.index])).toEqual(wanted);
        expect(matcherHits(ruleSet, plainly(event), matcher)).toEqual(wanted);
      }
    });
    fc.assert(property, { numRuns: tries(150) });
  });
  expect(hits).toBeGreaterThan(600);
  expect(verdicts.certain).toBeGreaterThan(900);
});

test('every character of Latin-1 has the case that texts have', () => {
  const matcher = createMatcher(ruleSet, undefined, accelerator);
  const characters = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
  const pairs = characters.flatMap((one) => {
    const others = new Set([one.toUpperCase(), one.toLowerCase(), String.fromCharCode(one.charCodeAt(0) ^ 0x20)]);
    return [...others].map((other) => [v.string(`x${one}y`), v.string(`x${other}y`)]);
  });
  const log = logOf(pairs.map((values) => ({ section: instance(data, ...values), bytes: 100 })));
  for (const event of recordsOf(log)) {
    expect(matcherHits(ruleSet, event, matcher)).toEqual(interpreterHits(ruleSet, detections, event));
  }
});
