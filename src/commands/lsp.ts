/** `winnow lsp`: a language server for editors. */
import { defineCommand, EXIT } from './command.ts';
import { lspFlags } from './flags/lsp-flags.ts';

export const command = defineCommand({
  name: 'lsp',
  auxiliary: true,
  summary: 'serve an editor: findings while a rule is written',
  description:
    'Speaks the Language Server Protocol over stdin and stdout. An editor shows what lint finds in the text as it stands, offers its corrections, completes keys, fields, modifiers, values, tags and names of log sources, and says what an item matches. The folders of its workspace are the rules that others refer to. docs/editors.md has set-ups for VS Code and Neovim.',
  examples: [
    { line: 'winnow lsp', what: 'what an editor is told to start' },
    { line: 'winnow lsp --stdio --config ci/lint.yml', what: 'as some editors start it, with one configuration for all rules' },
    { line: 'winnow lsp -r sigma/rules', what: 'with rules outside of the workspace that others refer to' },
  ],
  operands: [],
  flags: lspFlags,
  exitCodes: [
    { code: EXIT.done, when: 'the editor has ended the server' },
    { code: EXIT.findings, when: 'the editor has gone without ending it' },
    { code: EXIT.usage, when: 'the command line or a file that it names is wrong' },
  ],
  load: async () => (await import('./run/run-lsp.ts')).runLsp,
});
