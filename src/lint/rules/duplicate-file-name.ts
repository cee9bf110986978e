import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

const SECOND = ruleText(
  'title: Whoami From A Web Server',
  'id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9',
  "detection:\n    selection:\n        ParentImage|endswith: '\\w3wp.exe'\n    condition: selection",
);

export const lintRule: LintRule = {
  id: 'duplicate-file-name',
  severity: 'info',
  summary: 'Two rule files in different folders have the same name.',
  why: 'Backends and exclusion lists often keep only the file name; the second rule then replaces the first.',
  aliases: ['duplicate_filename', 'DuplicateFilenameValidator'],
  avoid: { 'a/proc_creation_win_whoami.yml': ruleText(), 'b/proc_creation_win_whoami.yml': SECOND },
  prefer: { 'a/proc_creation_win_whoami.yml': ruleText(), 'b/proc_creation_win_whoami_iis.yml': SECOND },
  checkSet(set, report) {
    const paths = new Map<string, string>();
    for (const document of set.documents) {
      if (document.isRetired) continue;
      const first = paths.get(document.fileName);
      if (first === undefined) paths.set(document.fileName, document.file.path);
      else if (first !== document.file.path) {
        report(document, { at: document.root, message: `the file name is also that of ${first}.`, hint: 'Rename one of them.' });
        // Reported once for each file, however many documents it has.
        paths.set(document.fileName, document.file.path);
      }
    }
  },
};
