import { type ChangeEvent, useId } from 'react';
import { useWords } from '../../words/Words.tsx';

const GROUP = 4;

/** Symbols of a printed code, in any writing: what is no symbol is not counted. */
const symbolsOf = (typed: string): string => typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');

const grouped = (symbols: string): string => (symbols.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? []).join('-');

export const isWhole = (code: string, symbols: number): boolean => symbolsOf(code).length === symbols;

/** A code typed from paper, with gloves: large, dashes by themselves, and how much of it is there. */
export function CodeField({
  value,
  symbols,
  hint,
  onChange,
}: {
  value: string;
  symbols: number;
  hint: string;
  onChange(code: string): void;
}) {
  const { t } = useWords();
  const id = useId();
  const typed = symbolsOf(value).length;
  const change = ({ target }: ChangeEvent<HTMLInputElement>) => {
    // Corrected in its middle, it is left as it stands: the caret would jump.
    const isAtEnd = target.selectionStart === target.value.length;
    onChange(isAtEnd ? grouped(symbolsOf(target.value).slice(0, symbols)) : target.value);
  };
  return (
    <div className="field printed-code" style={{ '--signs': `${symbols + symbols / GROUP - 1}` }}>
      <label htmlFor={id}>{t.waysIn.code}</label>
      <p id={`${id}-hint`} className="field-hint">
        {hint}
      </p>
      <input
        id={id}
        aria-describedby={`${id}-hint ${id}-progress`}
        autoCapitalize="characters"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        required
        value={value}
        onChange={change}
      />
      <p id={`${id}-progress`} className="field-hint figures" aria-live="polite">
        {t.waysIn.codeProgress(typed, symbols)}
      </p>
    </div>
  );
}
