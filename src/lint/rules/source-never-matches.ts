import { canMatchOn } from '../../sigma/logsource/observed.ts';
import { selectionText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'source-never-matches',
  severity: 'info',
  summary: 'One of the sources that serve the log source lacks fields that the rule needs.',
  why:
    'Security 4688 serves `process_creation`, but has no ParentCommandLine, OriginalFileName or Hashes. A rule that cannot hold ' +
    'without them is blind where Sysmon is not installed. Good to know, not wrong.',
  avoid: selectionText("OriginalFileName: 'whoami.exe'"),
  prefer: selectionText(`- OriginalFileName: 'whoami.exe'
- Image|endswith: '\\whoami.exe'`),
  checkDetection(facts, report) {
    if (facts.neverHolds) return;
    // Optional sources are left out, because nobody expects events from them.
    const sources = facts.usualSources;
    const blind = sources.filter((source) => !canMatchOn(facts.rule, source)).map((source) => source.via);
    if (blind.length === 0 || blind.length === sources.length) return;
    report({
      at: facts.rule.logsourceSpan,
      message: `events of ${blind.join(', ')} lack fields that the rule cannot do without.`,
    });
  },
};
