/** The tables of docs/logsources.md, made from the catalog; the test compares. */
import { catalog } from '../../../src/sigma/logsource/catalog.ts';
import type { SourceDefinition } from '../../../src/sigma/logsource/family.ts';

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function gate({ eventIds, when }: SourceDefinition): string {
  const fields = (when ?? []).map(({ field, values }) => `${field} ${values.join(' or ')}`);
  return [eventIds.join(', '), ...fields].join('; ');
}

function aliases(name: string, all: ReadonlyMap<string, string>): string {
  const names = [...all].filter(([, target]) => target === name).map(([alias]) => `\`${alias}\``);
  return names.length === 0 ? '' : ` (also ${names.join(', ')})`;
}

export function categoryTable(): string {
  const rows = [...catalog.categories]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, sources]) =>
      sources.map((source) => {
        const via = source.optional === true ? `\`${source.via}\` (optional)` : `\`${source.via}\``;
        return row([`\`${name}\`${aliases(name, catalog.categoryAliases)}`, via, source.channels.join('<br>'), gate(source)]);
      }),
    );
  return [row(['category', 'via', 'channel', 'EventID']), row(['---', '---', '---', '---']), ...rows].join('\n');
}

export function serviceTable(): string {
  const rows = [...catalog.services]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { channels, providers }]) =>
      row([
        `\`${name}\`${aliases(name, catalog.serviceAliases)}`,
        channels.join('<br>'),
        (providers ?? []).filter(Boolean).join('<br>'),
      ]),
    );
  return [row(['service', 'channels', 'provider, where an event has no channel']), row(['---', '---', '---']), ...rows].join(
    '\n',
  );
}

export function derivationList(): string {
  return [...catalog.derivations.keys()]
    .sort()
    .map((name) => `\`${name}\``)
    .join(', ');
}
