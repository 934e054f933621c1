import { doubtsOf, seriesOf } from './doubts.ts';
import { type Finding, judgedNight, type Known, type Night, type NightVerdict } from './night.ts';

export interface CleanPointVerdict {
  /** The last snapshot that shows no known sign by its own content, and before «compromised since» where a person said so. */
  lastClean: { snapshot: string; time: string } | null;
  /** The last one before any sign: a sign that came and vanished was explained by nobody. */
  beforeFirstSign: { snapshot: string; time: string } | null;
  /** Each sign, with the first night that shows it and how many do. */
  dirtySince: { rule: string; snapshot: string; time: string; nights: number }[];
  /** What going back to `lastClean` loses, counted against the newest night of its series; null where nothing is lost, or there is none. */
  lost: { sinceTime: string; untilTime: string; filesAdded: number; filesChanged: number; filesRemoved: number } | null;
  /** As the person said: later snapshots are fit for data only, onto rebuilt systems, whatever their content shows. */
  compromisedSince: string | null;
  /** Oldest claim first. `suspect` where it claims to be of that moment or later. */
  snapshots: (NightVerdict & { suspect: boolean })[];
}

/**
 * From the nights of a repository and what is known of their contents to the last one with no known sign. Each night is compared with
 * the last one of its series that showed none: what was emptied stays emptied the night after.
 */
export async function cleanPointOf(
  nights: readonly Omit<Night, 'files'>[],
  known: Known,
  /** The files of one night; asked once for each, in order of time, so that two nights at most are held at once. */
  filesOf: (id: string) => Promise<Pick<Night, 'files' | 'damaged'>>,
  compromisedSince: string | null,
): Promise<CleanPointVerdict> {
  const ordered = nights.toSorted((one, other) => one.time.localeCompare(other.time) || one.id.localeCompare(other.id));
  const doubts = doubtsOf(ordered.map((night) => ({ ...night, files: [] })));
  const references = new Map<string, Night>();
  const snapshots: CleanPointVerdict['snapshots'] = [];
  let [lastClean, newest]: [Night | undefined, Night | undefined] = [undefined, undefined];
  for (const night of ordered) {
    const { files, damaged } = await filesOf(night.id);
    const whole: Night = { ...night, files, damaged: [...night.damaged, ...damaged] };
    const series = seriesOf(night);
    const verdict = judgedNight(whole, references.get(series), known, doubts.get(night.id));
    const suspect = compromisedSince !== null && Date.parse(night.time) >= Date.parse(compromisedSince);
    snapshots.push({ ...verdict, suspect });
    if (verdict.verdict === 'clean') references.set(series, whole);
    if (verdict.verdict === 'clean' && !suspect) lastClean = whole;
    if (!doubts.has(night.id)) newest = whole;
  }
  return {
    lastClean: lastClean === undefined ? null : { snapshot: lastClean.id, time: lastClean.time },
    beforeFirstSign: beforeFirstSign(snapshots),
    dirtySince: dirtySince(snapshots),
    lost: lossOf(lastClean, newest),
    compromisedSince,
    snapshots,
  };
}

function beforeFirstSign(snapshots: CleanPointVerdict['snapshots']): CleanPointVerdict['beforeFirstSign'] {
  let last: CleanPointVerdict['beforeFirstSign'] = null;
  for (const { id, time, verdict, suspect } of snapshots) {
    if (verdict === 'dirty' || suspect) break;
    if (verdict === 'clean') last = { snapshot: id, time };
  }
  return last;
}

function dirtySince(snapshots: CleanPointVerdict['snapshots']): CleanPointVerdict['dirtySince'] {
  const signs = new Map<string, CleanPointVerdict['dirtySince'][number]>();
  for (const { id, time, verdict, findings } of snapshots) {
    if (verdict !== 'dirty') continue;
    for (const rule of new Set(findings.map((finding: Finding) => finding.rule))) {
      const sign = signs.get(rule) ?? { rule, snapshot: id, time, nights: 0 };
      sign.nights += 1;
      signs.set(rule, sign);
    }
  }
  return [...signs.values()];
}

function lossOf(back: Night | undefined, newest: Night | undefined): CleanPointVerdict['lost'] {
  if (back === undefined || newest === undefined || back.id === newest.id) return null;
  const before = new Map(back.files.map(({ path, content }) => [path, content]));
  const lost = { sinceTime: back.time, untilTime: newest.time, filesAdded: 0, filesChanged: 0, filesRemoved: 0 };
  for (const { path, content } of newest.files) {
    const then = before.get(path);
    before.delete(path);
    if (then === undefined) lost.filesAdded += 1;
    else if (then !== content) lost.filesChanged += 1;
  }
  return { ...lost, filesRemoved: before.size };
}
