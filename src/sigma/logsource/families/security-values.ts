/** How the Security log spells what Sysmon spells differently: one derivation each. */
import type { Derivation } from '../family.ts';
import { eachText, filledText, spellings, textsOf } from '../values.ts';

/**
 * `DOMAIN\user` from domain and name pairs; the last pair that is filled in wins. In 4688 that is Target, the account the new
 * process runs as, where it differs from the creator's.
 */
export const account: Derivation = (values) => {
  for (let i = values.length - 2; i >= 0; i -= 2) {
    const name = filledText(values[i + 1]);
    if (name === undefined) continue;
    const domain = filledText(values[i]);
    return domain === undefined ? name : `${domain}\\${name}`;
  }
  return undefined;
};

/** `DOMAIN\user` and the bare name: mappings in use differ in which of them a rule sees for 4657. */
export const accountOrName: Derivation = (values, argument) => {
  const full = account(values, argument);
  return full === undefined ? undefined : spellings([...textsOf(full), ...textsOf(values[1])]);
};

const HEX = /^0x[0-9a-f]{1,16}$/i;
const DECIMAL = /^\d{1,20}$/;

/** Process and logon ids: as logged, in hex without padding, and in decimal. Windows writes hex here, Sysmon decimal process ids. */
export const hexAndDecimal: Derivation = ([value]) =>
  eachText(value, (text) => {
    if (!HEX.test(text) && !DECIMAL.test(text)) return [text];
    const number = BigInt(text);
    return [text, `0x${number.toString(16)}`, number.toString()];
  });

/** Mandatory label SID -> what Sysmon prints as IntegrityLevel. Windows SDK, winnt.h: SECURITY_MANDATORY_*_RID. */
const INTEGRITY_LEVELS: Readonly<Record<string, string>> = {
  'S-1-16-0': 'Untrusted',
  'S-1-16-4096': 'Low',
  'S-1-16-8192': 'Medium',
  'S-1-16-8448': 'MediumPlus',
  'S-1-16-12288': 'High',
  'S-1-16-16384': 'System',
  'S-1-16-20480': 'ProtectedProcess',
};

/** Exports with rendered values: `Mandatory Label\High Mandatory Level`. */
const RENDERED_LABEL = /^mandatory label\\(.+) mandatory level$/i;

/** The SID and its name: SigmaHQ rules ask for either. */
export const mandatoryLabel: Derivation = ([label]) =>
  eachText(label, (text) => {
    const name = RENDERED_LABEL.exec(text)?.[1]?.replaceAll(' ', '').toLowerCase();
    const known = Object.entries(INTEGRITY_LEVELS).find(
      ([sid, level]) => sid === text.toUpperCase() || level.toLowerCase() === name,
    );
    return known === undefined ? [text] : [text, ...known];
  });

const VOLUME = /^\\device\\harddiskvolume\d+(\\.*)$/is;
const REDIRECTOR = /^\\device\\mup(\\.*)$/is;
/** A: and B: are floppy drives. */
const DRIVES = [...'CDEFGHIJKLMNOPQRSTUVWXYZ'];

/** The log knows the volume, not its letter: the path as logged, and under each drive it may stand for. */
export const devicePath: Derivation = ([path]) =>
  eachText(path, (text) => {
    const local = VOLUME.exec(text)?.[1];
    if (local !== undefined) return [text, ...DRIVES.map((drive) => `${drive}:${local}`)];
    const remote = REDIRECTOR.exec(text)?.[1];
    return remote === undefined ? [text] : [text, `\\${remote}`];
  });

function lookup(names: Readonly<Record<string, readonly string[]>>): Derivation {
  return ([value]) => eachText(value, (text) => names[text.trim().toLowerCase()] ?? [text]);
}

/** 5156 Direction. */
export const initiated: Derivation = lookup({
  '%%14593': ['true'],
  outbound: ['true'],
  '%%14592': ['false'],
  inbound: ['false'],
});

/** IANA protocol numbers, in Sysmon's words and as logged: rules about 5156 itself ask for the number. */
export const ipProtocol: Derivation = lookup({
  '1': ['icmp', '1'],
  '6': ['tcp', '6'],
  '17': ['udp', '17'],
  '58': ['icmpv6', '58'],
});

export const ipv6: Derivation = ([address]) => eachText(address, (text) => [text.includes(':') ? 'true' : 'false']);

/** 4657 OperationType. A value that is created is CreateKey in converted rule sets and SetValue in what it means: both hold. */
export const registryEventType: Derivation = lookup({
  '%%1904': ['SetValue', 'CreateKey'],
  'new registry value created': ['SetValue', 'CreateKey'],
  '%%1905': ['SetValue'],
  'existing registry value modified': ['SetValue'],
  '%%1906': ['DeleteValue'],
  'registry value deleted': ['DeleteValue'],
});

const HIVES: readonly (readonly [string, string])[] = [
  ['\\REGISTRY\\MACHINE', 'HKLM'],
  ['\\REGISTRY\\USER', 'HKU'],
];
const CONTROL_SET = /\\ControlSet\d{3}(?=\\|$)/i;

/** `\REGISTRY\MACHINE\SOFTWARE\X` and value name `Y` -> `HKLM\SOFTWARE\X\Y`; a numbered control set also as the current one. */
export const registryPath: Derivation = ([object, valueName]) => {
  const name = filledText(valueName);
  return eachText(object, (text) => {
    const upper = text.toUpperCase();
    const hive = HIVES.find(([kernel]) => upper === kernel || upper.startsWith(`${kernel}\\`));
    const key = hive === undefined ? text : hive[1] + text.slice(hive[0].length);
    const path = name === undefined ? key : `${key}\\${name}`;
    return [path, path.replace(CONTROL_SET, '\\CurrentControlSet')];
  });
};

/** `%%1876`: REG_DWORD. Sysmon prints such a value as `DWORD (0x00000001)`. */
const DWORD_TYPES = ['%%1876', 'REG_DWORD'];

export const registryDetails: Derivation = ([value, type]) =>
  eachText(value, (text) => {
    const dword = textsOf(type).some((one) => DWORD_TYPES.includes(one.toUpperCase()));
    if (!dword || (!HEX.test(text) && !DECIMAL.test(text))) return [text];
    return [text, `DWORD (0x${BigInt(text).toString(16).padStart(8, '0')})`];
  });
