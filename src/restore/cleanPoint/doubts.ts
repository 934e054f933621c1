import type { Finding, NightHead } from './night.ts';

/** A backup that runs a day and a half is dated by its start, its file by its end. */
const attestedMilliseconds = 36 * 3_600_000;
/** So many snapshots of one machine and the same folders make its series; one that is no third of that is foreign in it. */
const seriesMin = 3;
const foreignShare = 1 / 3;

/**
 * What speaks against the date or the origin of each night, by its id. A night's own time is a claim; when its file was written is a
 * claim of the storage. Where both agree the night is attested. One that is not, and claims to be older than an attested night that
 * was already there when it was written, was dated back. In a copied repository none is attested: then the longest row of nights
 * whose claims follow the order of their writing is believed, and what stands across it is not.
 */
export function doubtsOf(nights: readonly NightHead[]): Map<string, Finding[]> {
  const doubts = new Map<string, Finding[]>();
  const doubt = ({ id }: NightHead, rule: string, reason: string) =>
    doubts.set(id, [...(doubts.get(id) ?? []), { path: '/', rule, reason }]);
  const dated = nights
    .flatMap((night) =>
      night.storedAt === undefined
        ? []
        : [{ night, claimed: Date.parse(night.time), stored: Date.parse(night.storedAt), storedAt: night.storedAt }],
    )
    .toSorted((one, other) => one.stored - other.stored || one.claimed - other.claimed);
  const attested = dated.filter(({ claimed, stored }) => Math.abs(stored - claimed) <= attestedMilliseconds);
  const believed = new Set(attested.length > 0 ? attested : longestRow(dated));
  for (const one of dated) {
    if (believed.has(one)) continue;
    const across = [...believed].some(
      ({ claimed, stored }) =>
        (stored < one.stored && claimed > one.claimed) || (stored > one.stored && claimed < one.claimed),
    );
    if (across)
      doubt(
        one.night,
        'date-contradicted',
        `says ${one.night.time}; its storage has it written on ${one.storedAt}, out of that order`,
      );
  }
  const series = new Map<string, number>();
  for (const night of nights) series.set(seriesOf(night), (series.get(seriesOf(night)) ?? 0) + 1);
  const longest = Math.max(0, ...series.values());
  for (const night of nights) {
    const own = series.get(seriesOf(night)) ?? 0;
    if (longest >= seriesMin && own <= longest * foreignShare)
      doubt(
        night,
        'foreign',
        `is of ${night.host}, ${night.paths.join(' ')}: ${own} of ${nights.length} snapshots here are`,
      );
  }
  return doubts;
}

/** Nights of one machine and the same folders follow each other. */
export const seriesOf = ({ host, paths }: Pick<NightHead, 'host' | 'paths'>): string => [host, ...paths].join('\0');

/** The longest row, in the order given, whose claims never go back (patience sorting). */
function longestRow<One extends { claimed: number }>(dated: readonly One[]): One[] {
  const ends: { one: One; before: (typeof ends)[number] | undefined }[] = [];
  for (const one of dated) {
    const place = ends.findIndex((end) => end.one.claimed > one.claimed);
    const at = place < 0 ? ends.length : place;
    ends[at] = { one, before: ends[at - 1] };
  }
  const row: One[] = [];
  for (let end = ends.at(-1); end !== undefined; end = end.before) row.push(end.one);
  return row;
}
