// Keeping and printing matches alone: npm run bench -- keep RULES_ROOT LOG.evtx [PASSES]
// RULES_ROOT is a checkout of SigmaHQ/sigma; LOG.evtx any log (bench/make-log.mjs builds one from samples).
import { runRulesBench } from './support/rules-bench.mjs';

export const run = (args) =>
  runRulesBench('keep', args, '9', ({ benchKeep }, folders, log, passes) => console.table(benchKeep(folders, log, passes)));
