import { useId, useState } from 'react';
import { changeOf } from '../../map/edit/views.ts';
import { careFromUsual, likelyWards, type UsualFunction, usualFunctions } from '../../map/firstHour/views.ts';
import type { HospitalMap } from '../../map/model.ts';
import * as format from '../../words/format.ts';
import { refusalOf } from '../access/requests.ts';
import { Length } from '../map/edit/fields/Plain.tsx';
import { useMapChange } from '../map/edit/requests.ts';
import { useEditing } from '../map/edit/useEditing.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';

/** One usual function: closed, what is proposed; open, what only the hospital knows. */
export function UsualCard({ usual, map }: { usual: UsualFunction; map: HospitalMap }) {
  const { t, say, language } = useWords();
  const id = useId();
  const { done } = useEditing();
  const take = useMapChange();
  const [name, setName] = useState(() => say(usual.name));
  const [who, setWho] = useState('');
  const [phone, setPhone] = useState('');
  const [steps, setSteps] = useState(() => usual.instead.steps.map(say).join('\n'));
  const [hold, setHold] = useState<number | undefined>(undefined);
  const [wards, setWards] = useState(() => likelyWards(usual, map.wards));
  const [areStepsSure, setStepsSure] = useState(false);
  const [areWardsSure, setWardsSure] = useState(false);

  const care = careFromUsual(
    usual,
    {
      name: name === say(usual.name) ? usual.name : { fr: name.trim() },
      call: who.trim() === '' || phone.trim() === '' ? undefined : { who: who.trim(), phone: phone.trim() },
      holdSeconds: hold,
      steps: areStepsSure ? lines(steps, usual, say) : undefined,
      wards: areWardsSure ? wards : undefined,
    },
    map,
  );
  // What is written but not confirmed is kept, and stays marked.
  const written = {
    ...care,
    wards,
    ...(care.degradedMode === undefined
      ? {}
      : { degradedMode: { ...care.degradedMode, steps: lines(steps, usual, say) } }),
  };
  const following = usualFunctions.slice(usualFunctions.indexOf(usual) + 1).map((one) => one.id);
  const before = map.careFunctions.find((one) => following.includes(one.id))?.id ?? null;
  return (
    <details className="card start-card">
      <summary>
        <span>
          <strong>{say(usual.name)}</strong>{' '}
          <span className="soft">
            {t.start.paper.tier(usual.tier)} ·{' '}
            {usual.mtpdSeconds === 0
              ? t.start.toleratedNone
              : t.start.tolerated(format.secondsLong(usual.mtpdSeconds, language))}
          </span>
        </span>
        <span className="proposed-mark">{t.start.proposed}</span>
      </summary>
      <div className="start-card-body">
        <Field label={t.start.usualName} value={name} onChange={(event) => setName(event.target.value)} />
        <div className="edit-pair">
          <Field
            label={t.start.callWho}
            hint={t.start.callWhoHint}
            value={who}
            autoComplete="off"
            onChange={(event) => setWho(event.target.value)}
          />
          <Field
            label={t.start.callPhone}
            type="tel"
            value={phone}
            autoComplete="off"
            onChange={(event) => setPhone(event.target.value)}
          />
        </div>
        <div className="field">
          <div className="edit-label">
            <label htmlFor={`${id}-steps`}>{t.start.instead}</label>
            {!areStepsSure && <span className="proposed-mark">{t.start.proposed}</span>}
          </div>
          <p className="field-hint" id={`${id}-steps-hint`}>
            {t.start.insteadHint}
          </p>
          <textarea
            id={`${id}-steps`}
            aria-describedby={`${id}-steps-hint`}
            rows={Math.max(2, steps.split('\n').length)}
            value={steps}
            onChange={(event) => setSteps(event.target.value)}
          />
          <Check label={t.start.confirmAs} checked={areStepsSure} onChange={setStepsSure} />
        </div>
        <div className="field start-hold">
          <label htmlFor={`${id}-hold`}>{t.start.hold}</label>
          <p className="field-hint" id={`${id}-hold-hint`}>
            {t.start.holdHint}
          </p>
          <Length
            id={`${id}-hold`}
            label={t.start.hold}
            seconds={hold}
            onChange={setHold}
            described={{ 'aria-describedby': `${id}-hold-hint` }}
          />
        </div>
        <fieldset className="start-in-wards">
          <legend>
            {t.start.wards} {!areWardsSure && <span className="proposed-mark">{t.start.proposed}</span>}
          </legend>
          <div className="start-ward-checks">
            {map.wards.map((ward) => (
              <Check
                key={ward.id}
                label={say(ward.name)}
                checked={wards.includes(ward.id)}
                onChange={(isIn) =>
                  setWards(
                    map.wards.map((one) => one.id).filter((one) => (one === ward.id ? isIn : wards.includes(one))),
                  )
                }
              />
            ))}
          </div>
          <Check label={t.start.confirmWards} checked={areWardsSure} onChange={setWardsSure} />
        </fieldset>
        {take.isError && <RefusalNote refusal={refusalOf(take.error)} />}
        <div>
          <Button
            look="main"
            disabled={name.trim() === '' || wards.length === 0 || take.isPending}
            onClick={() =>
              take.mutate([changeOf('careFunctions', usual.id, { from: null, to: written, before })], {
                onSuccess: ({ sequence }) => done({ sequence, name, was: 'saved' }),
              })
            }
          >
            {t.start.take}
          </Button>
        </div>
      </div>
    </details>
  );
}

/** A line kept as proposed keeps both its languages. */
const lines = (
  text: string,
  { instead }: UsualFunction,
  say: (words: { fr: string; en?: string | undefined }) => string,
) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => instead.steps.find((step) => say(step) === line) ?? { fr: line });

function Check({ label, checked, onChange }: { label: string; checked: boolean; onChange(checked: boolean): void }) {
  return (
    <label className="start-check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}
