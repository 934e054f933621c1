import { Link, useRoute } from 'wouter';
import { useWorld } from '../feed/World.tsx';
import { useMay } from '../people/requests.ts';
import { useWords } from '../words/Words.tsx';
import { useHospital } from './requests.ts';
import './offer.css';

/** To whoever may start the hospital while the example stands, and to whoever goes on with a map that is still empty. */
export function StartOffer() {
  const { t } = useWords();
  const may = useMay();
  const { feed } = useWorld();
  const hospital = useHospital();
  const [onBoard] = useRoute('/');
  const [onMap] = useRoute('/map/*?');
  const isLive = feed.world?.info.kind === 'live';
  if (!isLive || !(onBoard || onMap)) return null;
  const isExample = hospital.data?.stands === 'example' && may('hospital.start');
  const isEmpty = hospital.data?.stands === 'own' && may('map.edit') && feed.views.board?.bands.length === 0;
  if (!isExample && !isEmpty) return null;
  return (
    <aside className="start-offer no-print" aria-label={t.start.title}>
      <p>{isExample ? t.start.offer : t.start.goOn}</p>
      <Link href="/start" className="button button-plain button-small">
        {isExample ? t.start.title : t.start.continue}
      </Link>
    </aside>
  );
}
