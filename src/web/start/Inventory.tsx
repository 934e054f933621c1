import { Link } from 'wouter';
import { firstHourView, settledLink } from '../../map/firstHour/views.ts';
import type { HospitalMap } from '../../map/model.ts';
import { refusalOf } from '../access/requests.ts';
import { nameOf } from '../map/edit/fields/names.ts';
import { useMapChange, useMe } from '../map/edit/requests.ts';
import { useEditing } from '../map/edit/useEditing.ts';
import { Button } from '../parts/Button.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { Shared } from './Shared.tsx';

/** One answers them one after the other: more at once would only be skimmed. */
const LINKS_SHOWN = 20;

/** What care depends on: imported or added, its proposed links confirmed one by one; and what Reflexe shares with it. */
export function Inventory({ map }: { map: HospitalMap }) {
  const { t } = useWords();
  const { edit, mayEdit } = useEditing();
  const { components } = firstHourView(map);
  return (
    <>
      <p className="soft">{t.start.inventoryLead}</p>
      <p>{t.start.components(components)}</p>
      {mayEdit && (
        <div className="start-acts">
          <Link href="/map/import" className="button button-plain">
            {t.start.import}
          </Link>
          <Button onClick={() => edit({ section: 'components' })}>{t.start.addComponent}</Button>
        </div>
      )}
      <Shared map={map} />
      <ProposedLinks map={map} />
      <Unlinked map={map} />
    </>
  );
}

function ProposedLinks({ map }: { map: HospitalMap }) {
  const { t, say } = useWords();
  const { done, mayEdit } = useEditing();
  const me = useMe();
  const settle = useMapChange();
  const all = (['careFunctions', 'components'] as const).flatMap((section) =>
    map[section].flatMap(({ id, proposed = [] }) => proposed.map((link) => ({ section, id, ...link }))),
  );
  return (
    <section className="start-links" aria-label={t.start.links}>
      <h3>{t.start.links}</h3>
      <p className="soft">{all.length === 0 ? t.start.noLinks : t.start.linksLead}</p>
      {settle.isError && <RefusalNote refusal={refusalOf(settle.error)} />}
      <ul>
        {all.slice(0, LINKS_SHOWN).map((link) => {
          const [from, to] = [say(nameOf(map, link.id)), say(nameOf(map, link.need))];
          const act = (confirmed: typeof me | null) =>
            settle.mutate(settledLink(map, link, confirmed), {
              onSuccess: ({ sequence }) => done({ sequence, name: `${from} → ${to}`, was: 'saved' }),
            });
          return (
            <li key={`${link.section} ${link.id} ${link.need}`}>
              <span>
                <strong>{from}</strong> {t.start.linkNeeds} <strong>{to}</strong>{' '}
                <span className="soft">{t.start.because(link.because)}</span>
              </span>
              {mayEdit && (
                <span className="start-acts">
                  <Button
                    size="small"
                    aria-label={t.start.confirmLinkOf(from, to)}
                    disabled={settle.isPending}
                    onClick={() => act(me)}
                  >
                    {t.start.confirmLink}
                  </Button>
                  <Button
                    size="small"
                    look="quiet"
                    aria-label={t.start.dismissLinkOf(from, to)}
                    disabled={settle.isPending}
                    onClick={() => act(null)}
                  >
                    {t.start.dismissLink}
                  </Button>
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {all.length > LINKS_SHOWN && <p className="soft">{t.start.linksMore(all.length - LINKS_SHOWN)}</p>}
    </section>
  );
}

function Unlinked({ map }: { map: HospitalMap }) {
  const { t, say } = useWords();
  const { edit, mayEdit } = useEditing();
  const unlinked = map.careFunctions.filter(({ needs }) => needs === undefined);
  if (unlinked.length === 0 || !mayEdit) return null;
  return (
    <section className="start-links" aria-label={t.start.unlinked}>
      <h3>{t.start.unlinked}</h3>
      <p className="soft">{t.start.unlinkedLead}</p>
      <ul>
        {unlinked.map(({ id, name }) => (
          <li key={id}>
            <strong>{say(name)}</strong>
            <Button
              size="small"
              aria-label={`${t.start.draw} (${say(name)})`}
              onClick={() => edit({ section: 'careFunctions', id, at: 'needs' })}
            >
              {t.start.draw}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
