import { type ReactNode, useId, useState } from 'react';
import type { ReviewBody } from '../../../server/protocol.ts';
import { Button } from '../../parts/Button.tsx';
import { useWords } from '../../words/Words.tsx';
import { FieldTable } from '../changes/Difference.tsx';
import { keyOf } from './requests.ts';

/** Rows drawn at once: an inventory may bring a hundred thousand. */
const rowsShown = 100;

/** A group of what an import brings: its rows page by page, and what is done with all of them. */
export function Group<Row>({
  title,
  rows,
  lead,
  acts,
  children,
}: {
  title: string;
  rows: readonly Row[];
  lead?: ReactNode;
  acts?: ReactNode;
  children(row: Row): ReactNode;
}) {
  const { t } = useWords();
  const heading = useId();
  const [shown, setShown] = useState(rowsShown);
  if (rows.length === 0) return null;
  return (
    <section className="card import-group" aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{title}</h2>
        {acts}
      </header>
      {lead !== undefined && <p className="soft">{lead}</p>}
      <ul className="import-rows">{rows.slice(0, shown).map(children)}</ul>
      {rows.length > shown && (
        <Button size="small" onClick={() => setShown(shown + rowsShown)}>
          {t.mapChanges.more(Math.min(rowsShown, rows.length - shown))}
        </Button>
      )}
    </section>
  );
}

type Thing = ReviewBody['added' | 'changed' | 'removed'][number];

/** Things added, changed or removed: each taken unless its box is cleared. */
export function Things({
  title,
  things,
  leave,
  onLeave,
  nameOf,
  isNew = false,
}: {
  title(count: number): string;
  things: readonly Thing[];
  isNew?: boolean;
  leave: ReadonlySet<string>;
  onLeave(leave: ReadonlySet<string>): void;
  nameOf(id: string): string;
}) {
  const { t } = useWords();
  const keys = things.map(keyOf);
  const left = keys.filter((key) => leave.has(key)).length;
  const take = (some: readonly string[], isTaken: boolean) => {
    const next = new Set(leave);
    for (const key of some)
      if (isTaken) next.delete(key);
      else next.add(key);
    onLeave(next);
  };
  return (
    <Group
      title={title(things.length)}
      rows={things}
      acts={
        <label className="import-check">
          <input
            type="checkbox"
            checked={left === 0}
            ref={(box) => {
              if (box !== null) box.indeterminate = left > 0 && left < keys.length;
            }}
            onChange={(event) => take(keys, event.target.checked)}
          />
          <span>{t.mapImport.all}</span>
        </label>
      }
    >
      {(thing) => (
        <li key={keyOf(thing)}>
          <label className="import-check">
            <input
              type="checkbox"
              checked={!leave.has(keyOf(thing))}
              onChange={(event) => take([keyOf(thing)], event.target.checked)}
            />
            <span>
              <span className="visually-hidden">{t.mapImport.takeThing('')}</span>
              <b>{thing.name}</b> <span className="soft">{t.mapChanges.thing[thing.section]}</span>
            </span>
          </label>
          {'fields' in thing && <FieldTable fields={thing.fields} sides={isNew ? 'to' : 'both'} nameOf={nameOf} />}
        </li>
      )}
    </Group>
  );
}
