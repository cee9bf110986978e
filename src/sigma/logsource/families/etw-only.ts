/** Log sources of the taxonomy that no event log holds: a rule for them is reported as not applicable, never run. */
import type { LogSourceFamily } from '../family.ts';

const KERNEL_FILE = 'only the ETW provider Microsoft-Windows-Kernel-File sees it, no event log holds it';

export const family: LogSourceFamily = {
  name: 'etw-only',
  notApplicable: {
    categories: {
      file_access: `category "file_access": ${KERNEL_FILE}`,
      file_rename: `category "file_rename": ${KERNEL_FILE}`,
    },
    services: {
      iis: 'service "iis": W3C text logs of the web server, not an event log',
    },
  },
};
