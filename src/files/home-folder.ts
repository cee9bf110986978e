/**
 * The user's home folder. Out: its path; an empty text where there is none: a container may run as a number that its list of users does
 * not have, and without HOME. Refuses nothing, where `homedir` of Node throws.
 */
import { homedir } from 'node:os';

export function homeFolder(ask: () => string = homedir): string {
  try {
    return ask();
  } catch {
    return '';
  }
}
