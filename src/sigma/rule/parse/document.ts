/** Parses one YAML document into a rule, a correlation or a filter. Refuses documents that are none of these. */
import type { DetectionRule, SigmaDocument } from '../../../model/rule.ts';
import { entryOf, type YamlMap } from '../../yaml/yaml.ts';
import { didYouMean } from '../suggest.ts';
import { parseCorrelation } from './correlation.ts';
import { parseFilter } from './filter.ts';
import { parseHead, parseLogSource } from './head.ts';
import type { ItemContext } from './item.ts';
import { nodeName } from './scalars.ts';
import { parseSelections } from './selections.ts';

const TESTS = 'These are tests of a rule: name the rule itself here, or run them with `winnow test`.';
const KINDS = ['detection', 'correlation', 'filter'];

/** null after a fault. */
export function parseDocument(map: YamlMap, context: ItemContext): SigmaDocument | null {
  const kinds = KINDS.filter((kind) => entryOf(map, kind) !== undefined);
  if (kinds.length > 1) {
    const message = `the document is both ${kinds.join(' and ')}.`;
    context.faults.error('kind', map.start, message, 'Split it into documents with "---" between them.');
    return null;
  }
  switch (kinds[0]) {
    case 'correlation':
      return parseCorrelation(map, context.faults);
    case 'filter':
      return parseFilter(map, context);
    case 'detection':
      return parseDetectionRule(map, context);
    default: {
      const areTests = entryOf(map, 'tests') !== undefined;
      const near = map.entries.map(({ key }) => didYouMean(key.text, KINDS)).find((hint) => hint !== undefined);
      const message = 'the document has no detection, correlation or filter: it is not a Sigma rule.';
      context.faults.error('no-detection', map.start, message, areTests ? TESTS : near);
      return null;
    }
  }
}

function parseDetectionRule(map: YamlMap, context: ItemContext): DetectionRule | null {
  const { faults } = context;
  const head = parseHead(map, faults);
  const source = parseLogSource(map, faults);
  const detection = entryOf(map, 'detection')!.value;
  if (detection.kind !== 'map') {
    faults.error('type', detection.start, `"detection" must be a map, not ${nodeName(detection)}.`);
    return null;
  }
  const parsed = parseSelections(detection, 'detection', [], context, entryOf(map, 'condition'));
  if (source === null || parsed === null || faults.refused) return null;
  return { kind: 'detection', head, logsource: source.logsource, logsourceSpan: source.span, ...parsed, filters: [] };
}
