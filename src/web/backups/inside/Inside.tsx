import { useId, useState } from 'react';
import type { ComponentBackupsView, NightView } from '../../../restore/nights/views.ts';
import * as format from '../../../words/format.ts';
import { refusalOf } from '../../access/requests.ts';
import { useNow, useWorld } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useMay } from '../../people/requests.ts';
import { useWords } from '../../words/Words.tsx';
import { stateOf } from '../strip/nightState.ts';
import { nightTime } from '../times.ts';
import { Folder } from './Folder.tsx';
import { useFolder } from './requests.ts';
import { TakeOut } from './TakeOut.tsx';
import './inside.css';

/** Folder by folder, alone or beside another night; nothing is read before one asks. */
export function Inside({ of, night }: { of: ComponentBackupsView; night: NightView }) {
  const { t } = useWords();
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  if (!may('backup.look')) return null;
  return (
    <section className="card inside no-print" aria-labelledby="inside">
      <h2 id="inside">{t.backups.inside}</h2>
      {!of.readable ? (
        <p className="soft">{t.backups.noSourceHere(of.source)}</p>
      ) : isOpen ? (
        <Look of={of} night={night} />
      ) : (
        <div>
          <Button onClick={() => setOpen(true)}>{t.backups.look}</Button>
        </div>
      )}
    </section>
  );
}

function Look({ of: { component, nights }, night }: { of: ComponentBackupsView; night: NightView }) {
  const { t, reading } = useWords();
  const { world } = useWorld();
  const now = useNow();
  const id = useId();
  const [folder, setFolder] = useState<string[]>([]);
  const [against, setAgainst] = useState<string | null>(() => nights[nights.indexOf(night) - 1]?.snapshot ?? null);
  const [taking, setTaking] = useState<{ path: string; bytes: number | null } | null>(null);
  const asked = { component, snapshot: night.snapshot, folder: folder.join('/'), against };
  const look = useFolder(world, asked, true);
  return (
    <>
      <div className="inside-head">
        <nav aria-label={t.backups.insideFolder}>
          <ol className="crumbs">
            {['', ...folder].map((part, depth) => {
              const isHere = depth === folder.length;
              return (
                <li key={folder.slice(0, depth).join('/')}>
                  {isHere ? (
                    <span aria-current="location">{depth === 0 ? t.backups.top : part}</span>
                  ) : (
                    <button type="button" onClick={() => setFolder(folder.slice(0, depth))}>
                      {depth === 0 ? t.backups.top : part}
                    </button>
                  )}
                </li>
              );
            })}
          </ol>
        </nav>
        <div className="field inside-against">
          <label htmlFor={id}>{t.backups.compareWith}</label>
          <select
            id={id}
            value={against ?? ''}
            onChange={(event) => setAgainst(event.target.value === '' ? null : event.target.value)}
          >
            <option value="">{t.backups.compareNone}</option>
            {nights
              .filter((one) => one !== night)
              .toReversed()
              .map((one) => (
                <option key={one.snapshot} value={one.snapshot}>
                  {nightTime(one.time, now, reading)}, {t.backups.states[stateOf(one)]}
                </option>
              ))}
          </select>
        </div>
      </div>
      {look.isPending && (
        <p className="inside-looking" role="status">
          {t.backups.looking} <progress aria-label={t.backups.looking} />
        </p>
      )}
      {look.isError && <RefusalNote refusal={refusalOf(look.error)} onRetry={() => void look.refetch()} />}
      {look.data !== undefined && (
        <Folder
          key={asked.folder}
          found={look.data}
          isCompared={against !== null}
          onEnter={(name) => setFolder([...folder, name])}
          onTake={(name, bytes) => setTaking({ path: [...folder, name].join('/'), bytes })}
        />
      )}
      {taking !== null && (
        <TakeOut
          component={component}
          night={night}
          path={taking.path}
          bytes={taking.bytes === null ? null : format.bytes(taking.bytes, reading.language)}
          onClose={() => setTaking(null)}
        />
      )}
    </>
  );
}
