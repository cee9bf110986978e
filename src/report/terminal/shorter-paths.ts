/**
 * Leaves folders in the middle of paths out, for rows that are too long, because the beginning and the end of a path say more.
 * In: harmless text of one line. Out: the text, then forms of it with fewer and fewer folders. A folder whose name has blanks is
 * kept, because the blank may separate an argument. Folders that Windows itself has are the exception: they are known by name.
 */
import { ELLIPSIS } from '../text-layout.ts';

/** Names with blanks in the paths of Windows and of its registry. */
const NAMES = [
  String.raw`Program Files(?: \(x86\))?`,
  'Common Files',
  'Start Menu',
  'Windows NT',
  'Windows Defender',
  'Image File Execution Options',
  'Internet Settings',
  'Internet Explorer',
  'Session Manager',
];
const FOLDER = String.raw`(?:${NAMES.join('|')}|[^\\\s"'<>|:*?=,;]{1,255})\\`;
const PATH = new RegExp(String.raw`([A-Za-z]:|\\\\[^\\\s"]{1,255}\\[^\\\s"]{1,255}|HK[A-Z]{1,3})\\((?:${FOLDER})+)`, 'g');

/**
 * How many folders are kept at the beginning and at the end, in paths of files and of the registry. In the registry, the last key
 * tells what a value is.
 */
const STEPS = [
  { file: [1, 1], key: [1, 1] },
  { file: [1, 0], key: [0, 1] },
] as const;

export function shorterForms(text: string): readonly [string, ...string[]] {
  const forms: [string, ...string[]] = [text];
  for (const { file, key } of STEPS) {
    const form = text.replace(PATH, (whole, root: string, folders: string) => {
      const [first, last] = root.startsWith('HK') ? key : file;
      const all = folders.split('\\').slice(0, -1);
      const kept = [...all.slice(0, first), ELLIPSIS, ...all.slice(all.length - last)];
      return kept.length > all.length ? whole : `${root}\\${kept.join('\\')}\\`;
    });
    if (form.length < forms.at(-1)!.length) forms.push(form);
  }
  return forms;
}
