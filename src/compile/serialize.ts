/** Rule sets as one buffer: for threads and for the disk cache. */
import { deserialize, serialize } from 'node:v8';
import type { RuleSet } from '../model/ruleset.ts';

/** One buffer that {@link deserializeRuleSet} reads back, in this program on this version of Node. */
export function serializeRuleSet(ruleSet: RuleSet): Buffer {
  return serialize(ruleSet);
}

export function deserializeRuleSet(bytes: Uint8Array): RuleSet {
  return deserialize(bytes) as RuleSet;
}
