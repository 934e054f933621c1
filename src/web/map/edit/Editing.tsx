import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { refusalOf } from '../../access/requests.ts';
import { useWorld } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useMay } from '../../people/requests.ts';
import { useWords } from '../../words/Words.tsx';
import { useMapUndo } from './requests.ts';
import { EditingContext, type EditTarget, type Last } from './useEditing.ts';
import './edit.css';

const ThingForm = lazy(() => import('./ThingForm.tsx'));
const FindThing = lazy(() => import('./FindThing.tsx'));
const VitalOrder = lazy(() => import('./VitalOrder.tsx'));

/** The forms of the map, one at a time, over the screen inside; and the last change, to be undone. */
export function MapEditing({ children }: { children: ReactNode }) {
  const may = useMay();
  const { feed } = useWorld();
  const [target, edit] = useState<EditTarget | null>(null);
  const [last, keep] = useState<Last | null>(null);
  // An exercise's map is the example's, and forgotten at its end.
  const mayEdit = may('map.edit') && feed.world?.info.kind === 'live' && feed.world.info.readOnly === null;
  const close = useCallback(() => edit(null), []);
  const editing = useMemo(() => ({ mayEdit, edit, done: keep }), [mayEdit]);
  return (
    <EditingContext value={editing}>
      {children}
      {last !== null && target === null && <LastChange last={last} onDone={keep} onClose={() => keep(null)} />}
      {target !== null && mayEdit && (
        <Suspense fallback={null}>
          {target === 'order' ? (
            <VitalOrder onClose={close} />
          ) : target === 'find' ? (
            <FindThing onClose={close} />
          ) : (
            <ThingForm key={JSON.stringify(target)} target={target} onClose={close} />
          )}
        </Suspense>
      )}
    </EditingContext>
  );
}

function LastChange({ last, onDone, onClose }: { last: Last; onDone(last: Last): void; onClose(): void }) {
  const { t } = useWords();
  const undo = useMapUndo();
  const isUndone = last.was === 'undone';
  const takeBack = () =>
    undo.mutate(last.sequence, {
      onSuccess: ({ sequence }) => onDone({ sequence, name: last.name, was: isUndone ? 'saved' : 'undone' }),
    });
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const isUndo = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      const writes = document.activeElement?.matches('input, textarea, select, [contenteditable]') ?? false;
      if (!isUndo || writes || isUndone || undo.isPending || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      takeBack();
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  });
  return (
    <div className="edit-last no-print">
      <p role="status">{t.mapEdit[last.was](last.name)}</p>
      <Button size="small" disabled={undo.isPending} aria-keyshortcuts="Control+Z" onClick={takeBack}>
        {isUndone ? t.mapEdit.redo : t.mapEdit.undo}
      </Button>
      <button type="button" className="panel-close" onClick={onClose}>
        <Icon name="close" />
        <span className="visually-hidden">{t.parts.close}</span>
      </button>
      {undo.isError && <RefusalNote refusal={refusalOf(undo.error)} />}
    </div>
  );
}
