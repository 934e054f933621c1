import { type ReactNode, useId, useState } from 'react';
import { entry } from '../../../../words/entry.ts';
import { useWords } from '../../../words/Words.tsx';
import { idsAt, read, secondsAt, textAt, useWriting } from './draft.ts';
import { nameOf } from './names.ts';

export type FieldName = keyof ReturnType<typeof useWords>['t']['mapEdit']['fields'];

/** One field with its label, its mark where nobody confirmed it, and what is wrong with it, said as one types. */
export function Row({
  at,
  name,
  hint,
  isOwn = false,
  children,
}: {
  at: string;
  name: FieldName;
  hint?: string | undefined;
  /** Its control is a group with its own labels. */
  isOwn?: boolean;
  children(control: { id: string; described: { 'aria-describedby'?: string }; isWrong: boolean }): ReactNode;
}) {
  const { t, say } = useWords();
  const { draft, problems, confirm, map } = useWriting();
  const id = useId();
  const label = t.mapEdit.fields[name];
  const isProposed = idsAt(draft, 'toConfirm').some((mark) => at === mark || at.startsWith(`${mark}.`));
  const problem = problems.find(({ path }) => path === at || (isOwn && path.startsWith(`${at}.`)));
  const parts = [hint === undefined ? '' : `${id}-hint`, problem === undefined ? '' : `${id}-wrong`].filter(Boolean);
  const described = parts.length === 0 ? {} : { 'aria-describedby': parts.join(' ') };
  const ring = problem?.code === 'needs-itself' ? problem.detail?.split(' ') : undefined;
  return (
    <div className="field edit-field">
      <div className="edit-label">
        {isOwn ? <span id={`${id}-label`}>{label}</span> : <label htmlFor={id}>{label}</label>}
        {isProposed && (
          <span className="edit-proposed">
            <span className="proposed-mark">{t.mapEdit.proposed}</span>
            <button
              type="button"
              className="edit-confirm"
              aria-label={t.mapEdit.confirmValueOf(label)}
              onClick={() => confirm(at)}
            >
              {t.mapEdit.confirmValue}
            </button>
          </span>
        )}
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {children({ id, described, isWrong: problem?.severity === 'error' })}
      {problem !== undefined && (
        <p id={`${id}-wrong`} className={problem.severity === 'error' ? 'field-wrong' : 'field-warning'}>
          {entry(t.mapEdit.problems, problem.code) ?? t.mapEdit.problems.wrong}
          {ring !== undefined && ` ${ring.map((one) => say(nameOf(map, one))).join(' → ')}`}
        </p>
      )}
    </div>
  );
}

export function Text({
  at,
  name,
  hint,
  type = 'text',
}: {
  at: string;
  name: FieldName;
  hint?: string;
  type?: 'text' | 'tel' | 'email' | 'date';
}) {
  const { draft, set } = useWriting();
  return (
    <Row at={at} name={name} hint={hint}>
      {({ id, described, isWrong }) => (
        <input
          id={id}
          type={type}
          value={textAt(draft, at)}
          aria-invalid={isWrong}
          autoComplete="off"
          {...described}
          onChange={(event) => set(at, event.target.value)}
        />
      )}
    </Row>
  );
}

/** A text in both languages: the hospital's own must be there, the other may. */
export function InBoth({ at, name }: { at: string; name: FieldName }) {
  const { draft, set } = useWriting();
  const { t } = useWords();
  const id = useId();
  return (
    <div className="edit-pair">
      <Text at={`${at}.fr`} name={name} />
      <div className="field edit-field">
        <div className="edit-label">
          <label htmlFor={id}>{t.mapEdit.fields.nameEn}</label>
        </div>
        <input
          id={id}
          lang="en"
          value={textAt(draft, `${at}.en`)}
          autoComplete="off"
          onChange={(event) => set(`${at}.en`, event.target.value)}
        />
      </div>
    </div>
  );
}

export function Amount({
  at,
  name,
  hint,
  step = 1,
}: {
  at: string;
  name: FieldName;
  hint?: string;
  step?: number | 'any';
}) {
  const { draft, set } = useWriting();
  return (
    <Row at={at} name={name} hint={hint}>
      {({ id, described, isWrong }) => (
        <input
          id={id}
          type="number"
          inputMode="decimal"
          min={0}
          step={step}
          value={textAt(draft, at)}
          aria-invalid={isWrong}
          {...described}
          onChange={(event) => set(at, event.target.value === '' ? undefined : Number(event.target.value))}
        />
      )}
    </Row>
  );
}

const units = { minutes: 60, hours: 3600, days: 86_400 } as const;
type Unit = keyof typeof units;
const unitOf = (seconds: number | undefined): Unit =>
  seconds === undefined || seconds === 0
    ? 'hours'
    : seconds % units.days === 0 && seconds > units.days
      ? 'days'
      : seconds % units.hours === 0
        ? 'hours'
        : 'minutes';

/** A length as people say it: a number, and minutes, hours or days. */
export function Length({
  seconds,
  onChange,
  label,
  id,
  isWrong = false,
  described = {},
}: {
  seconds: number | undefined;
  onChange(seconds: number | undefined): void;
  label: string;
  id?: string;
  isWrong?: boolean;
  described?: { 'aria-describedby'?: string };
}) {
  const { t } = useWords();
  const [unit, setUnit] = useState<Unit>(() => unitOf(seconds));
  return (
    <div className="edit-length">
      <input
        {...(id === undefined ? { 'aria-label': label } : { id })}
        type="number"
        inputMode="decimal"
        min={0}
        step="any"
        value={seconds === undefined ? '' : Number((seconds / units[unit]).toFixed(2))}
        aria-invalid={isWrong}
        {...described}
        onChange={(event) => {
          const { value } = event.target;
          onChange(value === '' ? undefined : Math.round(Number(value) * units[unit]));
        }}
      />
      <select
        aria-label={t.mapEdit.unitOf(label)}
        value={unit}
        onChange={(event) => {
          const next = event.target.value as Unit;
          setUnit(next);
          if (seconds !== undefined) onChange(Math.round((seconds / units[unit]) * units[next]));
        }}
      >
        {(Object.keys(units) as Unit[]).map((one) => (
          <option key={one} value={one}>
            {t.mapEdit.units[one]}
          </option>
        ))}
      </select>
    </div>
  );
}

export function LengthField({ at, name, hint }: { at: string; name: FieldName; hint?: string }) {
  const { draft, set } = useWriting();
  const { t } = useWords();
  return (
    <Row at={at} name={name} hint={hint}>
      {(control) => (
        <Length
          {...control}
          label={t.mapEdit.fields[name]}
          seconds={secondsAt(draft, at)}
          onChange={(seconds) => set(at, seconds)}
        />
      )}
    </Row>
  );
}

export function Select({
  at,
  name,
  options,
  hint,
}: {
  at: string;
  name: FieldName;
  options: readonly { value: string; label: string }[];
  hint?: string;
}) {
  const { draft, set } = useWriting();
  const value = textAt(draft, at);
  return (
    <Row at={at} name={name} hint={hint}>
      {({ id, described, isWrong }) => (
        <select
          id={id}
          value={value}
          aria-invalid={isWrong}
          {...described}
          onChange={(event) => set(at, event.target.value)}
        >
          {!options.some((one) => one.value === value) && <option value="" />}
          {options.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </Row>
  );
}

/** A few lines of text, each one of the list, as texts in the hospital's language. */
export function Lines({ at, name }: { at: string; name: FieldName }) {
  const { draft, set } = useWriting();
  const list = read(draft, at);
  const known = Array.isArray(list) ? (list as { fr: string; en?: string }[]) : [];
  const [text, write] = useState(() => known.map(({ fr }) => fr).join('\n'));
  return (
    <Row at={at} name={name}>
      {({ id, described }) => (
        <textarea
          id={id}
          rows={Math.max(3, text.split('\n').length)}
          value={text}
          {...described}
          onChange={(event) => {
            write(event.target.value);
            const lines = event.target.value.split('\n').map((line) => line.trim());
            // A line that stays as it was keeps its other language.
            set(
              at,
              lines.filter((line) => line !== '').map((fr) => known.find((one) => one.fr === fr) ?? { fr }),
            );
          }}
        />
      )}
    </Row>
  );
}
