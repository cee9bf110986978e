/** The rules of SigmaHQ, read once for all test files of a process: that takes seconds. Nobody may change them. */
import type { LoadedRules } from '../../src/model/rule.ts';
import { loadRules } from '../../src/sigma/rule/load.ts';
import { shared } from './shared.ts';

export const SIGMAHQ = [
  'rules',
  'rules-emerging-threats',
  'rules-threat-hunting',
  'rules-compliance',
  'rules-placeholder',
  'unsupported',
  'deprecated',
].map((folder) => shared('corpus', 'sigmahq', folder));

let loaded: LoadedRules | undefined;

export function sigmahqRules(): LoadedRules {
  loaded ??= loadRules(SIGMAHQ);
  return loaded;
}
