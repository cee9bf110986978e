/**
 * A layer for MITRE's ATT&CK Navigator: how often the rules of each technique matched or fired as correlations, and in which
 * incidents.
 */
import { addTo } from '../../model/values/maps.ts';
import { ruleOf } from '../json-objects.ts';
import { navigatorLayer } from '../other-tools/navigator-layer.ts';
import type { Reporter, ScanReport } from '../reporter.ts';
import { printedJson } from '../sanitize.ts';
import { counted } from '../wording.ts';

export const reporter: Reporter = {
  name: 'navigator',
  extension: 'json',
  begins: /^\{\s*"name":\s*"winnow",\s*"versions":/,
  description: 'a layer for the ATT&CK Navigator: matches per technique',
  // A layer only counts.
  omits: ['events', 'alerts'],
  *render(report) {
    const { matches, correlations } = report.summary;
    const incidents = incidentsByRule(report);
    const counts = [...matchesByRule(report)].map(([rule, count]) => ({
      rule: ruleOf(report, rule),
      count,
      incidents: incidents.get(rule) ?? [],
    }));
    const what = `${counted(matches, 'match')} of Sigma rules, ${counted(correlations, 'correlation')}`;
    yield `${printedJson(navigatorLayer(counts, what), 2)}\n`;
  },
};

function matchesByRule(report: ScanReport): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { rule } of report.matchTexts()) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  for (const { rule } of report.correlations) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}

function incidentsByRule({ incidents }: ScanReport): ReadonlyMap<number, readonly string[]> {
  const byRule = new Map<number, string[]>();
  for (const { id, rules } of incidents) {
    for (const rule of rules) addTo(byRule, rule, id);
  }
  return byRule;
}
