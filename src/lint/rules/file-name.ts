import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

/** SigmaHQ conventions, "Filenames". */
const FILE_NAME = /^(?=.*_)[a-z0-9_]{10,90}\.yml$/;

/** Prefixes of file names for the common Windows log sources. */
const PREFIXES: Readonly<Record<string, string>> = {
  process_creation: 'proc_creation_win_',
  file_event: 'file_event_win_',
  file_delete: 'file_delete_win_',
  file_access: 'file_access_win_',
  file_change: 'file_change_win_',
  file_rename: 'file_rename_win_',
  registry_set: 'registry_set_',
  registry_add: 'registry_add_',
  registry_delete: 'registry_delete_',
  registry_event: 'registry_event_',
  image_load: 'image_load_',
  network_connection: 'net_connection_win_',
  dns_query: 'dns_query_win_',
  process_access: 'proc_access_win_',
  pipe_created: 'pipe_created_',
  driver_load: 'driver_load_win_',
  create_remote_thread: 'create_remote_thread_win_',
  create_stream_hash: 'create_stream_hash_',
  ps_script: 'posh_ps_',
  ps_module: 'posh_pm_',
  ps_classic_start: 'posh_pc_',
  wmi_event: 'sysmon_wmi_',
};

export const lintRule: LintRule = {
  id: 'file-name',
  severity: 'info',
  summary: 'The file is not named as SigmaHQ names files.',
  why: 'At SigmaHQ the name says at first sight which log source a rule needs: lower case, underscores, 10 to 90 characters, a prefix per log source.',
  aliases: [
    'sigmahq_filename_convention',
    'SigmahqFilenameConventionValidator',
    'sigmahq_filename_prefix',
    'SigmahqFilenamePrefixValidator',
    'sigmahq_correlation_filename_prefix',
    'SigmahqCorrelationFilenamePrefixValidator',
    'filename_length',
    'FilenameLengthValidator',
  ],
  convention: 'sigmahq',
  avoid: { 'Whoami.yml': ruleText() },
  prefer: { 'proc_creation_win_whoami.yml': ruleText() },
  check(document, report) {
    const { fileName } = document;
    if (!FILE_NAME.test(fileName)) {
      report({
        at: document.root,
        message: `"${fileName}" is not a name in lower case with underscores, of 10 to 90 characters.`,
      });
      return;
    }
    if (document.kind === 'correlation') {
      if (!fileName.startsWith('correlation_'))
        report({ at: document.root, message: `"${fileName}" does not begin with "correlation_".` });
      return;
    }
    const category = document.scalar('logsource', 'category')?.text ?? '';
    const prefix = Object.hasOwn(PREFIXES, category) ? PREFIXES[category] : undefined;
    if (
      document.scalar('logsource', 'product')?.text !== 'windows' ||
      prefix === undefined ||
      fileName.startsWith('correlation_')
    )
      return;
    if (!fileName.startsWith(prefix)) report({ at: document.root, message: `"${fileName}" does not begin with "${prefix}".` });
  },
};
