/** Every kind of field that layouts have, every kind of value, and every kind of question that rules ask: the same by all ways. */
import { expect, test } from 'vitest';
import { createMatcher } from '../../src/engine/match/matcher.ts';
import { compiled, interpreterHits, matcherHits, rulesOf, ruleText, usedDetections } from '../engine/match/rules.ts';
import { dependsOn, el, instance, type Node, opt, sub, template, type ValueSpec, v } from '../logs/evtx/support/evtx-writer.ts';
import { Random } from '../logs/evtx/support/mutate.ts';
import { accelerator, foundDuring, logOf, memory, plainly, type RecordSpec, recordsOf } from './support.ts';

const data = (name: string, ...content: Parameters<typeof el>[2][]): Node => el('Data', { Name: name }, ...content);

/** Values 0 to 3, and one that no record has. */
const NONE = 9;
const FIELDS: readonly (readonly [name: string, nodes: readonly Node[]])[] = [
  ['Plain', [data('Plain', sub(0))]],
  ['Other', [data('Other', sub(1))]],
  ['Optional', [dependsOn(2, el('Data', { Name: 'Optional' }, opt(2)))]],
  ['Joined', [data('Joined', sub(0), ' ', sub(1))]],
  ['Literal', [data('Literal', 'yellow')]],
  ['Dependent', [dependsOn(2, el('Data', { Name: 'Dependent' }, sub(3)))]],
  ['DependentLiteral', [dependsOn(2, el('Data', { Name: 'DependentLiteral' }, 'yellow'))]],
  ['Twice', [data('Twice', sub(1)), data('Twice', sub(3))]],
  ['Beyond', [data('Beyond', sub(NONE))]],
  ['BeyondOptional', [dependsOn(NONE, el('Data', { Name: 'BeyondOptional' }, opt(NONE)))]],
];
const made = template(el('EventData', {}, ...FIELDS.flatMap(([, nodes]) => nodes)));

const LONG = 'x'.repeat(1100);
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const VALUES: readonly ValueSpec[] = [
  ...['yellow', 'YELLOW', 'a yellow one', 'yellow\0\0', 'red', '', '\0', `${LONG}yellow`, LONG, `yellow${LONG}`].map(v.string),
  v.raw(0x01, Buffer.concat([utf16('yellow'), Buffer.from('a')])),
  v.ansi(Buffer.from('yellow')),
  v.ansi(Buffer.from('red\0')),
  v.uint16(7),
  v.uint32(7),
  v.hex32(7),
  v.nothing(),
  v.nothing(),
  v.strings('red', 'yellow'),
  v.strings('red', ''),
  v.raw(0x81, Buffer.alloc(0)),
  v.raw(0x08, Buffer.from([7])),
  v.array(v.uint16(7), v.uint16(8)),
  v.sid(5, 18),
  v.binary('07'),
];

const QUESTIONS: readonly ((field: string) => string)[] = [
  (field) => `{${field}: yellow}`,
  (field) => `{${field}|contains: ello}`,
  (field) => `{${field}|contains: 'w r'}`,
  (field) => `{${field}|endswith|cased: W}`,
  (field) => `{${field}: 7}`,
  (field) => `{${field}: ''}`,
  (field) => `{${field}: null}`,
  (field) => `{${field}|exists: true}`,
  (field) => `{${field}|re: '^y'}`,
  (field) => `{${field}|fieldref: Plain}`,
  (field) => `{${field}|fieldref|cased: Other}`,
  (field) => `{Dependent|fieldref: ${field}}`,
  (field) => `{Missing|fieldref: ${field}}`,
];
const CONDITIONS = ['b', 'not b', 'a and b', 'a and not b', 'a or b'];

const TEXT = [...FIELDS.map(([name]) => name), 'Missing']
  .flatMap((field) => QUESTIONS.map((question) => question(field)))
  .flatMap((question) => CONDITIONS.map((condition) => `a: {Plain: yellow}\nb: ${question}\ncondition: ${condition}`))
  .concat(['k: [yellow]\ncondition: k', "k: ['w r']\ncondition: k"])
  .map((detection) => ruleText(detection))
  .join('---\n');

test('all of them', () => {
  const ruleSet = compiled(TEXT);
  const detections = usedDetections(rulesOf(TEXT));
  const matcher = createMatcher(ruleSet, undefined, accelerator);
  const random = new Random(20_261_124);
  // Few values at a time: then the same come again in other company.
  const specs = Array.from({ length: 160 }, (_, i): RecordSpec => {
    const some = VALUES.slice((i >> 3) % (VALUES.length - 6), ((i >> 3) % (VALUES.length - 6)) + 7);
    const values = Array.from({ length: 4 }, () => random.pick(random.below(3) > 0 ? some : VALUES));
    return { section: instance(made, ...values), bytes: 12_000 };
  });
  const log = logOf(specs);
  let hits = 0;
  const verdicts = foundDuring(() => {
    for (let pass = 0; pass < 3; pass++) {
      for (const event of recordsOf(log)) {
        const wanted = interpreterHits(ruleSet, detections, event);
        hits += wanted.length;
        expect(matcherHits(ruleSet, event, matcher)).toEqual(wanted);
        if (pass === 1) expect(matcherHits(ruleSet, plainly(event), matcher)).toEqual(wanted);
      }
      if (pass === 1) memory.forget();
    }
  });
  expect(hits).toBeGreaterThan(50_000);
  expect(verdicts.certain).toBeGreaterThan(50_000);
});

/** Hits of one rule in events with this value, one after the other. */
function hitsOf(detection: string, values: readonly (string | ValueSpec)[]): number[] {
  const ruleSet = compiled(ruleText(detection));
  const matcher = createMatcher(ruleSet, undefined, accelerator);
  const log = logOf(
    values.map((value) => ({ section: instance(made, typeof value === 'string' ? v.string(value) : value), bytes: 8000 })),
  );
  return Array.from(recordsOf(log), (event) => matcherHits(ruleSet, event, matcher).length);
}

test('values that are no UTF-16 are not looked at as such', () => {
  const hallo = v.ansi(Buffer.from('hallo'));
  const values = [hallo, v.uint16(4688), v.hex64(0x4688n), 'hallo', 'x4688x', v.strings('x', 'hallo'), v.binary('468800'), hallo];
  expect(hitsOf("a: {Plain|contains: [allo, '4688']}\ncondition: a", values)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  expect(hitsOf('a: {Plain|contains: allo}\ncondition: a', values)).toEqual([1, 0, 0, 1, 0, 1, 0, 1]);
  expect(hitsOf('k: [allo]\ncondition: k', values)).toEqual([1, 0, 0, 1, 0, 1, 0, 1]);
});

test('a value that is too long to be kept is not taken for the one before', () => {
  const values = ['yellow', LONG, 'yellow', `${LONG}yellow`, 'red', LONG, 'red', `${LONG}yellow`, 'yellow'];
  expect(hitsOf("a: {Plain|contains: 'ow'}\ncondition: a", values)).toEqual([1, 0, 1, 1, 0, 0, 0, 1, 1]);
  expect(hitsOf("a: {Literal: yellow}\nb: {Plain|contains: 'ow'}\ncondition: a and b", values)).toEqual([
    1, 0, 1, 1, 0, 0, 0, 1, 1,
  ]);
});

test('a field that is made of several values is made anew for each event', () => {
  expect(hitsOf("a: {Joined: 'yellow '}\ncondition: a", ['red', 'yellow', 'red', 'yellow'])).toEqual([0, 1, 0, 1]);
});
