import { type DragEvent, useEffect, useRef, useState } from 'react';
import { orderChanges } from '../../../map/edit/views.ts';
import type { HospitalMap } from '../../../map/model.ts';
import { refusalOf } from '../../access/requests.ts';
import { Button } from '../../parts/Button.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useWords } from '../../words/Words.tsx';
import { nameOf } from './fields/names.ts';
import { useMapChange, useMapDocument } from './requests.ts';
import { useEditing } from './useEditing.ts';

/** Care functions from the most vital to the least: moved by buttons, by arrow keys, or dragged. */
export default function VitalOrder({ onClose }: { onClose(): void }) {
  const { data } = useMapDocument();
  const map = data?.document ?? null;
  return map === null ? null : <Order map={map} onClose={onClose} />;
}

function Order({ map, onClose }: { map: HospitalMap; onClose(): void }) {
  const { t, say } = useWords();
  const { done } = useEditing();
  const save = useMapChange();
  const [ids, order] = useState(() => map.careFunctions.map(({ id }) => id));
  const [said, speak] = useState('');
  const [dragged, drag] = useState<string | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const focus = useRef<string | null>(null);
  const move = (id: string, to: number) => {
    if (to < 0 || to >= ids.length) return;
    const others = ids.filter((one) => one !== id);
    order([...others.slice(0, to), id, ...others.slice(to)]);
    speak(t.mapEdit.orderMoved(say(nameOf(map, id)), to + 1));
  };
  useEffect(() => {
    if (focus.current === null) return;
    list.current?.querySelector<HTMLButtonElement>(`[data-move="${CSS.escape(focus.current)}"]`)?.focus();
    focus.current = null;
  });
  const changes = orderChanges(map, ids);
  return (
    <Panel title={t.mapEdit.order} onClose={onClose}>
      <p className="soft">{t.mapEdit.orderLead}</p>
      <ol className="edit-order" ref={list}>
        {ids.map((id, index) => {
          const care = map.careFunctions.find((one) => one.id === id);
          const name = say(nameOf(map, id));
          return (
            <li
              key={id}
              draggable
              data-dragged={dragged === id}
              onDragStart={(event: DragEvent) => {
                event.dataTransfer.effectAllowed = 'move';
                drag(id);
              }}
              onDragEnd={() => drag(null)}
              onDragOver={(event) => {
                event.preventDefault();
                if (dragged !== null && dragged !== id) move(dragged, index);
              }}
            >
              <span className="edit-order-name">{name}</span>
              <span className="soft">{care === undefined ? '' : t.start.paper.tier(care.tier)}</span>
              {([-1, 1] as const).map((step) => (
                <button
                  key={step}
                  type="button"
                  className="edit-step"
                  data-move={`${id} ${step}`}
                  aria-disabled={step < 0 ? index === 0 : index === ids.length - 1}
                  aria-label={step < 0 ? t.mapEdit.orderUp(name) : t.mapEdit.orderDown(name)}
                  onClick={() => {
                    focus.current = `${id} ${step}`;
                    move(id, index + step);
                  }}
                >
                  <span aria-hidden="true">{step < 0 ? '↑' : '↓'}</span>
                </button>
              ))}
            </li>
          );
        })}
      </ol>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {save.isError && <RefusalNote refusal={refusalOf(save.error)} />}
      <div className="edit-foot">
        <Button
          look="main"
          disabled={changes.length === 0 || save.isPending}
          onClick={() =>
            save.mutate(changes, {
              onSuccess: ({ sequence }) => {
                done({ sequence, name: t.mapEdit.orderSaved, was: 'saved' });
                onClose();
              },
            })
          }
        >
          {t.mapEdit.save}
        </Button>
      </div>
    </Panel>
  );
}
