import type { LintDocument } from '../document.ts';
import { ruleText } from '../examples.ts';
import { contextBy } from '../facts/context-index.ts';
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
    const inContext = contextBy(set, fileNameOf);
    const paths = new Map<string, string>();
    for (const document of set.own) {
      const name = fileNameOf(document);
      if (name === undefined) continue;
      const { path } = document.file;
      const first = paths.get(name) ?? inContext.get(name)?.find(({ file }) => file.path !== path)?.file.path;
      if (first !== undefined && first !== path)
        report(document, { at: document.root, message: `the file name is also that of ${first}.`, hint: 'Rename one of them.' });
      // Reported once for each file, however many documents it has.
      paths.set(name, path);
    }
  },
};

/** Retired rules are kept beside those that took their place. */
function fileNameOf(document: LintDocument): string | undefined {
  return document.isRetired ? undefined : document.fileName;
}
