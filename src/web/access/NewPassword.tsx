import { useState } from 'react';
import { Field } from '../parts/Field.tsx';
import { useWords } from '../words/Words.tsx';

/** Length is what resists; no rule about signs and digits, which people answer with `Password1!`. */
export const PASSWORD_MIN = 12;

/** A password being chosen: how long it has to be, and what is missing once it was tried. */
export function NewPassword({
  label,
  value,
  tried,
  onChange,
}: {
  label: string;
  value: string;
  tried: boolean;
  onChange(password: string): void;
}) {
  const { t } = useWords();
  const [shown, show] = useState(false);
  const missing = PASSWORD_MIN - value.length;
  return (
    <div>
      <Field
        label={label}
        hint={t.access.passwordHint(PASSWORD_MIN)}
        wrong={tried && missing > 0 ? t.access.passwordShort(missing) : undefined}
        type={shown ? 'text' : 'password'}
        autoComplete="new-password"
        required
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="password-help">
        <meter
          className="password-meter"
          aria-label={t.access.passwordLength}
          min={0}
          max={PASSWORD_MIN}
          low={PASSWORD_MIN - 0.5}
          high={PASSWORD_MIN - 0.5}
          optimum={PASSWORD_MIN}
          value={Math.min(value.length, PASSWORD_MIN)}
        />
        <label>
          <input type="checkbox" checked={shown} onChange={(event) => show(event.target.checked)} />{' '}
          {t.access.showPassword}
        </label>
      </div>
    </div>
  );
}
