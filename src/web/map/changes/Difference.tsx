import type { MapChange } from '../../../map/change/change.ts';
import { entry } from '../../../words/entry.ts';
import { useWords } from '../../words/Words.tsx';
import { useValue } from './values.ts';
import './changes.css';

/** One thing of the map: what it was, and what it became. */
export function Difference({ change, nameOf }: { change: MapChange; nameOf(id: string): string }) {
  const { t, say } = useWords();
  const { section, from, to } = change;
  const thing = to ?? from;
  const how = from === null ? t.mapChanges.add : to === null ? t.mapChanges.remove : t.mapChanges.change;
  const isWhole = from === null || to === null;
  const fields = changedFields(from, to).filter(({ field }) => !isWhole || field !== 'name');
  return (
    <li className="difference">
      <h3>
        <span className="difference-how">{how}</span> {thing === null ? change.id : nameIn(thing.name, say)}{' '}
        <span className="soft">{t.mapChanges.thing[section]}</span>
      </h3>
      {fields.length === 0 && !isWhole && <p className="soft">{t.mapChanges.moved}</p>}
      <FieldTable fields={fields} sides={from === null ? 'to' : to === null ? 'from' : 'both'} nameOf={nameOf} />
    </li>
  );
}

const nameIn = (
  name: string | { fr: string; en?: string | undefined },
  say: (words: { fr: string }) => string,
): string => (typeof name === 'string' ? name : say(name));

export interface FieldDifference {
  field: string;
  from?: unknown;
  to?: unknown;
}

/** What differs, field by field, as from → to; one side alone for what is new or gone. */
export function FieldTable({
  fields,
  sides = 'both',
  nameOf,
}: {
  fields: readonly FieldDifference[];
  sides?: 'both' | 'from' | 'to';
  nameOf(id: string): string;
}) {
  const { t } = useWords();
  const value = useValue(nameOf);
  if (fields.length === 0) return null;
  return (
    <dl className="difference-fields">
      {fields.map(({ field, from, to }) => (
        <div key={field}>
          <dt>{entry(t.mapChanges.fields, field) ?? field}</dt>
          {sides !== 'to' && (
            <dd className={sides === 'both' ? 'difference-was' : ''}>
              <span className="visually-hidden">
                {t.mapChanges.was}
                {t.parts.colon}{' '}
              </span>
              {value(field, from)}
            </dd>
          )}
          {sides !== 'from' && (
            <dd className="difference-is">
              <span className="visually-hidden">
                {t.mapChanges.is}
                {t.parts.colon}{' '}
              </span>
              {value(field, to)}
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

function changedFields(from: object | null, to: object | null): FieldDifference[] {
  const was: { [field: string]: unknown } = { ...from };
  const is: { [field: string]: unknown } = { ...to };
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((field) => field !== 'id' && JSON.stringify(was[field]) !== JSON.stringify(is[field]))
    .filter((field) => !(from === null || to === null) || !isEmpty(was[field] ?? is[field]))
    .map((field) => ({ field, from: was[field], to: is[field] }));
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
