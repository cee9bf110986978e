/** Globs of configuration files: `*` within a name, `**` across folders, `?` one character. */

/** A function that tests paths with forward slashes. A pattern without a slash is compared with the file name only. */
export function globMatcher(pattern: string): (path: string) => boolean {
  const expression = new RegExp(
    `^${pattern
      .split(/(\*\*\/?|\*|\?)/)
      .map(partSource)
      .join('')}$`,
  );
  if (pattern.includes('/') || pattern === '**') return (path) => expression.test(path);
  return (path) => expression.test(path.slice(path.lastIndexOf('/') + 1));
}

/** Backtracking is possible only at stars. There are few of them, and the configuration is the user's own. */
function partSource(part: string): string {
  if (part === '**/') return '(?:[^/]+/)*';
  if (part === '**') return '.*';
  if (part === '*') return '[^/]*';
  if (part === '?') return '[^/]';
  return part.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
}
