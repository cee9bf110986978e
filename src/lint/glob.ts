/** Globs of configuration files: `*` within a name, `**` across folders, `?` one character. */

/** Tests a path with forward slashes. A pattern without a slash is asked of the file name alone. */
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

/** The pieces can only begin a match at one place each but for stars, which are few: configuration is the user's own. */
function partSource(part: string): string {
  if (part === '**/') return '(?:[^/]+/)*';
  if (part === '**') return '.*';
  if (part === '*') return '[^/]*';
  if (part === '?') return '[^/]';
  return part.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
}
