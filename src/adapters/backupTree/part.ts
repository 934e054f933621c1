/** The names on the way to one thing of a snapshot, or undefined where it is no path inside it: `..`, an absolute one, an empty name. */
export function namesOf(part: string): string[] | undefined {
  const names = part.split('/');
  return names.some((name) => name === '' || name === '.' || name === '..' || name.includes('\0')) ? undefined : names;
}

/** Whether a path is what was asked for, or stands below it. */
export const isWithin = (path: string, part: string | undefined): boolean =>
  part === undefined || path === part || path.startsWith(`${part}/`);
