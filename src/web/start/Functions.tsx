import { firstHourView, missingIn, usualFunctions } from '../../map/firstHour/views.ts';
import type { HospitalMap } from '../../map/model.ts';
import * as format from '../../words/format.ts';
import { useEditing } from '../map/edit/useEditing.ts';
import { Button } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../words/Words.tsx';
import { UsualCard } from './UsualCard.tsx';

/** The usual care functions: taken one by one, each with whom to call, what is done instead, for how long. */
export function Functions({ map }: { map: HospitalMap }) {
  const { t, say, language } = useWords();
  const { edit, mayEdit } = useEditing();
  const view = firstHourView(map);
  const taken = new Set(map.careFunctions.map(({ id }) => id));
  const left = usualFunctions.filter(({ id }) => !taken.has(id));
  if (map.wards.length === 0) return <p>{t.start.functionsNeedWards}</p>;
  return (
    <>
      <p className="soft">{t.start.functionsLead}</p>
      {map.careFunctions.length > 0 && (
        <section aria-label={t.start.onMap}>
          <p className="start-count">{t.start.functionsTaken(view.careFunctions.all, view.careFunctions.complete)}</p>
          <ol className="start-taken">
            {map.careFunctions.map((care) => {
              const missing = missingIn(care);
              const hold = care.degradedMode?.holdSeconds ?? 0;
              const facts = [
                ...(care.call === undefined ? [] : [`${care.call.who}, ${care.call.phone}`]),
                ...(hold === 0 ? [] : [format.secondsLong(hold, language)]),
              ];
              return (
                <li key={care.id}>
                  <span className="start-mark" data-done={missing.length === 0}>
                    {missing.length === 0 && <Icon name="check" />}
                  </span>
                  <span>
                    <strong>{say(care.name)}</strong>
                    {facts.length > 0 && <span className="soft"> {facts.join(' · ')}</span>}
                    <span className={missing.length === 0 ? 'visually-hidden' : 'start-missing'}>
                      {missing.length === 0
                        ? t.start.complete
                        : t.start.stillMissing(
                            format.list(
                              missing.map((one) => t.start.missing[one]),
                              language,
                            ),
                          )}
                    </span>
                  </span>
                  {mayEdit && (
                    <Button
                      size="small"
                      aria-label={t.mapEdit.editOf(say(care.name))}
                      onClick={() => edit({ section: 'careFunctions', id: care.id })}
                    >
                      {t.start.modify}
                    </Button>
                  )}
                </li>
              );
            })}
          </ol>
          {mayEdit && map.careFunctions.length > 1 && (
            <Button size="small" look="quiet" onClick={() => edit('order')}>
              {t.start.order}
            </Button>
          )}
        </section>
      )}
      {mayEdit && (
        <section aria-label={t.start.usual} className="start-usual">
          <h3>{left.length === 0 ? t.start.allTaken : t.start.usual}</h3>
          {left.map((usual) => (
            <UsualCard key={usual.id} usual={usual} map={map} />
          ))}
          <div>
            <Button onClick={() => edit({ section: 'careFunctions' })}>{t.start.addOther}</Button>
          </div>
        </section>
      )}
    </>
  );
}
