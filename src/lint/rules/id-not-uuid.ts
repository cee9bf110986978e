import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

export const lintRule: LintRule = {
  id: 'id-not-uuid',
  severity: 'warning',
  summary: 'The id is not a UUID.',
  why: 'The JSON schema of the specification asks for a UUID. Tools that import rules refuse or renumber anything else.',
  avoid: ruleText('id: whoami-1'),
  prefer: ruleText(),
  check(document, report) {
    const id = document.scalar('id');
    if (id !== undefined && id.text !== '' && !UUID.test(id.text)) {
      report({ at: id, message: `"${id.text}" is not a UUID.`, hint: 'Use a new random UUID; keep the old name in `name:`.' });
    }
  },
};
