/** The layer for the ATT&CK Navigator, against what its format 4.5 asks for. */
import { type Schema, Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import type { RuleInfo } from '../../src/model/match.ts';
import { reporter } from '../../src/report/formats/navigator.ts';
import { navigatorLayer } from '../../src/report/other-tools/navigator-layer.ts';
import { runWinnow } from '../cli/test-context.ts';
import { makeRule, sampleReport } from './sample-report.ts';

const TEXT = { type: 'string' };
const FLAG = { type: 'boolean' };
const COLOUR = { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' };
const object = (required: readonly string[], properties: Readonly<Record<string, unknown>>) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});
const listOf = (items: unknown) => ({ type: 'array', items });
const some = { type: 'string', minLength: 1 };
const divider = object(['divider'], { divider: FLAG });
const metadata = listOf({ anyOf: [object(['name', 'value'], { name: some, value: some }), divider] });
const links = listOf({
  anyOf: [object(['label', 'url'], { label: some, url: { type: 'string', pattern: '^[a-z]+://' } }), divider],
});

/** Facts of mitre-attack/attack-navigator, layers/spec/v4.5/layerformat.md: names, types, allowed values, what is required. */
const LAYER = object(['name', 'domain', 'versions'], {
  name: some,
  versions: object(['navigator', 'layer'], {
    attack: { type: 'string', pattern: '^\\d+' },
    navigator: { type: 'string', pattern: '^(4\\.9|4\\.\\d\\d|[5-9])' },
    layer: { const: '4.5' },
  }),
  domain: { enum: ['enterprise-attack', 'mobile-attack', 'ics-attack'] },
  description: TEXT,
  customDataURL: TEXT,
  filters: object([], { platforms: listOf(TEXT) }),
  sorting: { enum: [0, 1, 2, 3] },
  layout: object([], {
    layout: { enum: ['side', 'flat', 'mini'] },
    showID: FLAG,
    showName: FLAG,
    showAggregateScores: FLAG,
    countUnscored: FLAG,
    aggregateFunction: { enum: ['average', 'min', 'max', 'sum'] },
    expandedSubtechniques: { enum: ['none', 'all', 'annotated'] },
  }),
  hideDisabled: FLAG,
  techniques: listOf(
    object(['techniqueID'], {
      techniqueID: { type: 'string', pattern: '^T\\d{4}(\\.\\d{3})?$' },
      tactic: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$' },
      comment: TEXT,
      enabled: FLAG,
      score: { type: 'number' },
      color: { anyOf: [COLOUR, { const: '' }] },
      metadata,
      links,
      showSubtechniques: FLAG,
    }),
  ),
  gradient: object(['colors', 'minValue', 'maxValue'], {
    colors: { type: 'array', items: COLOUR, minItems: 2 },
    minValue: { type: 'number' },
    maxValue: { type: 'number' },
  }),
  legendItems: listOf(object(['label', 'color'], { label: TEXT, color: COLOUR })),
  showTacticRowBackground: FLAG,
  tacticRowBackground: COLOUR,
  selectTechniquesAcrossTactics: FLAG,
  selectSubtechniquesWithParent: FLAG,
  selectVisibleTechniques: FLAG,
  metadata,
  links,
});
const validator = new Validator(LAYER as Schema, '7', false);

type Layer = ReturnType<typeof navigatorLayer>;

/** What the schema cannot say. */
function expectLayer(layer: Layer): void {
  expect(validator.validate(layer).errors).toEqual([]);
  const ids = layer.techniques.map(({ techniqueID }) => techniqueID);
  expect(ids).toEqual([...new Set(ids)]);
  expect(layer.gradient.maxValue).toBeGreaterThan(layer.gradient.minValue);
  for (const { techniqueID, showSubtechniques } of layer.techniques)
    expect([techniqueID, showSubtechniques === true]).toEqual([techniqueID, ids.some((id) => id.startsWith(`${techniqueID}.`))]);
}

describe('a layer for the Navigator', () => {
  const counted = (tags: readonly string[], count: number, more: Partial<RuleInfo> = {}) => ({
    rule: makeRule('Rule', { tags, ...more }),
    count,
    incidents: ['aa'],
  });

  it('has what the format asks for and nothing else', () => {
    expectLayer(JSON.parse([...reporter.render(sampleReport, { width: 80, colour: false })].join('')) as Layer);
    expectLayer(navigatorLayer([], ''));
    expectLayer(
      navigatorLayer(
        [
          counted(
            ['attack.t1546.003', 'attack.persistence', 'car.2013-01-002', 'attack.g0016', 'attack.T1059', 'attack.t0817'],
            3,
          ),
          counted(['attack.t1059.001', 'attack.t1059.001', 'attack.t12345', 'attack.t1059.0011'], 2, { title: '', level: null }),
        ],
        '',
      ),
    );
  });

  it('has it for a folder of rules as well', async () => {
    const { out } = await runWinnow(['rules', '-r', 'rules', '--format', 'navigator']);
    expectLayer(JSON.parse(out) as Layer);
  });

  it('leaves a technique without a score that only its sub-techniques have, and shows their highest there', () => {
    const layer = navigatorLayer(
      [counted(['attack.t1059.001'], 3), counted(['attack.t1059.003'], 4), counted(['attack.t1003'], 1)],
      '',
    );
    expect(layer.techniques.map(({ techniqueID, score }) => [techniqueID, score])).toEqual([
      ['T1003', 1],
      ['T1059', undefined],
      ['T1059.001', 3],
      ['T1059.003', 4],
    ]);
    expect(layer.gradient).toMatchObject({ minValue: 0, maxValue: 4 });
    expect(layer.layout).toMatchObject({ showAggregateScores: true, aggregateFunction: 'max', countUnscored: false });
  });
});
