/** What is asked of every exporter. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exporters } from '../../src/logs/exporters/registry.generated.ts';
import { looksLikeEvents, sniff } from '../../src/logs/open/sniff.ts';
import { randomOf } from '../support/random.ts';
import { projectRoot } from '../support/shared.ts';
import { readJson } from './support.ts';

/** What breaks JSON, or is a value of another kind. */
const PIECES = ['"', '\\', '{', '}', '[', ']', ',', ':', 'null', '{"', '<Event>', '</Data>', '\\u0000', '<string>', '0x0', '\n'];

const sorted = [...exporters].sort((a, b) => a.priority - b.priority);

describe('every exporter', () => {
  it('has a name, a place in the order and a description of its own', () => {
    expect(new Set(exporters.map(({ name }) => name)).size).toBe(exporters.length);
    expect(new Set(exporters.map(({ priority }) => priority)).size).toBe(exporters.length);
    for (const { description } of exporters) expect(description).toMatch(/^\S.{10,}[^.]$/);
  });
  it.each(sorted)('$name: its example is its own, and an event with a time and data', ({ name, example }) => {
    const { events, diagnostics, stats } = readJson(JSON.stringify(example));
    expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(stats.exporters).toEqual({ [name]: 1 });
    expect(events).toHaveLength(1);
    const [event] = events;
    expect(`${event?.Channel}${event?.Provider}`).not.toBe('');
    expect(event?.TimeCreated).toMatch(/^20\d\d-\d\d-\d\dT[\d:]{8}\.\d{7}Z$/);
    expect(Object.keys(event?.data ?? {})).not.toEqual([]);
  });
  it.each(sorted)('$name: its example is found in a folder', ({ example }) => {
    const sniffed = sniff(Buffer.from(`${JSON.stringify(example)}\n`));
    expect(sniffed?.format.name).toBe('json');
    expect(looksLikeEvents(sniffed!)).toBe(true);
  });
  it.each(sorted)('$name: damaged and hostile records cost themselves', ({ example }) => {
    const text = JSON.stringify(example);
    const random = randomOf(18);
    for (let turn = 0; turn < 200; turn++) {
      const at = Math.floor(random() * text.length);
      const piece = PIECES[Math.floor(random() * PIECES.length)]!;
      const damaged = text.slice(0, at) + piece + text.slice(at + Math.floor(random() * 3));
      const { events, stats } = readJson(`${damaged}\n${text}\n`);
      expect(stats.records).toBe(events.length);
      expect(events.length + stats.damaged, damaged).toBeGreaterThan(0);
    }
  });
  it('is listed in docs/inputs.md (`npx vitest run test/logs/exporters.test.ts -u` writes the list)', async () => {
    const path = join(projectRoot, 'docs/inputs.md');
    const cell = (text: string): string => text.replaceAll('|', '\\|');
    const rows = sorted.map(({ name, description, lost }) => `| \`${name}\` | ${cell(description)} | ${cell(lost ?? '')} |`);
    const head = ['| exporter | who writes it, and its keys | what is lost on the way |', '|---|---|---|'];
    const list = ['<!-- exporters -->', ...head, ...rows, '<!-- /exporters -->'].join('\n');
    const page = readFileSync(path, 'utf8').replace(/<!-- exporters -->[\s\S]*<!-- \/exporters -->/, () => list);
    expect(page).toContain(list);
    await expect(page).toMatchFileSnapshot(path);
  });
});
