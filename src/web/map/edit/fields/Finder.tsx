import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { sought } from '../../../parts/sought.ts';
import { useWords } from '../../../words/Words.tsx';
import type { Choosable } from './names.ts';

/** More would not be read: one types another letter. */
const SHOWN_MAX = 8;

/** Chooses one thing by searching names: a combobox, by keyboard and by touch. */
export function Finder({
  label,
  among,
  onChoose,
}: {
  label: string;
  among: readonly Choosable[];
  onChoose(id: string): void;
}) {
  const { t, say } = useWords();
  const id = useId();
  const [query, seek] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const found = useMemo(() => {
    const wanted = sought(query).split(/\s+/).filter(Boolean);
    const isFound = (one: Choosable) => {
      const text = sought(`${one.name.fr} ${one.name.en ?? ''} ${one.id}`);
      return wanted.every((word) => text.includes(word));
    };
    return among.filter(isFound).slice(0, SHOWN_MAX);
  }, [query, among]);
  const shown = open && among.length > 0;
  const current = Math.min(at, found.length - 1);
  const choose = (one: Choosable | undefined) => {
    if (one === undefined) return;
    onChoose(one.id);
    seek('');
    setAt(0);
    setOpen(false);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((current + step + found.length) % Math.max(1, found.length));
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      if (shown) choose(found[current]);
    }
    if (event.key === 'Escape' && (open || query !== '')) {
      // The form stays open.
      event.preventDefault();
      event.stopPropagation();
      seek('');
      setOpen(false);
    }
  };
  return (
    <div className="finder">
      <input
        className="input"
        role="combobox"
        aria-label={label}
        placeholder={label}
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(shown && found[current] !== undefined ? { 'aria-activedescendant': `${id}-${current}` } : {})}
        autoComplete="off"
        value={query}
        onChange={(event) => {
          seek(event.target.value);
          setAt(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={keys}
      />
      <div id={`${id}-list`} role="listbox" aria-label={label} className="finder-list" hidden={!shown}>
        {found.map((one, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox, which keeps the focus
          <div
            key={one.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(one)}
          >
            <span>{say(one.name)}</span>
            <span className="soft">{one.kind}</span>
          </div>
        ))}
        {found.length === 0 && <p className="soft">{t.map.nothingFound(query)}</p>}
      </div>
      <span className="visually-hidden" role="status">
        {shown && query !== '' ? t.mapEdit.found(found.length) : ''}
      </span>
    </div>
  );
}
