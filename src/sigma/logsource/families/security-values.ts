/**
 * Turns values of the Security log into what Sysmon writes for the same thing: one derivation for each kind of value. Values
 * that cannot be read stay as they are.
 */
import type { Derivation } from '../family.ts';
import { eachText, filledText, spellings, textsOf } from '../values.ts';

/**
 * `DOMAIN\user` from pairs of domain and name. The last pair with a value wins: in 4688 this is Target, the account that the
 * new process runs as, which is filled in where it differs from the creator's.
 */
const account: Derivation = (values) => {
  for (let i = values.length - 2; i >= 0; i -= 2) {
    const name = filledText(values[i + 1]);
    if (name === undefined) continue;
    const domain = filledText(values[i]);
    return domain === undefined ? name : `${domain}\\${name}`;
  }
  return undefined;
};

/** `DOMAIN\user` and the bare name, because mappings in use disagree about which of them a rule sees for 4657. */
const accountOrName: Derivation = (values, argument) => {
  const full = account(values, argument);
  return full === undefined ? undefined : spellings([...textsOf(full), ...textsOf(values[1])]);
};

const HEX = /^0x[0-9a-f]{1,16}$/i;
const DECIMAL = /^\d{1,20}$/;

/**
 * Ids of processes and logons: as logged, in hex without padding, and in decimal. Windows writes hex here, Sysmon writes
 * process ids in decimal.
 */
const hexAndDecimal: Derivation = ([value]) =>
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
const mandatoryLabel: Derivation = ([label]) =>
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

/**
 * The log has the name of the volume instead of its drive letter. So the result is the path as logged, and the path under each
 * letter that the volume may have.
 */
const devicePath: Derivation = ([path]) =>
  eachText(path, (text) => {
    const local = VOLUME.exec(text)?.[1];
    if (local !== undefined) return [text, ...DRIVES.map((drive) => `${drive}:${local}`)];
    const remote = REDIRECTOR.exec(text)?.[1];
    return remote === undefined ? [text] : [text, `\\${remote}`];
  });

function lookup(names: Readonly<Record<string, readonly string[]>>): Derivation {
  return ([value]) => eachText(value, (text) => names[text.trim().toLowerCase()] ?? [text]);
}

/** The field Direction of event 5156. */
const initiated: Derivation = lookup({
  '%%14593': ['true'],
  outbound: ['true'],
  '%%14592': ['false'],
  inbound: ['false'],
});

/** IANA protocol numbers, as the names that Sysmon writes and as logged, because rules about 5156 itself ask for the number. */
const ipProtocol: Derivation = lookup({
  '1': ['icmp', '1'],
  '6': ['tcp', '6'],
  '17': ['udp', '17'],
  '58': ['icmpv6', '58'],
});

const ipv6: Derivation = ([address]) => eachText(address, (text) => [text.includes(':') ? 'true' : 'false']);

/**
 * OperationType of 4657. Converted rule sets call a newly created value CreateKey, Sysmon would call it SetValue: rules may ask
 * for either.
 */
const registryEventType: Derivation = lookup({
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

/**
 * `\REGISTRY\MACHINE\SOFTWARE\X` and value name `Y` give `HKLM\SOFTWARE\X\Y`. A path in a numbered control set
 * (`ControlSet001`) also gives the one in `CurrentControlSet`.
 */
const registryPath: Derivation = ([object, valueName]) => {
  const name = filledText(valueName);
  return eachText(object, (text) => {
    const upper = text.toUpperCase();
    const hive = HIVES.find(([kernel]) => upper === kernel || upper.startsWith(`${kernel}\\`));
    const key = hive === undefined ? text : hive[1] + text.slice(hive[0].length);
    const path = name === undefined ? key : `${key}\\${name}`;
    return [path, path.replace(CONTROL_SET, '\\CurrentControlSet')];
  });
};

/** `%%1876` stands for REG_DWORD. Sysmon prints such a value as `DWORD (0x00000001)`. */
const DWORD_TYPES = ['%%1876', 'REG_DWORD'];

const registryDetails: Derivation = ([value, type]) =>
  eachText(value, (text) => {
    const dword = textsOf(type).some((one) => DWORD_TYPES.includes(one.toUpperCase()));
    if (!dword || (!HEX.test(text) && !DECIMAL.test(text))) return [text];
    return [text, `DWORD (0x${BigInt(text).toString(16).padStart(8, '0')})`];
  });

export const derivations: Readonly<Record<string, Derivation>> = {
  account,
  'account-or-name': accountOrName,
  'device-path': devicePath,
  'hex-and-decimal': hexAndDecimal,
  initiated,
  'ip-protocol': ipProtocol,
  ipv6,
  'mandatory-label': mandatoryLabel,
  'registry-details': registryDetails,
  'registry-event-type': registryEventType,
  'registry-path': registryPath,
};
