/**
 * The user's home folder. Out: its path; an empty text where the system knows none, as in a container where the user is only a
 * number and HOME is not set. Refuses nothing, although Node's own function throws in this case.
 */
import { homedir } from 'node:os';

export function homeFolder(ask: () => string = homedir): string {
  try {
    return ask();
  } catch {
    return '';
  }
}
