// Matching alone: npm run bench -- match RULES_ROOT LOG.evtx [PASSES]
// RULES_ROOT is a checkout of SigmaHQ/sigma; LOG.evtx any log (bench/make-log.mjs builds one from samples).
import { runRulesBench } from './support/rules-bench.mjs';

export const run = (args) => runRulesBench('match', args, '5', printMatch);

function printMatch({ benchMatch }, folders, log, passes) {
  const results = benchMatch(folders, log, passes);
  console.table(
    results.map((result) =>
      Object.fromEntries(Object.entries(result).map(([key, value]) => [key, Math.round(value * 100) / 100])),
    ),
  );
  const [few, , all] = results;
  const grown = (key) => (all[key] / few[key]).toFixed(2);
  console.log(
    `${(all.rules / few.rules).toFixed(1)} times the rules: matching costs ${grown('usPerEvent')} times as much per event, reading and matching ${grown('totalMs')} times`,
  );
}
