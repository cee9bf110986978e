import {
  chmodSync,
  chownSync,
  cpSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CompiledOptions, CompiledRules } from '../../../src/engine/rule-cache/compiled-rules.ts';
import { loadCompiled } from '../../../src/engine/rule-cache/load-compiled.ts';
import { MADE_BY } from '../../../src/engine/rule-cache/rule-digest.ts';
import { deserializeRuleSet } from '../../../src/engine/rule-cache/serialize.ts';
import { UsageError } from '../../../src/model/errors.ts';
import { loadRules } from '../../../src/sigma/rule/load.ts';
import { folderWith } from '../../support/folder.ts';
import { ruleText } from '../match/rules.ts';
import { zipOf } from './zip-writer.ts';

let folder = '';
beforeEach(() => {
  folder = folderWith();
  mkdirSync(join(folder, 'rules'));
  write('a.yml', RULE);
  write('b.yml', RULE.replace('value', 'other'));
});

const RULE = ruleText('a: {A: value}\ncondition: a');

function write(name: string, text: string | Buffer): void {
  writeFileSync(join(folder, 'rules', name), text);
}
function load(options: CompiledOptions = {}): CompiledRules {
  return loadCompiled([join(folder, 'rules')], { cacheFolder: join(folder, 'cache'), ...options });
}
/** Without where it came from: that differs. */
function content({ fromCache: _, ...rest }: CompiledRules): object {
  return rest;
}

describe('loading compiled rules', () => {
  test('the second time they come from the cache, and are the same', () => {
    const first = load();
    const second = load();
    expect([first.fromCache, second.fromCache]).toEqual([false, true]);
    expect(content(second)).toEqual(content(first));
    expect(deserializeRuleSet(second.serialized!)).toEqual(second.ruleSet);
    expect(first).toMatchObject({ files: 2, documents: 2, refused: [], diagnostics: [] });
  });

  test('refusals and warnings are remembered too', () => {
    write('c.yml', 'title: no detection\nlevel: low\n');
    const first = load();
    expect(first.refused.length).toBe(1);
    expect(content(load())).toEqual(content(first));
  });

  test('a changed, added, renamed or removed file is never overlooked, whatever its dates say', () => {
    load();
    const past = new Date('2001-01-01');
    write('a.yml', RULE.replace('value', 'valve'));
    utimesSync(join(folder, 'rules', 'a.yml'), past, past);
    expect(load().fromCache).toBe(false);
    write('c.yml', RULE);
    expect(load().fromCache).toBe(false);
    rmSync(join(folder, 'rules', 'c.yml'));
    expect(load().fromCache).toBe(true);
    rmSync(join(folder, 'rules', 'b.yml'));
    expect(load().fromCache).toBe(false);
    write('z.yml', RULE.replace('value', 'other'));
    expect(load().fromCache).toBe(false);
  });

  test('files of any size count to their last byte', () => {
    for (const size of [1000, (64 << 10) - 1, 64 << 10, (64 << 10) + 1, 256 << 10, 600_000]) {
      const filled = `${RULE}# `.padEnd(size - 1, 'x');
      for (const end of ['a', 'b']) {
        for (const name of ['c.yml', 'd.yml', 'e.yml']) write(name, filled + end);
        expect([load().fromCache, load().fromCache]).toEqual([false, true]);
      }
    }
  });

  test('placeholder values, optional sources and log source files are part of the key', () => {
    write('c.yml', ruleText("a: {A|expand: '%names%'}\ncondition: a"));
    expect(load().refused.length).toBe(1);
    const values = new Map([['names', ['x']]]);
    expect(load({ values })).toMatchObject({ fromCache: false, refused: [] });
    expect(load({ values: new Map([['names', ['y']]]) }).fromCache).toBe(false);
    expect(load({ values }).fromCache).toBe(true);
    expect(load({ values, logSources: { optional: new Set(['security_4657']) } }).fromCache).toBe(false);
    const custom = { categories: new Map(), services: new Map([['x', { channels: ['X'] }]]), fieldMaps: new Map() };
    expect(load({ values, logSources: { custom } }).fromCache).toBe(false);
    expect(load({ values, logSources: { custom } }).fromCache).toBe(true);
  });

  test('a cache file that is damaged, cut or of another key is as if it were not there', () => {
    const wanted = content(load());
    const cached = join(folder, 'cache', readdirSync(join(folder, 'cache'))[0]!);
    const whole = readFileSync(cached);
    const flipped = Buffer.from(whole);
    flipped[whole.length >> 1] = flipped[whole.length >> 1]! ^ 1;
    const otherKey = Buffer.from(whole);
    otherKey[10] = otherKey[10]! ^ 1;
    for (const bytes of [flipped, otherKey, whole.subarray(0, 1000), Buffer.alloc(0), Buffer.concat([whole, Buffer.alloc(8)])]) {
      writeFileSync(cached, bytes);
      const loaded = load();
      expect(loaded.fromCache).toBe(false);
      expect(content(loaded)).toEqual(wanted);
      expect(readFileSync(cached).equals(whole)).toBe(true);
    }
  });

  test('a cache that cannot be written to changes nothing', () => {
    writeFileSync(join(folder, 'file'), '');
    const options = { cacheFolder: join(folder, 'file', 'cache') };
    expect([load(options).fromCache, load(options).fromCache]).toEqual([false, false]);
    expect([load({ cacheFolder: null }).fromCache, load({ cacheFolder: null }).fromCache]).toEqual([false, false]);
  });

  test.skipIf(getuid === undefined)('a cache that others may write to is not used, and that is said', () => {
    load();
    const cache = join(folder, 'cache');
    expect([statSync(cache).mode & 0o777, load().fromCache]).toEqual([0o700, true]);
    for (const mode of [0o770, 0o702]) {
      chmodSync(cache, mode);
      const { fromCache, diagnostics } = load();
      expect([fromCache, diagnostics.map(({ code, message }) => `${code}: ${message}`)]).toEqual([
        false,
        ['cache/not-private: the cache of compiled rules is not used: others may write to it.'],
      ]);
    }
  });

  test.skipIf(getuid?.() !== 0)('a cache or a link to one that belongs to another user is not used', () => {
    load();
    const cache = join(folder, 'cache');
    chownSync(cache, 4242, 4242);
    expect(load().diagnostics[0]?.message).toBe('the cache of compiled rules is not used: it belongs to another user (4242).');
    chownSync(cache, 0, 0);
    symlinkSync('cache', join(folder, 'link'));
    expect(load({ cacheFolder: join(folder, 'link') }).fromCache).toBe(true);
    lchownSync(join(folder, 'link'), 4242, 4242);
    expect(load({ cacheFolder: join(folder, 'link') }).fromCache).toBe(false);
  });

  test.skipIf(getuid === undefined)('a cache file that others may have written is made anew', () => {
    load();
    const cached = join(folder, 'cache', readdirSync(join(folder, 'cache'))[0]!);
    chmodSync(cached, 0o622);
    expect(load()).toMatchObject({ fromCache: false, diagnostics: [] });
    expect([statSync(cached).mode & 0o777, load().fromCache]).toEqual([0o600, true]);
  });

  test('a cache file that somebody made without the secret of the user is not used, even if all else in it is right', () => {
    const cachedIn = (name: string): string => join(folder, name, readdirSync(join(folder, name))[0]!);
    write('a.yml', RULE.replace('value', 'never'));
    load({ cacheFolder: join(folder, 'other') });
    write('a.yml', RULE);
    const wanted = content(load());
    const own = readFileSync(cachedIn('cache'));
    const other = readFileSync(cachedIn('other'));
    const contentAt = 72;
    const forged = [
      other,
      Buffer.concat([own.subarray(0, contentAt), other.subarray(contentAt)]),
      Buffer.concat([own.subarray(0, 40), other.subarray(40)]),
    ];
    for (const bytes of forged) {
      writeFileSync(cachedIn('cache'), bytes);
      const loaded = load();
      expect(loaded.fromCache).toBe(false);
      expect(content(loaded)).toEqual(wanted);
    }
  });

  test.skipIf(getuid === undefined)('a cache folder that was copied from another user or machine is not used', () => {
    const state = process.env.XDG_STATE_HOME;
    try {
      process.env.XDG_STATE_HOME = join(folder, 'their state');
      load();
      process.env.XDG_STATE_HOME = join(folder, 'own state');
      expect(load().fromCache).toBe(false);
      expect(load().fromCache).toBe(true);
    } finally {
      process.env.XDG_STATE_HOME = state;
    }
  });

  test('the key names what compiles: the build, the parser of YAML and Node', () => {
    const { version } = JSON.parse(readFileSync('node_modules/js-yaml/package.json', 'utf8'));
    expect(MADE_BY).toBe(`test js-yaml ${version} node ${process.versions.node}`);
  });

  test('the cache stays small and is readable by its owner only', () => {
    for (let i = 0; i < 15; i++) {
      write('a.yml', RULE.replace('value', `value${i}`));
      load();
    }
    const files = readdirSync(join(folder, 'cache'));
    expect(files.length).toBe(12);
    expect(files.every((name) => /^[0-9a-f]{64}\.ruleset$/.test(name))).toBe(true);
  });

  test('a zip archive gives what its folder gives', () => {
    const zip = join(folder, 'rules.zip');
    const entries = ['a.yml', 'b.yml'].map((name) => ({
      name: `rules/${name}`,
      content: readFileSync(join(folder, 'rules', name), 'utf8'),
    }));
    writeFileSync(zip, zipOf([...entries, { name: 'README.md', content: 'no rule' }]));
    const loaded = loadCompiled([zip]);
    expect(loaded.ruleSet.rules.map(({ path }) => path)).toEqual([`${zip}/rules/a.yml`, `${zip}/rules/b.yml`]);
    expect(loaded.ruleSet.plan).toEqual(load().ruleSet.plan);
    expect(loadRules([zip]).rules.map(({ head }) => head.path)).toEqual([`${zip}/rules/a.yml`, `${zip}/rules/b.yml`]);
    expect(loadCompiled([zip], { cacheFolder: join(folder, 'cache') }).fromCache).toBe(false);
    expect(loadCompiled([zip], { cacheFolder: join(folder, 'cache') }).fromCache).toBe(true);
  });

  test('an archive or entry that cannot be read is refused like a rule, and the rest is used', () => {
    cpSync(join(folder, 'rules', 'a.yml'), join(folder, 'good.yml'));
    writeFileSync(join(folder, 'cut.zip'), zipOf([{ name: 'a.yml', content: RULE }]).subarray(0, 60));
    writeFileSync(join(folder, 'bad.zip'), zipOf([{ name: 'a.yml', content: RULE, claims: { checksum: 1 } }]));
    const { ruleSet, refused } = loadCompiled(['cut.zip', 'bad.zip', 'good.yml'].map((name) => join(folder, name)));
    expect(ruleSet.rules.length).toBe(1);
    expect(refused.map(({ path, diagnostics }) => [path, diagnostics[0]!.message])).toEqual([
      [join(folder, 'cut.zip'), expect.stringMatching(/no end-of-directory record/)],
      [join(folder, 'bad.zip', 'a.yml'), 'the entry cannot be read: its content does not fit its checksum.'],
    ]);
  });

  test('a path that does not exist is a mistake of the user', () => {
    expect(() => loadCompiled([join(folder, 'nothing')])).toThrow(UsageError);
  });
});
