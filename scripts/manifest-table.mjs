/**
 * node scripts/manifest-table.mjs FOLDER...
 *
 * In: folders with the manifests of event providers, as `PROVIDER.tsv` (github.com/jdu2600/Windows10EtwEvents) or `PROVIDER.xml`
 * (github.com/repnz/etw-providers-docs), each of another version of Windows. Out: `src/lint/knowledge/manifest-events.ts`: for the providers
 * below, the names of the fields of each event, of all versions together. Facts only: numbers and names.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Provider -> the channels that it alone, or nearly alone, writes to. */
const PROVIDERS = {
  'Microsoft-Windows-AppModel-Runtime': ['Microsoft-Windows-AppModel-Runtime/Admin'],
  'Microsoft-Windows-AppXDeployment-Server': ['Microsoft-Windows-AppXDeploymentServer/Operational'],
  'Microsoft-Windows-AppxPackagingOM': ['Microsoft-Windows-AppxPackaging/Operational'],
  'Microsoft-Windows-BitLocker-API': ['Microsoft-Windows-BitLocker/BitLocker Management'],
  'Microsoft-Windows-Bits-Client': ['Microsoft-Windows-Bits-Client/Operational'],
  'Microsoft-Windows-CAPI2': ['Microsoft-Windows-CAPI2/Operational'],
  'Microsoft-Windows-CertificateServicesClient-Lifecycle-System': [
    'Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational',
  ],
  'Microsoft-Windows-CodeIntegrity': ['Microsoft-Windows-CodeIntegrity/Operational'],
  'Microsoft-Windows-DNS-Client': ['Microsoft-Windows-DNS Client Events/Operational', 'Microsoft-Windows-DNS-Client/Operational'],
  'Microsoft-Windows-Diagnosis-Scripted': ['Microsoft-Windows-Diagnosis-Scripted/Operational'],
  'Microsoft-Windows-DriverFrameworks-UserMode': ['Microsoft-Windows-DriverFrameworks-UserMode/Operational'],
  'Microsoft-Windows-Kernel-EventTracing': [
    'Microsoft-Windows-Kernel-EventTracing',
    'Microsoft-Windows-Kernel-EventTracing/Admin',
    'Microsoft-Windows-Kernel-EventTracing/Analytic',
  ],
  'Microsoft-Windows-Kernel-ShimEngine': [
    'Microsoft-Windows-Kernel-ShimEngine/Operational',
    'Microsoft-Windows-Kernel-ShimEngine/Diagnostic',
  ],
  'Microsoft-Windows-LDAP-Client': ['Microsoft-Windows-LDAP-Client/Debug'],
  LsaSrv: ['Microsoft-Windows-LSA/Operational'],
  'Microsoft-Windows-Ntfs': ['Microsoft-Windows-Ntfs/Operational'],
  'Microsoft-Windows-NTLM': ['Microsoft-Windows-NTLM/Operational'],
  OpenSSH: ['OpenSSH/Operational'],
  'Microsoft-Windows-PrintService': ['Microsoft-Windows-PrintService/Admin', 'Microsoft-Windows-PrintService/Operational'],
  'Microsoft-Windows-SENSE': ['Microsoft-Windows-SENSE/Operational'],
  'Microsoft-Windows-Security-Mitigations': [
    'Microsoft-Windows-Security-Mitigations/Kernel Mode',
    'Microsoft-Windows-Security-Mitigations/User Mode',
    'Microsoft-Windows-Security-Mitigations/KernelMode',
    'Microsoft-Windows-Security-Mitigations/UserMode',
  ],
  'Microsoft-Windows-Shell-Core': ['Microsoft-Windows-Shell-Core/Operational'],
  'Microsoft-Windows-SMBClient': ['Microsoft-Windows-SmbClient/Connectivity', 'Microsoft-Windows-SmbClient/Security'],
  'Microsoft-Windows-SMBServer': ['Microsoft-Windows-SMBServer/Connectivity'],
  'Microsoft-Windows-TaskScheduler': ['Microsoft-Windows-TaskScheduler/Operational'],
  'Microsoft-Windows-TerminalServices-LocalSessionManager': [
    'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational',
  ],
  'Microsoft-Windows-VHDMP': ['Microsoft-Windows-VHDMP/Operational'],
};

/** Calls `take` with each event's id and its fields. */
function readTable(text, take) {
  for (const line of text.split('\n').slice(1)) {
    const [, id, , event] = line.split('\t');
    const list = /\((.*)\)\s*$/.exec(event ?? '')?.[1];
    if (list !== undefined) take(Number(id), list === '' ? [] : list.split(', ').map((field) => field.replace(/^\S+ /, '')));
  }
}

function readManifest(text, take) {
  const templates = new Map();
  for (const [, tid, body] of text.matchAll(/<template tid="([^"]*)">([\s\S]*?)<\/template>/g))
    templates.set(
      tid,
      [...body.matchAll(/<(?:data|struct) name="([^"]*)"/g)].map(([, name]) => name),
    );
  for (const [event] of text.matchAll(/<event value="[^>]*>/g)) {
    const template = / template="([^"]*)"/.exec(event)?.[1];
    take(Number(/value="(\d+)"/.exec(event)[1]), templates.get(template) ?? []);
  }
}

const entries = Object.entries(PROVIDERS).map(([provider, channels]) => {
  const events = new Map();
  const take = (id, fields) => {
    const known = events.get(id) ?? new Set();
    for (const field of fields) if (/^\w+$/.test(field)) known.add(field);
    events.set(id, known);
  };
  let found = false;
  for (const folder of process.argv.slice(2)) {
    for (const [ending, read] of [
      ['tsv', readTable],
      ['xml', readManifest],
    ]) {
      const path = join(folder, `${provider}.${ending}`);
      if (!existsSync(path)) continue;
      found = true;
      read(readFileSync(path, 'utf8'), take);
    }
  }
  if (!found) throw new Error(`no manifest of ${provider}`);
  // Events with the same fields stand together.
  const groups = new Map();
  for (const [id, fields] of [...events].sort(([a], [b]) => a - b)) {
    const names = [...fields].sort().join(' ');
    groups.set(names, [...(groups.get(names) ?? []), id]);
  }
  return { channels, text: [...groups].map(([names, ids]) => `${ids.join(',')} ${names}`.trim()).join('|') };
});

/** Lines of at most this many characters, so that the table is no longer than other files. */
const WIDTH = 540;

function wrapped(text) {
  const lines = [''];
  for (const word of text.split(/(?<=[ |])/)) {
    if (lines.at(-1).length + word.length > WIDTH) lines.push('');
    lines[lines.length - 1] += word;
  }
  return lines.map((line) => `'${line}'`).join(' +\n      ');
}

const file = new URL('../src/lint/knowledge/manifest-events.ts', import.meta.url);
writeFileSync(
  file,
  `/** Fields of the events of providers that have a log of their own. Made by \`scripts/manifest-table.mjs\` from manifests of Windows 7 to 11. */

export interface ProviderEvents {
  readonly channels: readonly string[];
  /** Groups of events with the same fields, between bars: the EventIDs, then the names. */
  readonly events: string;
}

export const PROVIDER_EVENTS: readonly ProviderEvents[] = [
${entries.map(({ channels, text }) => `  {\n    channels: [${channels.map((one) => `'${one}'`).join(', ')}],\n    events:\n      ${wrapped(text)},\n  },`).join('\n')}
];
`,
);
