import { catalog } from '../../sigma/logsource/catalog.ts';
import { editDistance } from '../../sigma/rule/suggest.ts';
import { selectionText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';
import { atomsOf } from '../logic/formula.ts';
import { literalOf } from '../logic/pattern.ts';

/** Providers that write to the logs System and Application, which many providers share. */
const SHARED_LOGS = [
  'Application Error',
  'Application Hang',
  'ESENT',
  'EventLog',
  'LsaSrv',
  'Microsoft-Windows-DHCP-Client',
  'Microsoft-Windows-DistributedCOM',
  'Microsoft-Windows-Eventlog',
  'Microsoft-Windows-GroupPolicy',
  'Microsoft-Windows-Kernel-General',
  'Microsoft-Windows-Kernel-Power',
  'Microsoft-Windows-Security-SPP',
  'Microsoft-Windows-Time-Service',
  'Microsoft-Windows-WindowsUpdateClient',
  'Microsoft-Windows-Winlogon',
  'Microsoft-Windows-WMI',
  'MsiInstaller',
  'NETLOGON',
  'Ntfs',
  'PowerShell',
  'Schannel',
  'Service Control Manager',
  'VSS',
  'Windows Error Reporting',
];

const known = new Map(
  [
    ...SHARED_LOGS,
    ...[...catalog.services.values()].flatMap(({ providers = [] }) => providers),
    ...[...catalog.categories.values()].flat().flatMap(({ providers }) => providers),
  ].map((name) => [name.toLowerCase(), name]),
);

/** Shorter names are too often one letter from another name. */
const MIN_LENGTH = 8;
/** How many letters may differ in a typing error. */
const MAX_SLIP = 2;

export const lintRule: LintRule = {
  id: 'provider-name-typo',
  severity: 'warning',
  summary: 'The name of a provider looks misspelt.',
  why: 'Windows has many providers, so an unknown one is no mistake; one that is a letter or two from a well-known one is.',
  avoid: selectionText(
    `Provider_Name: 'Servise Control Manager'
EventID: 7045`,
    'logsource:\n    product: windows\n    service: system',
  ),
  prefer: selectionText(
    `Provider_Name: 'Service Control Manager'
EventID: 7045`,
    'logsource:\n    product: windows\n    service: system',
  ),
  checkDetection(facts, report) {
    if (facts.sources.length === 0) return;
    for (const atom of new Set(atomsOf(facts.formula))) {
      const name = atom.field === 'Provider_Name' ? literalOf(atom.pattern) : undefined;
      const meant = name === undefined ? undefined : misspeltProvider(name);
      if (meant !== undefined)
        report({ at: atom.value.span, message: `no known provider is called "${name}".`, hint: `Did you mean "${meant}"?` });
    }
  },
};

function misspeltProvider(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (lower.length < MIN_LENGTH || known.has(lower)) return undefined;
  return [...known].find(([one]) => editDistance(lower, one) <= MAX_SLIP)?.[1];
}
