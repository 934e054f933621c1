import type { Draft, Thing } from '../../../map/edit/views.ts';
import type { HospitalMap } from '../../../map/model.ts';
import { entry } from '../../../words/entry.ts';
import { Button } from '../../parts/Button.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/Words.tsx';
import { nameOf } from './fields/names.ts';

type Found = Thing | HospitalMap['establishment'];

/** Somebody else wrote meanwhile: what they wrote beside what this person did, and one of them is chosen. */
export function Conflict({
  from,
  now,
  mine,
  map,
  onKeepMine,
  onTakeTheirs,
}: {
  from: Found;
  now: Found | null;
  mine: Draft;
  map: HospitalMap;
  onKeepMine(now: Found | null): void;
  onTakeTheirs(now: Found): void;
}) {
  const { t, say } = useWords();
  const value = (thing: object | null, field: string): unknown =>
    thing === null ? undefined : Reflect.get(thing, field);
  const fields = [...new Set([...Object.keys(from), ...Object.keys(now ?? {}), ...Object.keys(mine)])].filter(
    (field) => JSON.stringify(value(from, field)) !== JSON.stringify(value(now, field)),
  );
  const said = (what: unknown): string => {
    if (what === undefined) return t.mapEdit.nothing;
    const names = new Set<string>();
    const walk = (part: unknown): void => {
      if (typeof part === 'string')
        names.add(say(nameOf(map, part, ['components', 'careFunctions', 'wards', 'sites'])));
      else if (typeof part === 'number') names.add(String(part));
      else if (typeof part === 'object' && part !== null) for (const inner of Object.values(part)) walk(inner);
    };
    walk(what);
    return [...names].join(', ') || t.mapEdit.nothing;
  };
  return (
    <div className="edit-conflict" role="alert">
      <p className="refusal-what">
        <Icon name="toConfirm" /> {t.mapEdit.conflict}
      </p>
      {now === null ? (
        <p>{t.mapEdit.conflictGone}</p>
      ) : (
        <dl>
          {fields.map((field) => (
            <div key={field}>
              <dt>{entry(t.mapEdit.parts, field) ?? entry(t.mapEdit.fields, field) ?? field}</dt>
              <dd>
                <span className="soft">{t.mapEdit.conflictNow}</span> {said(value(now, field))}
              </dd>
              <dd>
                <span className="soft">{t.mapEdit.conflictYours}</span> {said(value(mine, field))}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <div className="edit-acts">
        <Button size="small" onClick={() => onKeepMine(now)}>
          {t.mapEdit.keepMine}
        </Button>
        {now !== null && (
          <Button size="small" onClick={() => onTakeTheirs(now)}>
            {t.mapEdit.takeTheirs}
          </Button>
        )}
      </div>
    </div>
  );
}
