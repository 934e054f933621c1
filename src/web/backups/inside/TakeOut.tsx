import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { NightView } from '../../../restore/nights/views.ts';
import { entry } from '../../../words/entry.ts';
import * as format from '../../../words/format.ts';
import { refusalOf } from '../../access/requests.ts';
import { useWorld } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { HoldButton } from '../../parts/HoldButton.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useWords } from '../../words/Words.tsx';
import { stateOf } from '../strip/nightState.ts';
import { FILE_BYTES_MAX, takeOut } from './requests.ts';

/** The browser has its own copy by then. */
const KEPT_MILLISECONDS = 60_000;

/** One file leaves a backup: what it is, what speaks against it, and only then the press that must be held. */
export function TakeOut({
  component,
  night,
  path,
  bytes,
  onClose,
}: {
  component: string;
  night: NightView;
  path: string;
  /** Its size in words, where the source says it. */
  bytes: string | null;
  onClose(): void;
}) {
  const { t, language } = useWords();
  const { world } = useWorld();
  const [received, setReceived] = useState(0);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const warning = entry(t.backups.fetchWarn, stateOf(night));
  const take = useMutation({
    mutationFn: () => takeOut(world, { component, snapshot: night.snapshot, path }, setReceived),
    onMutate: () => setReceived(0),
    onSuccess: ({ file }) => handOver(file, name),
  });
  const told = take.data;
  return (
    <Panel title={t.backups.fetch} onClose={onClose} mayClose={() => !take.isPending}>
      <p className="take-path">
        <code>{path}</code>
        {bytes !== null && <span className="soft"> {bytes}</span>}
      </p>
      {told === undefined ? (
        <>
          {warning !== undefined && (
            <p className="take-warning">
              <Icon name="gap" /> <strong>{warning}</strong>
            </p>
          )}
          <p>{t.backups.fetchMeans}</p>
          <p className="soft">
            {t.backups.fetchJournal} {t.backups.fetchBound(format.bytes(FILE_BYTES_MAX, language))}
          </p>
          {take.isError && <RefusalNote refusal={refusalOf(take.error)} />}
          {take.isPending ? (
            <p className="inside-looking" role="status">
              {received === 0 ? t.backups.fetching : t.backups.receiving(format.bytes(received, language))}{' '}
              <progress aria-label={t.backups.fetching} />
            </p>
          ) : (
            <div className="backups-acts">
              <HoldButton onHeld={() => take.mutate()}>{t.backups.fetchDo}</HoldButton>
              <Button onClick={onClose}>{t.parts.cancel}</Button>
            </div>
          )}
        </>
      ) : (
        <>
          <p role="status">
            <Icon name="check" /> {t.backups.fetched(name, format.bytes(told.file.size, language))}
          </p>
          {told.headers.get('x-reflexe-verified') !== 'yes' && <p>{t.backups.fetchedUnverified}</p>}
          <div>
            <Button onClick={onClose}>{t.parts.close}</Button>
          </div>
        </>
      )}
    </Panel>
  );
}

function handOver(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MILLISECONDS);
}
