/** `winnow diff` as its users see it, and its proofs against plain evaluation. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffRules } from '../../src/diff/diff-rules.ts';
import { interpretRule } from '../../src/engine/match/interpret.ts';
import { plainEvent } from '../../src/logs/plain-event.ts';
import type { DetectionRule } from '../../src/model/rule.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
import { parseRules } from '../../src/sigma/rule/parse-rules.ts';
import { runWinnow } from '../cli/test-context.ts';
import { folderWith } from '../support/folder.ts';
import { tries } from '../support/random.ts';
import { MANY_WHOAMI, startedXml, WHOAMI } from '../testing/support.ts';

const OTHER = WHOAMI.replace('title: Whoami', 'title: Quser')
  .replace('name: whoami', 'name: quser')
  .replace('whoami.exe', 'quser.exe');

async function diff(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  log = '',
  ...argv: readonly string[]
) {
  const under = (folder: string, files: Readonly<Record<string, string>>) =>
    Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]);
  const folder = folderWith({
    ...Object.fromEntries([...under('old', before), ...under('new', after)]),
    ...(log === '' ? {} : { 'log.xml': log }),
  });
  const run = await runWinnow(['diff', 'old', 'new', ...(log === '' ? [] : ['log.xml']), ...argv], { cwd: folder });
  return { ...run, out: run.out.replaceAll(/[^\s("]*\/(?=[\w-]+\.(?:yml|xml))/g, '') };
}

const xml = (...events: readonly string[]) => `<Events>${events.join('')}</Events>`;
const at = (image: string, n: number, more = '') =>
  startedXml(`C:\\${image}`, n, `2026-01-01T00:0${n}:00Z`).replace('C:\\Windows\\explorer.exe', more || 'C:\\x.exe');
const LOG = xml(at('whoami.exe', 0), at('whoami.exe', 1, 'C:\\agent.exe'), at('whoami.exe', 2), at('quser.exe', 3));

describe('winnow diff', () => {
  it('says what was added, removed and changed, and what a change finds', async () => {
    const changed = WHOAMI.replace('level: low', 'level: high').replace(' and not 1 of filter_main_*', '');
    const run = await diff(
      { 'a.yml': WHOAMI, 'gone.yml': OTHER },
      { 'moved.yml': changed, 'b.yml': OTHER.replace(/quser/gi, 'query') },
    );
    expect([run.code, run.out]).toEqual([
      0,
      'added query (b.yml)\n' +
        'changed Whoami (moved.yml)\n' +
        '  level: low -> high\n' +
        '  condition: selection and not 1 of filter_main_* -> selection\n' +
        '  finds all that it found, and may find more (proven)\n' +
        'removed Quser (gone.yml)\n' +
        '1 changed, 1 added, 1 removed, 0 unchanged\n',
    ]);
  });

  it('proves that a rule written otherwise finds the same, and says where nothing is proven', async () => {
    const rewritten = WHOAMI.replace('selection and not 1 of filter_main_*', 'not filter_main_agent and selection');
    expect((await diff({ 'a.yml': WHOAMI }, { 'a.yml': rewritten })).out).toContain('finds the same (proven)');
    const wider = WHOAMI.replace("Image|endswith: '\\whoami.exe'", "Image|endswith: 'whoami.exe'");
    expect((await diff({ 'a.yml': WHOAMI }, { 'a.yml': wider })).out).toContain('may find more (proven)');
    const other = WHOAMI.replace('whoami.exe', 'query.exe');
    expect((await diff({ 'a.yml': WHOAMI }, { 'a.yml': other })).out).toContain('is not proven');
    // Another log source has other events, whatever the condition says.
    const moved = WHOAMI.replace('category: process_creation', 'category: image_load');
    expect((await diff({ 'a.yml': WHOAMI }, { 'a.yml': moved })).out).toMatch(
      /logsource category: process_creation -> image_load\n {2}whether/,
    );
  });

  it('names the records gained and lost on logs, of correlations over a changed rule too', async () => {
    const before = { 'a.yml': WHOAMI, 'many.yml': MANY_WHOAMI };
    const after = { ...before, 'a.yml': WHOAMI.replace(' and not 1 of filter_main_*', '') };
    const run = await diff(before, after, LOG);
    expect(run.out.split('\n').slice(3)).toEqual([
      '  matches: 2 before, 3 now',
      '  gained: log.xml record 1',
      'depends Many Whoami (many.yml)',
      '  matches: 0 before, 1 now',
      '  gained: Computer PC1, 2026-01-01T00:00:00.0000000Z to 2026-01-01T00:02:00.0000000Z',
      '1 changed, 0 added, 0 removed, 1 unchanged, compared on 4 events',
      '',
    ]);
    const back = await diff(after, before, LOG, '--format', 'json');
    const [change] = JSON.parse(back.out).changes;
    expect([change.finds, change.matches.lost.length, change.matches.gained]).toEqual(['less', 1, []]);
  });

  it('is a table for a pull request, in which text of rules is text', async () => {
    const hostile = WHOAMI.replace('title: Whoami', 'title: "a | b <script> @team"');
    const run = await diff({ 'a.yml': hostile }, { 'a.yml': hostile.replace('low', 'high') }, LOG, '--format', 'markdown');
    expect(run.out).toContain('| level | finds the same (proven) | 2 | 2 | 0 | 0 |');
    expect(run.out).not.toMatch(/<script>|[^\u2060\u200b]@team\b(?<!\u2060@team)/);
  });

  it('ends with 1 only where asked, 2 for a refused rule, 4 where nothing was read', async () => {
    const same = { 'a.yml': WHOAMI };
    const wider = { 'a.yml': WHOAMI.replace(' and not 1 of filter_main_*', '') };
    const codes = [
      await diff(same, wider),
      await diff(same, wider, '', '--exit-code'),
      await diff(same, { 'a.yml': WHOAMI.replace('low', 'high') }, '', '--exit-code'),
      await diff(same, { 'a.yml': WHOAMI.replace('selection and', 'selections and') }),
      await diff({ 'a.txt': '' }, { 'a.txt': '' }),
      await diff(same, wider, '<Events></Events>'),
    ].map(({ code }) => code);
    expect(codes).toEqual([0, 1, 0, 2, 4, 4]);
  });

  it('reads rules that are not folders', async () => {
    const folder = folderWith({ 'a.yml': WHOAMI, 'b.yml': WHOAMI.replace('low', 'high') });
    const run = await runWinnow(['diff', join(folder, 'a.yml'), join(folder, 'b.yml')]);
    expect(run.out).toContain('level: low -> high');
  });
});

describe('what is proven', () => {
  const FIELDS = ['A', 'B'];
  const VALUES = ['x', 'xy', 'xyz', 'y', ''];
  const MODIFIERS = ['', '|contains', '|startswith', '|endswith', '|neq', '|contains|all'];
  const item = fc
    .record({
      field: fc.constantFrom(...FIELDS),
      modifier: fc.constantFrom(...MODIFIERS),
      values: fc.uniqueArray(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 3 }),
    })
    .map(({ field, modifier, values }) => `${field}${modifier}: [${values.map((one) => `'${one}'`).join(', ')}]`);
  const selection = fc
    .uniqueArray(item, { minLength: 1, maxLength: 2, selector: (one) => one.split(':')[0] })
    .map((items) => `{${items.join(', ')}}`);
  const condition = fc.constantFrom(
    'a',
    'not a',
    'a and b',
    'a or b',
    'a and not b',
    'not (a or b)',
    'a and (b or c)',
    '(a or b) and not c',
    '1 of b* or c',
    'all of them',
  );
  const rule = fc
    .record({ a: selection, b: selection, c: selection, condition })
    .map(
      (one) =>
        `title: T\nid: 5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60\nlogsource: {product: windows}\ndetection:\n    a: ${one.a}\n    b: ${one.b}\n    c: ${one.c}\n    condition: ${one.condition}\nlevel: low\n`,
    );
  const resolution = resolveLogSource({ product: 'windows' });
  const source = resolution.kind === 'sources' ? resolution.sources[0]! : undefined;
  const EVENTS = [undefined, ...VALUES].flatMap((a) => [undefined, ...VALUES].map((b) => plainEvent({ A: a, B: b })));
  const parsed = (text: string) => parseRules(text).rules[0] as DetectionRule;

  /** One part of the text taken from another rule: an edit of the kind that people make. */
  const edit = fc.tuple(rule, rule, fc.nat(3)).map(([before, other, part]) => {
    const key = ['a', 'b', 'c', 'condition'][part]!;
    const line = new RegExp(`^    ${key}: .*$`, 'm');
    return [before, before.replace(line, () => line.exec(other)![0])] as const;
  });

  it('agrees with plain evaluation over every event of a small world, for random edits', () => {
    let proven = 0;
    fc.assert(
      fc.property(edit, ([before, after]) => {
        const [change] = diffRules([parsed(before)], [parsed(after)]).changes;
        const [old, now] = [parsed(before), parsed(after)].map((one) =>
          EVENTS.map((event) => interpretRule(one, event, source!)),
        );
        const gains = now!.some((holds, i) => holds && !old![i]);
        const loses = old!.some((holds, i) => holds && !now![i]);
        if (change === undefined) expect([gains, loses]).toEqual([false, false]);
        else if (change.kind === 'changed' && change.finds !== 'open') {
          proven++;
          if (change.finds !== 'more') expect([before, after, gains]).toEqual([before, after, false]);
          if (change.finds !== 'less') expect([before, after, loses]).toEqual([before, after, false]);
        }
      }),
      { seed: 20260301, numRuns: tries(200) },
    );
    // A comparison that proves nothing would agree as well.
    expect(proven).toBeGreaterThan(18);
  });
});
