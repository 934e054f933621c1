import { isSuspect } from '../nights/state.ts';
import { doubtsOf, seriesOf } from './doubts.ts';
import { doubted, type NightChange, type NightHead, type NightVerdict, type Shown } from './night.ts';

export interface CleanPointVerdict {
  /** The last snapshot that shows no known sign by its own content, and before «compromised since» where a person said so. */
  lastClean: { snapshot: string; time: string } | null;
  /** The last one before any sign: a sign that came and vanished was explained by nobody. */
  beforeFirstSign: { snapshot: string; time: string } | null;
  /** Each sign, with the first night that shows it and how many do. */
  dirtySince: { rule: string; snapshot: string; time: string; nights: number }[];
  /** What going back to `lastClean` loses, counted against the newest night of its series that was not encrypted; null where nothing is lost, or there is none. */
  lost: { sinceTime: string; untilTime: string; filesAdded: number; filesChanged: number; filesRemoved: number } | null;
  /** As the person said: later snapshots are fit for data only, onto rebuilt systems, whatever their content shows. */
  compromisedSince: string | null;
  /** Oldest claim first. `suspect` where it claims to be of that moment or later. */
  snapshots: (NightVerdict & {
    suspect: boolean;
    /** Against the night before of its series; null for the first. */
    change: NightChange | null;
  })[];
}

/** Who looks into nights. */
export interface NightJudge<Head extends NightHead> {
  /** Beside `reference` where there is one. */
  shown(night: Head, reference: Head | undefined): Promise<Shown>;
  change(before: Head, after: Head): Promise<NightChange>;
}

/**
 * From the nights of a repository and what is known of their contents to the last one with no known sign. Each night is compared with
 * the last one of its series that showed none: what was emptied stays emptied the night after.
 */
export async function cleanPointOf<Head extends NightHead>(
  nights: readonly Head[],
  judge: NightJudge<Head>,
  compromisedSince: string | null,
): Promise<CleanPointVerdict> {
  const ordered = nights.toSorted((one, other) => one.time.localeCompare(other.time) || one.id.localeCompare(other.id));
  const doubts = doubtsOf(ordered);
  const references = new Map<string, Head>();
  const lastOf = new Map<string, Head>();
  const snapshots: CleanPointVerdict['snapshots'] = [];
  const newestOf = new Map<string, Head>();
  let lastClean: Head | undefined;
  for (const night of ordered) {
    const series = seriesOf(night);
    const shown = doubted(await judge.shown(night, references.get(series)), doubts.get(night.id) ?? []);
    const before = lastOf.get(series);
    const change = before === undefined ? null : await judge.change(before, night);
    const suspect = isSuspect(night.time, compromisedSince);
    snapshots.push({ id: night.id, time: night.time, ...shown, suspect, change });
    lastOf.set(series, night);
    if (shown.verdict === 'clean') references.set(series, night);
    if (shown.verdict === 'clean' && !suspect) lastClean = night;
    if (!doubts.has(night.id) && !isDestroyed(shown)) newestOf.set(series, night);
  }
  return {
    lastClean: lastClean === undefined ? null : { snapshot: lastClean.id, time: lastClean.time },
    beforeFirstSign: beforeFirstSign(snapshots),
    dirtySince: dirtySince(snapshots),
    lost: await lossOf(judge, lastClean, lastClean && newestOf.get(seriesOf(lastClean))),
    compromisedSince,
    snapshots,
  };
}

/** Signs of a night whose data are no longer anybody's: going back to another one loses nothing of it. */
const destroyed: readonly string[] = ['content-encrypted', 'mass-rename'];

const isDestroyed = ({ findings }: Pick<CleanPointVerdict['snapshots'][number], 'findings'>): boolean =>
  findings.some(({ rule, explained }) => explained !== true && destroyed.includes(rule));

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
    for (const rule of new Set(findings.flatMap((finding) => (finding.explained === true ? [] : finding.rule)))) {
      const sign = signs.get(rule) ?? { rule, snapshot: id, time, nights: 0 };
      sign.nights += 1;
      signs.set(rule, sign);
    }
  }
  return [...signs.values()];
}

async function lossOf<Head extends NightHead>(
  judge: NightJudge<Head>,
  back: Head | undefined,
  newest: Head | undefined,
): Promise<CleanPointVerdict['lost']> {
  if (back === undefined || newest === undefined || back.id === newest.id) return null;
  const { added, changed, removed } = await judge.change(back, newest);
  const between = { sinceTime: back.time, untilTime: newest.time };
  return { ...between, filesAdded: added, filesChanged: changed, filesRemoved: removed };
}
