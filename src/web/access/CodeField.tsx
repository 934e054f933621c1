import { Field } from '../parts/Field.tsx';

/** Six digits, large, on a keyboard of digits; a telephone may fill them in by itself. */
export function CodeField({
  label,
  hint,
  value,
  autoFocus = false,
  onChange,
}: {
  label: string;
  hint?: string;
  value: string;
  autoFocus?: boolean;
  onChange(code: string): void;
}) {
  return (
    <Field
      label={label}
      hint={hint}
      className="code-field"
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="[0-9 ]*"
      maxLength={7}
      required
      autoFocus={autoFocus}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
