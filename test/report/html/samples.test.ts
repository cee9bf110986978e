/** The HTML report of all samples: every matched event is in it, whole, with all its rules. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { PageDetails, PageEvent, PageFacts, PageHead } from '../../../src/report/html/page-data.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { describeShared, projectRoot, shared } from '../../support/shared.ts';

const folder = temporaryFolder();

function scanned(name: string): string {
  const path = join(folder, name);
  const rules = shared('corpus', 'sigmahq', 'rules', 'windows');
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      join(projectRoot, 'dist', 'cli.js'),
      'scan',
      '-r',
      rules,
      '-r',
      join(projectRoot, 'rules'),
      shared('corpus', 'evtx-attack-samples'),
      '-o',
      path,
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return readFileSync(path, 'utf8');
}

interface Line {
  readonly kind: string;
  readonly event: { readonly id: string; readonly data: unknown };
  readonly rule: { readonly title: string };
}

describeShared('the HTML report of all samples', () => {
  test('has every matched event, whole, once, with all its rules, in a quarter of the size of JSON Lines', () => {
    const html = scanned('report.html');
    const jsonl = scanned('report.jsonl');
    const blocks = [...html.matchAll(/data-block="(\w+)" data-bytes="\d+">([^<]*)</g)].map(([, kind, packed]) => ({
      kind,
      text: inflateSync(Buffer.from(packed!, 'base64')).toString('utf8'),
    }));
    const texts = (wanted: string) => blocks.filter(({ kind }) => kind === wanted).map(({ text }) => text);
    const head = JSON.parse(texts('head')[0]!) as PageHead;
    const details = texts('details').flatMap((text) => text.split('\n'));
    const events = texts('events')
      .flatMap((text) => JSON.parse(text) as PageFacts[])
      .map((facts, i): PageEvent => ({ ...facts, ...(JSON.parse(details[i]!) as PageDetails) }));
    const shown = new Map(events.filter(({ hits }) => hits.length > 0).map((event) => [event.id, event]));
    const lines = jsonl
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
      .filter(({ kind }) => kind === 'match');
    const wanted = new Map<string, { data: unknown; rules: Set<string> }>();
    for (const { event, rule } of lines) {
      const known = wanted.get(event.id) ?? { data: event.data, rules: new Set() };
      known.rules.add(rule.title);
      wanted.set(event.id, known);
    }
    expect(wanted.size).toBeGreaterThan(800);
    const missing = [...wanted].filter(([id, { data, rules }]) => {
      const event = shown.get(id);
      const titles = new Set(event?.hits.map(({ rule }) => head.rules[rule]!.title));
      return (
        event === undefined ||
        JSON.stringify(event.data) !== JSON.stringify(data) ||
        [...rules].some((title) => !titles.has(title))
      );
    });
    expect(missing.map(([id]) => id)).toEqual([]);
    // Correlations add events that no rule of their own reports.
    expect(
      [...shown.values()].filter(({ id, hits }) => !wanted.has(id) && hits.every(({ correlation }) => correlation === null)),
    ).toEqual([]);
    expect(html.length).toBeLessThan(jsonl.length / 4);
  });
});
