import { type InputHTMLAttributes, useId } from 'react';
import './field.css';

export function Field({
  label,
  hint,
  wrong,
  ...input
}: { label: string; hint?: string | undefined; wrong?: string | undefined } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, wrong === undefined ? '' : `${id}-wrong`]
    .filter(Boolean)
    .join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      <input
        id={id}
        {...(described === '' ? {} : { 'aria-describedby': described })}
        aria-invalid={wrong !== undefined}
        {...input}
      />
      {wrong !== undefined && (
        <p id={`${id}-wrong`} className="field-wrong">
          {wrong}
        </p>
      )}
    </div>
  );
}
