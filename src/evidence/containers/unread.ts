/**
 * Containers that are known and not read. In: a file. Out: nothing. Refuses each with its name and with what to do, because
 * their bytes, taken for those of a disk, would say something wrong.
 */
import { InputError } from '../../model/errors.ts';
import type { Container } from './container.ts';

const CONVERT = 'Convert it: qemu-img convert -O raw IMAGE disk.raw';

const UNREAD: readonly (readonly [at: number, signature: string, what: string, advice: string])[] = [
  [64, '\x7f\x10\xda\xbe', 'a VDI of VirtualBox', CONVERT],
  [0, 'QED\0', 'a QED of QEMU', CONVERT],
  [0, 'WithoutFreeSpace', 'a disk of Parallels', CONVERT],
  [0, 'WithouFreSpacExt', 'a disk of Parallels', CONVERT],
  [0, 'COWD', 'a sparse extent of ESX', 'Clone the disk to another format there: vmkfstools -i'],
  [0, 'AFF10', 'an AFF image', 'Export it as E01 or raw'],
  [0, 'MSWIM\0\0\0', 'a WIM', 'It holds files and no disk: export the logs from it'],
];

export const container: Container = {
  priority: 50,
  recognise: ({ head }) => known(head) !== undefined,
  open({ head }) {
    const [, , what, advice] = known(head)!;
    throw new InputError(`it is ${what}, which is not read. ${advice}`);
  },
};

function known(head: Buffer): (typeof UNREAD)[number] | undefined {
  return UNREAD.find(([at, signature]) => head.toString('latin1', at, at + signature.length) === signature);
}
