/** In: the rules of a catalog, and which are selected. Out: numbers, or a line for each selected rule, harmless to print. */
import { textTable } from '../../../events/text-table.ts';
import { LEVELS, STATUSES } from '../../../model/rule.ts';
import { attackTags } from '../../../report/other-tools/attack-tags.ts';
import { visibleText } from '../../../report/sanitize.ts';
import { wrapText } from '../../../report/text-layout.ts';
import { counted, grouped } from '../../../report/wording.ts';
import type { CatalogRule, RuleCatalog } from './rule-catalog.ts';

/** How many names one line of the numbers shows. JSON Lines have all. */
const SHOWN = 12;
const LABEL_WIDTH = 13;

export interface Selection {
  readonly catalog: RuleCatalog;
  /** Rules that a scan with these filters would report. */
  readonly selected: readonly CatalogRule[];
  /** True when no paths were named, so that these are the rules that come with winnow. */
  readonly shipped: boolean;
  readonly filtered: boolean;
}

export function* catalogText({ catalog, selected, shipped, filtered }: Selection, width: number): Iterable<string> {
  const { rules, files, refused } = catalog;
  const unused = rules.filter((rule) => rule.unused !== null);
  const off = rules.filter((rule) => rule.off).length;
  const used = rules.length - unused.length;
  const parts = [
    `${grouped(used)} used of ${counted(rules.length + refused.length, 'rule')} in ${counted(files, 'file')}`,
    ...(refused.length > 0 ? [`${grouped(refused.length)} refused (winnow lint says why)`] : []),
    ...(off > 0 ? [`${grouped(off)} switched off by tuning`] : []),
    ...(filtered ? [`${grouped(selected.length)} selected by the filters`] : []),
  ];
  yield `${parts.join(', ')}\n`;
  if (shipped) for (const line of SHIPPED) yield `${line}\n`;
  yield '\n';
  const counts = (of: (rule: CatalogRule) => readonly string[]): Map<string, number> => {
    const all = new Map<string, number>();
    for (const rule of selected) for (const name of new Set(of(rule))) all.set(name, (all.get(name) ?? 0) + 1);
    return all;
  };
  yield* row(
    'level',
    inOrder(
      counts(({ rule }) => [rule.level ?? 'none']),
      [...LEVELS].reverse(),
    ),
    width,
  );
  yield* row(
    'status',
    inOrder(
      counts(({ rule }) => [rule.status?.toLowerCase() ?? 'none']),
      STATUSES,
    ),
    width,
  );
  yield* row(
    'product',
    byCount(counts(({ logsource }) => [logsource === null ? 'correlation' : (logsource.product ?? 'none')])),
    width,
  );
  yield* row('log source', byCount(counts(({ logsource }) => [sourceName(logsource)])), width);
  yield* row('tactics', byCount(counts(({ rule }) => attackTags(rule.tags).tactics)), width);
  yield* row('techniques', byCount(counts(({ rule }) => attackTags(rule.tags).techniques)), width);
  const reasons = new Map<string, number>();
  for (const reason of [...unused.map((rule) => rule.unused!), ...refused.map((code) => `refused: ${code}`)])
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  for (const [i, [reason, count]] of byCount(reasons).slice(0, SHOWN).entries())
    yield `${(i === 0 ? 'not used' : '').padEnd(LABEL_WIDTH)}${grouped(count)}: ${visibleText(reason)}\n`;
}

const SHIPPED = [
  'These are the rules that come with winnow: WMI persistence, and nothing else. For more, take those of SigmaHQ as they are:',
  '  https://github.com/SigmaHQ/sigma/releases/latest/download/sigma_all_rules.zip',
  '  winnow scan -r sigma_all_rules.zip LOGS, or "rules: sigma_all_rules.zip" in winnow.yml, or WINNOW_RULES',
];

export function* catalogList(selected: readonly CatalogRule[]): Iterable<string> {
  yield* textTable(
    ['level', 'status', 'log source', 'title', 'id', 'file'],
    selected.map(({ rule, logsource }) => [
      rule.level ?? '-',
      rule.status ?? '-',
      sourceName(logsource),
      rule.title,
      rule.id ?? '-',
      rule.path,
    ]),
  );
}

export function* catalogObjects({ catalog, selected }: Selection): Iterable<unknown> {
  const chosen = new Set(selected);
  for (const each of catalog.rules) {
    const { rule, logsource, unused, off } = each;
    const { id, name, title, level, status, tags, path } = rule;
    const { product = null, category = null, service = null } = logsource ?? {};
    const kind = logsource === null ? 'correlation' : 'detection';
    yield {
      kind,
      id,
      name,
      title,
      level,
      status,
      product,
      category,
      service,
      tags,
      path,
      selected: chosen.has(each),
      off,
      unused,
    };
  }
}

function sourceName(logsource: CatalogRule['logsource']): string {
  if (logsource === null) return 'correlation';
  return logsource.category ?? logsource.service ?? logsource.product ?? 'none';
}

type Counts = readonly (readonly [string, number])[];

function byCount(counts: ReadonlyMap<string, number>): Counts {
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

function inOrder(counts: ReadonlyMap<string, number>, order: readonly string[]): Counts {
  const known = order.flatMap((name) => (counts.has(name) ? [[name, counts.get(name)!] as const] : []));
  return [...known, ...byCount(new Map([...counts].filter(([name]) => !order.includes(name))))];
}

function* row(label: string, counts: Counts, width: number): Iterable<string> {
  if (counts.length === 0) return;
  const names = counts.slice(0, SHOWN).map(([name, count]) => `${name} ${grouped(count)}`);
  if (counts.length > SHOWN) names.push(`and ${grouped(counts.length - SHOWN)} more`);
  for (const [i, line] of wrapText(visibleText(names.join(', ')), width - LABEL_WIDTH).entries())
    yield `${(i === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}\n`;
}
