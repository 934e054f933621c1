import { useId, useState } from 'react';
import { changeOf, type MapChange, referenceFrom } from '../../map/edit/views.ts';
import type { HospitalMap } from '../../map/model.ts';
import { refusalOf } from '../access/requests.ts';
import { useMapChange } from '../map/edit/requests.ts';
import { useEditing } from '../map/edit/useEditing.ts';
import { Button } from '../parts/Button.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { sitesIn, wardsIn } from './lines.ts';

/** Sites and wards, typed or pasted one a line. */
export function Places({ map }: { map: HospitalMap }) {
  const { t, say } = useWords();
  const [sites, writeSites] = useState('');
  const read = sitesIn(sites);
  return (
    <>
      <div className="start-places">
        {map.sites.length === 0 && <p className="soft">{t.start.noSite}</p>}
        {map.sites.map((site) => (
          <SiteWards key={site.id} map={map} site={site.id} name={say(site.name)} />
        ))}
      </div>
      <Quick
        label={t.start.sites}
        hint={t.start.sitesHint}
        text={sites}
        onText={writeSites}
        count={read.length}
        name={read.map(({ name }) => name).join(', ')}
        changes={() =>
          fresh(read, new Set(map.sites.map(({ id }) => id)), 'sites', ({ name, city }) => ({
            name: { fr: name },
            ...(city === undefined ? {} : { city }),
          }))
        }
      />
    </>
  );
}

function SiteWards({ map, site, name }: { map: HospitalMap; site: string; name: string }) {
  const { t, say } = useWords();
  const { edit } = useEditing();
  const [text, write] = useState('');
  const { wards, wrong } = wardsIn(text);
  const here = map.wards.filter((ward) => ward.site === site);
  return (
    <section className="card start-site">
      <div className="start-site-head">
        <h3>{name}</h3>
        <Button
          size="small"
          look="quiet"
          aria-label={t.mapEdit.editOf(name)}
          onClick={() => edit({ section: 'sites', id: site })}
        >
          {t.mapEdit.edit}
        </Button>
      </div>
      {here.length === 0 ? (
        <p className="soft">{t.start.noWard}</p>
      ) : (
        <ul className="start-wards">
          {here.map((ward) => (
            <li key={ward.id}>
              <button type="button" onClick={() => edit({ section: 'wards', id: ward.id })}>
                <span>{say(ward.name)}</span>
                <span className="soft">
                  {[ward.phone ?? t.start.noPhone, ...(ward.beds === undefined ? [] : [t.start.beds(ward.beds)])].join(
                    ' · ',
                  )}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Quick
        label={t.start.wardsOf(name)}
        hint={t.start.wardsHint}
        text={text}
        onText={write}
        count={wards.length}
        wrong={wrong}
        name={wards.map((ward) => ward.name).join(', ')}
        changes={() =>
          fresh(wards, new Set(map.wards.map(({ id }) => id)), 'wards', ({ name: fr, ...rest }) => ({
            name: { fr },
            site,
            accessPoints: [],
            ...rest,
          }))
        }
      />
    </section>
  );
}

/** New things from quick lines, each under an id of its own. */
function fresh<Line extends { name: string }>(
  lines: readonly Line[],
  taken: Set<string>,
  section: 'sites' | 'wards',
  thing: (line: Line) => object,
): MapChange[] {
  return lines.map((line) => {
    const id = referenceFrom(line.name, (one) => taken.has(one));
    taken.add(id);
    return changeOf(section, id, { from: null, to: { id, ...thing(line) } });
  });
}

function Quick({
  label,
  hint,
  text,
  onText,
  count,
  wrong = [],
  name,
  changes,
}: {
  label: string;
  hint: string;
  text: string;
  onText(text: string): void;
  count: number;
  wrong?: readonly number[];
  name: string;
  changes(): MapChange[];
}) {
  const { t } = useWords();
  const id = useId();
  const { done, mayEdit } = useEditing();
  const add = useMapChange();
  if (!mayEdit) return null;
  return (
    <div className="field start-quick">
      <label htmlFor={id}>{label}</label>
      <p id={`${id}-hint`} className="field-hint">
        {hint}
      </p>
      <textarea
        id={id}
        aria-describedby={`${id}-hint`}
        rows={Math.max(3, text.split('\n').length)}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
      {wrong.map((line) => (
        <p key={line} className="field-wrong">
          {t.start.lineWrong(line)}
        </p>
      ))}
      {add.isError && <RefusalNote refusal={refusalOf(add.error)} />}
      <div className="start-acts">
        <Button
          disabled={count === 0 || add.isPending}
          onClick={() =>
            add.mutate(changes(), {
              onSuccess: ({ sequence }) => {
                // What could not be read stays to be corrected.
                const lines = text.split('\n');
                onText(wrong.map((line) => lines[line - 1]).join('\n'));
                done({ sequence, name, was: 'saved' });
              },
            })
          }
        >
          {t.start.add}
        </Button>
        <p role="status" className="soft">
          {text === '' ? '' : t.start.read(count)}
        </p>
      </div>
    </div>
  );
}
