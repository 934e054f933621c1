import type { ComponentBackupsView } from '../../restore/nights/views.ts';
import * as format from '../../words/format.ts';
import { useNow } from '../feed/World.tsx';
import { Icon, type IconName } from '../parts/Icon.tsx';
import { useWords } from '../words/Words.tsx';

const icons: { [badge in ComponentBackupsView['badge']]: IconName } = {
  proved: 'check',
  changed: 'catchingUp',
  unproved: 'unknown',
};

/** Whether its restoration was seen to work, since when, and why no longer. */
export function Badge({ of: { badge, proof } }: { of: ComponentBackupsView }) {
  const { t } = useWords();
  const told = useBadgeWords();
  return (
    <p className="badge" data-badge={badge}>
      <span className="badge-mark">
        <Icon name={icons[badge]} />
        {t.backups.badges[badge]}
      </span>{' '}
      <span className="badge-since">{told({ badge, proof })}</span>
    </p>
  );
}

/** What stands beside the word: what was seen and when. */
export function useBadgeWords(): (of: Pick<ComponentBackupsView, 'badge' | 'proof'>) => string {
  const { t, reading } = useWords();
  const now = useNow();
  const at = (instant: string) => format.when('at', instant, now, reading);
  return ({ badge, proof: { last, proved, changed } }) => {
    if (badge === 'proved' && last !== null) return t.backups.badgeProved(at(last.at));
    if (badge === 'changed' && changed !== null)
      return [t.backups.badgeChanged(at(changed.at), changed.what), proved && t.backups.badgeProved(at(proved.at))]
        .filter(Boolean)
        .join(' ; ');
    if (last === null) return t.backups.badgeNever;
    const tried =
      last.outcome === 'restored' ? t.backups.badgeRestored(at(last.at)) : t.backups.badgeFailed(at(last.at));
    return proved === null ? tried : `${tried}. ${t.backups.provedBefore(at(proved.at))}`;
  };
}
