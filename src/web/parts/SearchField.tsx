import type { Ref } from 'react';
import { Icon } from './Icon.tsx';
import './search.css';

export function SearchField({
  label,
  value,
  onChange,
  field,
}: {
  label: string;
  value: string;
  onChange(value: string): void;
  field?: Ref<HTMLInputElement>;
}) {
  return (
    <div className="search no-print">
      <Icon name="search" />
      <input
        ref={field}
        className="input"
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || value === '') return;
          event.preventDefault();
          onChange('');
        }}
      />
    </div>
  );
}
