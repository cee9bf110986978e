/** A rule is evaluated on just those events that docs/logsources.md names for its log source. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../support/shared.ts';
import { checkVector, type Vector } from './harness.ts';

const page = readFileSync(join(projectRoot, 'docs/logsources.md'), 'utf8');

/** The cells of a table, without its head. */
function rowsOf(table: string): string[][] {
  const [, text = ''] = page.split(`<!-- ${table} -->\n`);
  const rows = text.split('\n').slice(2);
  return rows.slice(0, rows.indexOf(`<!-- /${table} -->`)).map((row) => row.slice(2, -2).split(' | '));
}
/** The first is the name, the others stand for it as well. */
const namesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);

function asked(logsource: string, event: Vector['event'], match: boolean): string | null {
  const rule = `title: t\nlogsource: {product: windows, ${logsource}}\ndetection: {sel: {A: x}, condition: sel}\n`;
  return checkVector({ id: 'x', kind: 'match', rule, event: { ...event, A: 'x' }, match, logsource_gating: true });
}

it.each(rowsOf('categories'))('category %s is served by %s: %s %s', (names, _, channels, gate) => {
  const [ids = '', ...conditions] = gate!.split('; ');
  const fields = Object.fromEntries(conditions.map((text) => /^(\w+) (\S+)/.exec(text)!.slice(1)));
  for (const name of namesIn(names!)) {
    for (const Channel of channels!.split('<br>')) {
      for (const id of ids.split(', '))
        expect(asked(`category: ${name}`, { ...fields, Channel, EventID: Number(id) }, true), `${name} ${id}`).toBeNull();
      expect(asked(`category: ${name}`, { ...fields, Channel, EventID: 9999 }, false)).toBeNull();
    }
    const elsewhere = { ...fields, Channel: 'Application', EventID: Number(ids.split(', ')[0]) };
    expect(asked(`category: ${name}`, elsewhere, false)).toBeNull();
  }
});

// Of Elastic's channel only events with an API call: test/sigma/logsource/gate.test.ts.
it.each(rowsOf('services').filter(([names]) => names !== '`elastic-defend-api`'))(
  'service %s is that of the channels %s',
  (names, channels) => {
    for (const name of namesIn(names!)) {
      for (const Channel of channels!.split('<br>'))
        expect(asked(`service: ${name}`, { Channel, EventID: 1 }, true), Channel).toBeNull();
      expect(asked(`service: ${name}`, { Channel: 'Setup', EventID: 1 }, false)).toBeNull();
    }
  },
);
