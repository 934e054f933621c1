import type { Torn } from '../torn.ts';

/** Rows of pages, behind the first, that are none of their format. */
export function foreignPages(content: Buffer, pageBytes: number, isPage: (at: number) => boolean): Torn[] {
  const torn: Torn[] = [];
  for (let at = pageBytes; at + pageBytes <= content.length; at += pageBytes) {
    if (isPage(at)) continue;
    const last = torn.at(-1);
    if (last?.to === at) last.to += pageBytes;
    else torn.push({ from: at, to: at + pageBytes, shows: 'plain' });
  }
  return torn;
}
