// Keeping and printing matches alone: node bench/keep.mjs RULES_ROOT LOG.evtx [PASSES]
// RULES_ROOT is a checkout of SigmaHQ/sigma; LOG.evtx any log (bench/make-log.mjs builds one from samples).
import { runRulesBench } from './support/rules-bench.mjs';

await runRulesBench('keep', '9', ({ benchKeep }, folders, log, passes) => {
  console.table(benchKeep(folders, log, passes));
});
