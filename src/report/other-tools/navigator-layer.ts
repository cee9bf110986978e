/**
 * A layer for MITRE's ATT&CK Navigator (layer format 4.5). In: rules, each with a number. Out: the layer, each technique with the sum
 * of its rules. Techniques of Enterprise only: those of industrial control systems (`T0...`) are in another matrix.
 */
import type { RuleInfo } from '../../model/match.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import { severityOf } from '../rule-groups.ts';
import { attackTags } from './attack-tags.ts';

const LAYER_VERSIONS = { layer: '4.5', navigator: '5.0.0' };
const ENTERPRISE = /^T[1-9]/;
/** From no match to the most of any technique. */
const COLOURS = ['#fff7b3', '#ff6666'];
/** Of `sorting`: the highest score first. */
const BY_SCORE = 3;

export interface RuleCount {
  readonly rule: RuleInfo;
  /** Its matches, or 1 where rules are counted. */
  readonly count: number;
  /** Ids of incidents that it is part of. */
  readonly incidents: readonly string[];
}

/** How many incidents of a technique are named. */
const INCIDENTS_NAMED = 20;

export function navigatorLayer(counts: readonly RuleCount[], description: string) {
  const techniques = [...rulesByTechnique(counts)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([technique, rules]) => techniqueObject(technique, rules));
  return {
    name: 'winnow',
    versions: LAYER_VERSIONS,
    domain: 'enterprise-attack',
    description,
    sorting: BY_SCORE,
    techniques,
    gradient: { colors: COLOURS, minValue: 0, maxValue: techniques.reduce((most, { score }) => Math.max(most, score), 1) },
  };
}

/** A technique whose sub-techniques are there is there as well, with none of their numbers: it unfolds to show them. */
function rulesByTechnique(counts: readonly RuleCount[]): ReadonlyMap<string, readonly RuleCount[]> {
  const byTechnique = new Map<string, RuleCount[]>();
  const rulesOf = (technique: string): RuleCount[] => getOrInsert(byTechnique, technique, () => []);
  for (const each of counts) {
    for (const technique of new Set(attackTags(each.rule.tags).techniques.filter((id) => ENTERPRISE.test(id)))) {
      rulesOf(technique.slice(0, 'T1234'.length));
      rulesOf(technique).push(each);
    }
  }
  return byTechnique;
}

function techniqueObject(techniqueID: string, counts: readonly RuleCount[]) {
  const rules = [...counts].sort((a, b) => severityOf(b.rule.level) - severityOf(a.rule.level) || b.count - a.count);
  return {
    techniqueID,
    score: rules.reduce((sum, { count }) => sum + count, 0),
    enabled: true,
    showSubtechniques: true,
    comment: rules.map(({ rule }) => rule.title).join('\n'),
    // The Navigator refuses entries without a value.
    metadata: [
      ...rules.map(({ rule, count }) => ({ name: rule.title || 'rule', value: `${rule.level ?? 'no level'}, ${count}` })),
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
