import { useState } from 'react';
import type { ComparedEntry, ComparedFolder } from '../../../restore/nights/compareFolders.ts';
import * as format from '../../../words/format.ts';
import { useNow } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { SearchField } from '../../parts/SearchField.tsx';
import { sought } from '../../parts/sought.ts';
import { useMay } from '../../people/requests.ts';
import { useWords } from '../../words/Words.tsx';
import { nightTime } from '../times.ts';
import { FOLDER_ENTRIES_MAX } from './requests.ts';

/** Rows drawn at once; a folder may hold ten thousand. */
const ROWS = 200;

/** What stands in a folder, and against the other night: same, changed, added, removed, or not established. */
export function Folder({
  found,
  isCompared,
  onEnter,
  onTake,
}: {
  found: ComparedFolder;
  isCompared: boolean;
  onEnter(name: string): void;
  onTake(name: string, bytes: number | null): void;
}) {
  const { t, language } = useWords();
  const [filter, setFilter] = useState('');
  const [onlyChanges, setOnlyChanges] = useState(false);
  const [rows, setRows] = useState(ROWS);
  const wanted = found.entries.filter(
    ({ name, change }) => sought(name).includes(sought(filter)) && !(onlyChanges && change === 'same'),
  );
  const count = (change: ComparedEntry['change']) => found.entries.filter((one) => one.change === change).length;
  return (
    <>
      <div className="inside-tools">
        <SearchField label={t.backups.filter} value={filter} onChange={setFilter} />
        {isCompared && (
          <label className="inside-only">
            <input type="checkbox" checked={onlyChanges} onChange={(event) => setOnlyChanges(event.target.checked)} />
            {t.backups.onlyChanges}
          </label>
        )}
        <p className="soft" role="status">
          {t.backups.entries(found.entries.length)}
          {isCompared &&
            ` · ${t.backups.counted(count('same'), count('changed'), count('added'), count('removed'), count('unknown'))}`}
        </p>
      </div>
      {found.truncated && <p>{t.backups.truncated(format.number(FOLDER_ENTRIES_MAX, language))}</p>}
      {wanted.length === 0 ? (
        <p className="soft">{found.entries.length === 0 ? t.backups.emptyFolder : t.backups.noMatch}</p>
      ) : (
        <table className="entries" data-compared={isCompared}>
          <thead>
            <tr>
              <th scope="col">{t.backups.columns.name}</th>
              {isCompared && <th scope="col">{t.backups.columns.change}</th>}
              <th scope="col">{t.backups.columns.bytes}</th>
              <th scope="col">{t.backups.columns.modified}</th>
              <th scope="col">
                <span className="visually-hidden">{t.backups.columns.act}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {wanted.slice(0, rows).map((entry) => (
              <Row key={entry.name} entry={entry} isCompared={isCompared} onEnter={onEnter} onTake={onTake} />
            ))}
          </tbody>
        </table>
      )}
      {wanted.length > rows && (
        <div className="backups-acts">
          <Button onClick={() => setRows(rows + ROWS * 5)}>{t.backups.showMore}</Button>
          <span className="soft">{t.backups.shown(rows, wanted.length)}</span>
        </div>
      )}
    </>
  );
}

function Row({
  entry: { name, kind, bytes, modifiedAt, change, before },
  isCompared,
  onEnter,
  onTake,
}: {
  entry: ComparedEntry;
  isCompared: boolean;
  onEnter(name: string): void;
  onTake(name: string, bytes: number | null): void;
}) {
  const { t, language, reading } = useWords();
  const may = useMay();
  const now = useNow();
  const isHere = change !== 'removed';
  const differs = before !== null && before.bytes !== null && before.bytes !== bytes;
  return (
    <tr data-change={change ?? 'same'}>
      <th scope="row">
        {kind === 'folder' && isHere ? (
          <button type="button" className="entry-folder" onClick={() => onEnter(name)}>
            <Icon name="folder" />
            {name}
          </button>
        ) : (
          <span className="entry-name">
            <Icon name={kind === 'folder' ? 'folder' : 'file'} />
            <span>
              {name}
              {kind !== 'file' && <span className="soft"> ({t.backups.kinds[kind]})</span>}
            </span>
          </span>
        )}
      </th>
      {isCompared && (
        <td>
          <span className="entry-change" data-change={change}>
            {change === null ? '' : t.backups.entryStates[change]}
          </span>
        </td>
      )}
      <td>
        {bytes === null ? '' : format.bytes(bytes, language)}
        {differs && isHere && before?.bytes != null && (
          <span className="soft"> {t.backups.was(format.bytes(before.bytes, language))}</span>
        )}
      </td>
      <td>
        {modifiedAt === null ? (
          <span className="soft">{t.backups.unknownDate}</span>
        ) : (
          <time dateTime={modifiedAt}>{nightTime(modifiedAt, now, reading)}</time>
        )}
      </td>
      <td>
        {kind === 'file' && isHere && may('backup.fetch') && (
          <Button
            look="quiet"
            size="small"
            aria-label={`${t.backups.fetchShort} ${name}`}
            onClick={() => onTake(name, bytes)}
          >
            {t.backups.fetchShort}
          </Button>
        )}
      </td>
    </tr>
  );
}
