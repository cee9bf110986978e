/**
 * A layer for MITRE's ATT&CK Navigator (layer format 4.5): how often rules of each technique matched, correlations included.
 * Techniques of Enterprise only: those of industrial control systems (`T0...`) are in another matrix.
 */
import type { RuleInfo } from '../../model/match.ts';
import { LEVELS } from '../../model/rule.ts';
import { ruleOf } from '../json-objects.ts';
import { attackTags } from '../other-tools/attack-tags.ts';
import type { Reporter, ScanReport } from '../reporter.ts';
import { printedJson } from '../sanitize.ts';
import { counted } from '../wording.ts';

const LAYER_VERSIONS = { layer: '4.5', navigator: '5.0.0' };
const ENTERPRISE = /^T[1-9]/;
/** From no match to the most of any technique. */
const COLOURS = ['#fff7b3', '#ff6666'];
/** Of `sorting`: the highest score first. */
const BY_SCORE = 3;

export const reporter: Reporter = {
  name: 'navigator',
  extension: 'json',
  ownsExtension: false,
  description: 'a layer for the ATT&CK Navigator: matches per technique',
  selfContained: false,
  *render(report) {
    yield `${printedJson(layerOf(report), 2)}\n`;
  },
};

interface RuleCount {
  readonly rule: RuleInfo;
  readonly matches: number;
  /** Ids. */
  readonly incidents: readonly string[];
}

/** How many incidents of a technique are named. */
const INCIDENTS_NAMED = 20;

function layerOf(report: ScanReport) {
  const { matches, correlations } = report.summary;
  const techniques = [...rulesByTechnique(report)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([technique, rules]) => techniqueObject(technique, rules));
  return {
    name: 'winnow',
    versions: LAYER_VERSIONS,
    domain: 'enterprise-attack',
    description: `${counted(matches, 'match')} of Sigma rules, ${counted(correlations, 'correlation')}`,
    sorting: BY_SCORE,
    techniques,
    gradient: { colors: COLOURS, minValue: 0, maxValue: techniques.reduce((most, { score }) => Math.max(most, score), 1) },
  };
}

/** A technique whose sub-techniques matched is there as well, with none of their matches: it unfolds to show them. */
function rulesByTechnique(report: ScanReport): ReadonlyMap<string, readonly RuleCount[]> {
  const byTechnique = new Map<string, RuleCount[]>();
  const rulesOf = (technique: string): RuleCount[] => {
    const rules = byTechnique.get(technique) ?? [];
    byTechnique.set(technique, rules);
    return rules;
  };
  const incidents = incidentsByRule(report);
  for (const [index, matches] of matchesByRule(report)) {
    const rule = ruleOf(report, index);
    for (const technique of new Set(attackTags(rule.tags).techniques.filter((id) => ENTERPRISE.test(id)))) {
      rulesOf(technique.slice(0, 'T1234'.length));
      rulesOf(technique).push({ rule, matches, incidents: incidents.get(index) ?? [] });
    }
  }
  return byTechnique;
}

function matchesByRule(report: ScanReport): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { rule } of report.matchTexts()) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  for (const { rule } of report.correlations) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}

function incidentsByRule({ incidents }: ScanReport): ReadonlyMap<number, readonly string[]> {
  const byRule = new Map<number, string[]>();
  for (const { id, rules } of incidents) {
    for (const rule of rules) {
      const known = byRule.get(rule);
      if (known === undefined) byRule.set(rule, [id]);
      else known.push(id);
    }
  }
  return byRule;
}

function techniqueObject(techniqueID: string, counts: readonly RuleCount[]) {
  const rules = [...counts].sort((a, b) => severity(b.rule) - severity(a.rule) || b.matches - a.matches);
  return {
    techniqueID,
    score: rules.reduce((sum, { matches }) => sum + matches, 0),
    enabled: true,
    showSubtechniques: true,
    comment: rules.map(({ rule }) => rule.title).join('\n'),
    // The Navigator refuses entries without a value.
    metadata: [
      ...rules.map(({ rule, matches }) => ({ name: rule.title || 'rule', value: `${rule.level ?? 'no level'}, ${matches}` })),
      ...incidentsOf(rules),
    ],
  };
}

function incidentsOf(rules: readonly RuleCount[]): readonly { readonly name: string; readonly value: string }[] {
  const ids = [...new Set(rules.flatMap(({ incidents }) => incidents))];
  const rest = ids.length - INCIDENTS_NAMED;
  const value = `${ids.slice(0, INCIDENTS_NAMED).join(' ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return ids.length === 0 ? [] : [{ name: 'incidents', value }];
}

/** -1 without a level. */
function severity({ level }: RuleInfo): number {
  return level === null ? -1 : LEVELS.indexOf(level);
}
