/**
 * A layer for MITRE's ATT&CK Navigator (layer format 4.5). In: rules, each with a number. Out: the layer, in which each technique
 * has the sum of the numbers of its rules. It has techniques of Enterprise only, because those of industrial control systems
 * (`T0...`) are in another matrix.
 */
import type { RuleInfo } from '../../model/match.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import { severityOf } from '../rule-groups.ts';
import { attackTags } from './attack-tags.ts';

const LAYER_VERSIONS = { layer: '4.5', navigator: '5.0.0' };
const ENTERPRISE = /^T[1-9]/;
/** Colours from no match to the largest number of a technique. */
const COLOURS = ['#fff7b3', '#ff6666'];
/** A value of the layer's `sorting`: the highest score first. */
const BY_SCORE = 3;
/**
 * A technique shows the highest number of its own and of its sub-techniques, which are unfolded where they have one. No sum: many
 * rules name both.
 */
const LAYOUT = {
  layout: 'side',
  showID: true,
  showName: true,
  showAggregateScores: true,
  countUnscored: false,
  aggregateFunction: 'max',
  expandedSubtechniques: 'annotated',
};

export interface RuleCount {
  readonly rule: RuleInfo;
  /** How many matches the rule has, or 1 where rules are counted. */
  readonly count: number;
  /** Ids of the incidents that the rule is part of. */
  readonly incidents: readonly string[];
}

/** How many incidents of a technique are named. */
const INCIDENTS_NAMED = 20;

export function navigatorLayer(counts: readonly RuleCount[], description: string) {
  const byTechnique = [...rulesByTechnique(counts)].sort(([a], [b]) => (a < b ? -1 : 1));
  const techniques = byTechnique.map(([id, rules]) =>
    techniqueObject(
      id,
      rules,
      byTechnique.some(([other]) => other.startsWith(`${id}.`)),
    ),
  );
  return {
    name: 'winnow',
    versions: LAYER_VERSIONS,
    domain: 'enterprise-attack',
    description,
    sorting: BY_SCORE,
    layout: LAYOUT,
    techniques,
    gradient: { colors: COLOURS, minValue: 0, maxValue: techniques.reduce((most, { score = 0 }) => Math.max(most, score), 1) },
  };
}

function parentOf(technique: string): string {
  return technique.slice(0, 'T1234'.length);
}

function sumOf(rules: readonly RuleCount[]): number {
  return rules.reduce((sum, { count }) => sum + count, 0);
}

/** A technique whose sub-techniques are there is there as well: it unfolds to show them. */
function rulesByTechnique(counts: readonly RuleCount[]): ReadonlyMap<string, readonly RuleCount[]> {
  const byTechnique = new Map<string, RuleCount[]>();
  const rulesOf = (technique: string): RuleCount[] => getOrInsert(byTechnique, technique, () => []);
  for (const each of counts) {
    for (const technique of new Set(attackTags(each.rule.tags).techniques.filter((id) => ENTERPRISE.test(id)))) {
      rulesOf(parentOf(technique));
      rulesOf(technique).push(each);
    }
  }
  return byTechnique;
}

/** Without rules of its own a technique has no score: the Navigator would colour 0 as a score. */
function techniqueObject(techniqueID: string, counts: readonly RuleCount[], hasSubtechniques: boolean) {
  const rules = [...counts].sort((a, b) => severityOf(b.rule.level) - severityOf(a.rule.level) || b.count - a.count);
  return {
    techniqueID,
    ...(rules.length === 0 ? {} : { score: sumOf(rules) }),
    enabled: true,
    ...(hasSubtechniques ? { showSubtechniques: true } : {}),
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
