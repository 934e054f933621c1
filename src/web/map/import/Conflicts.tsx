import type { ReviewBody } from '../../../server/protocol.ts';
import { entry } from '../../../words/entry.ts';
import { Button } from '../../parts/Button.tsx';
import { Choice } from '../../parts/Choice.tsx';
import { useWords } from '../../words/Words.tsx';
import { useValue } from '../changes/values.ts';
import { Group } from './Group.tsx';

type Conflict = ReviewBody['conflicts'][number];

/** The map and the source disagree: both sides are shown, and a person decides. */
export function Conflicts({
  conflicts,
  follow,
  onFollow,
  nameOf,
}: {
  conflicts: readonly Conflict[];
  follow: ReadonlySet<string>;
  onFollow(follow: ReadonlySet<string>): void;
  nameOf(id: string): string;
}) {
  const { t } = useWords();
  const decide = (key: string, side: 'here' | 'there') => {
    const next = new Set(follow);
    if (side === 'there') next.add(key);
    else next.delete(key);
    onFollow(next);
  };
  return (
    <Group
      title={t.mapImport.groups.conflicts(conflicts.length)}
      rows={conflicts}
      lead={t.mapImport.conflictsMeans}
      acts={
        conflicts.length > 1 && (
          <div className="empty-acts">
            <Button size="small" onClick={() => onFollow(new Set())}>
              {t.mapImport.allHere}
            </Button>
            <Button size="small" onClick={() => onFollow(new Set(conflicts.map(({ key }) => key)))}>
              {t.mapImport.allThere}
            </Button>
          </div>
        )
      }
    >
      {(conflict) => (
        <Disagreement
          key={conflict.key}
          conflict={conflict}
          side={follow.has(conflict.key) ? 'there' : 'here'}
          onDecide={(side) => decide(conflict.key, side)}
          nameOf={nameOf}
        />
      )}
    </Group>
  );
}

function Disagreement({
  conflict,
  side,
  onDecide,
  nameOf,
}: {
  conflict: Conflict;
  side: 'here' | 'there';
  onDecide(side: 'here' | 'there'): void;
  nameOf(id: string): string;
}) {
  const { t } = useWords();
  const value = useValue(nameOf);
  const { name, field, here, there, because, usedBy } = conflict;
  const isRemoval = field === 'removed';
  const said = entry(t.mapChanges.fields, field) ?? field;
  return (
    <li>
      <p>
        <b>{name}</b> · {said} <span className="soft">({t.mapImport.because[because]})</span>
      </p>
      {isRemoval && usedBy !== undefined && usedBy.length > 0 && (
        <p className="soft">{t.mapImport.usedBy(usedBy.slice(0, 10).map(nameOf).join(', '))}</p>
      )}
      {!isRemoval && (
        <dl className="import-sides">
          <div data-chosen={side === 'here'}>
            <dt>{t.mapImport.here}</dt>
            <dd>{value(field, here)}</dd>
          </div>
          <div data-chosen={side === 'there'}>
            <dt>{t.mapImport.there}</dt>
            <dd>{value(field, there)}</dd>
          </div>
        </dl>
      )}
      <Choice
        legend={`${name} · ${said}`}
        legendShown={false}
        value={side}
        options={[
          { value: 'here', label: isRemoval ? t.mapImport.stay : t.mapImport.keepHere },
          { value: 'there', label: isRemoval ? t.mapImport.leave : t.mapImport.followThere },
        ]}
        onChange={onDecide}
      />
    </li>
  );
}
