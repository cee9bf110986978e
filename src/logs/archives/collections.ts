/**
 * Evidence collections: which tool made the archive, which computer it comes from, and where its files were on that computer.
 * In: the archive's name and the names of the logs in it. Out: a sentence, or null for any other archive. The names are only
 * shown.
 */

/** `uploads/auto/C%3A/Windows/...`, `uploads/ntfs/%5C%5C.%5CC%3A/Windows/...`. */
const VELOCIRAPTOR = /(?:^|\/)uploads\/(?:auto|ntfs|lazy_ntfs|ntfs_vss|file|mft)\/(.+)$/i;
/** `Collection-PC1_example_org-2024-03-05T09_06_22Z.zip`, or the name that an offline collector gives its archive. */
const VELOCIRAPTOR_NAME = /(?:^|[\\/])(?:Velociraptor-)?Collection-(.+?)-\d{4}-\d\d-\d\dT/i;
/** `C/Windows/System32/...` below any folders: made by KAPE or CyLR. */
const DRIVE = /(?:^|\/)([A-Za-z])\/((?:Windows|Users|ProgramData|Program Files|inetpub)\/.+)$/i;
/** `\\.\` or `\\?\`, with which Windows begins the names of devices. */
const DEVICE = /^\\\\[.?]\\/;
/** `2024-03-05T090622_PC1.zip`: made by KAPE. */
const KAPE_NAME = /(?:^|[\\/])\d{4}-\d\d-\d\dT\d{6}_([^\\/]+?)(?:_[^\\/_]*)?\.(?:zip|7z)$/i;
/** `HarddiskVolumeShadowCopy3` in a path. */
const SHADOW = /HarddiskVolumeShadowCopy(\d+)/i;
/** The most folders named in the sentence. */
const FOLDERS = 3;

function decoded(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * The path on the computer, as `C:\Windows\System32\winevt\Logs\Security.evtx`, for a name in a collection; null for other
 * names.
 */
export function windowsPath(path: string): string | null {
  const upload = VELOCIRAPTOR.exec(path)?.[1];
  if (upload !== undefined) return upload.split('/').map(decoded).join('\\').replace(DEVICE, '');
  const drive = DRIVE.exec(path);
  return drive === null ? null : `${drive[1]!.toUpperCase()}:\\${drive[2]!.replaceAll('/', '\\')}`;
}

/** `VSS3/Windows/...`, `VSS3/C/Windows/...`: made by KAPE of a shadow copy. */
const KAPE_SHADOW = /(?:^|\/)VSS(\d+)\/(?:([A-Za-z])\/)?((?:Windows|Users|ProgramData|Program Files|inetpub)\/.+)$/i;

/** Where a log was on its computer, and in which shadow copy; null for a path that no known collection has. */
export function collectedPlace(path: string): { readonly path: string; readonly shadowCopy: number | null } | null {
  const slashed = path.replaceAll('\\', '/');
  const kape = KAPE_SHADOW.exec(slashed);
  if (kape !== null) {
    const drive = kape[2] === undefined ? '' : `${kape[2].toUpperCase()}:`;
    return { path: `${drive}\\${kape[3]!.replaceAll('/', '\\')}`, shadowCopy: Number(kape[1]) };
  }
  const place = windowsPath(slashed);
  if (place === null) return null;
  const shadow = SHADOW.exec(place)?.[1];
  return { path: place, shadowCopy: shadow === undefined ? null : Number(shadow) };
}

export function collectionIn(archive: string, paths: readonly string[]): string | null {
  const places = paths.flatMap((path) => windowsPath(path) ?? []);
  if (places.length === 0) return null;
  const isVelociraptor = paths.some((path) => VELOCIRAPTOR.test(path));
  const host = (isVelociraptor ? VELOCIRAPTOR_NAME : KAPE_NAME).exec(archive)?.[1];
  const tool = isVelociraptor ? 'collection of Velociraptor' : 'collection in the layout of KAPE or CyLR';
  const folders = new Map<string, number>();
  for (const place of places) {
    const folder = place.slice(0, place.lastIndexOf('\\'));
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  const named = [...folders].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const shown = named.slice(0, FOLDERS).map(([folder, count]) => `${folder} (${count})`);
  const more = named.length > FOLDERS ? ` and ${named.length - FOLDERS} more folders` : '';
  const shadows = new Set(places.flatMap((place) => SHADOW.exec(place)?.[1] ?? []));
  const copies =
    shadows.size === 0 ? '' : `; ${shadows.size === 1 ? 'a shadow copy is' : `${shadows.size} shadow copies are`} among them`;
  const logs = places.length === 1 ? '1 log' : `${places.length} logs`;
  return `a ${tool}${host === undefined ? '' : `, of ${host}`}: ${logs} from ${shown.join(', ')}${more}${copies}.`;
}
