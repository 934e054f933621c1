import { useId } from 'react';
import type { ReviewBody } from '../../../server/protocol.ts';
import { entry } from '../../../words/entry.ts';
import { useWords } from '../../words/Words.tsx';
import type { Mapping } from './requests.ts';

const units = ['s', 'min', 'h', 'd'] as const;

/** What each column of a table means: guessed, and corrected here. */
export function Columns({
  mapping,
  tables,
  onChange,
}: {
  mapping: Mapping;
  tables: NonNullable<ReviewBody['tables']>;
  onChange(mapping: Mapping): void;
}) {
  const { t } = useWords();
  const id = useId();
  const fields = tables[mapping.table] ?? [];
  const nameOf = (field: string) => entry(t.mapImport.columnFields, field) ?? field;
  const leftOut = Object.values(mapping.columns).filter((meant) => meant === null).length;
  return (
    <details className="card import-columns" open={leftOut > 0}>
      <summary>{t.mapImport.columns}</summary>
      <p className="soft">{t.mapImport.columnsMeans}</p>
      <div className="field">
        <label htmlFor={id}>{t.mapImport.table}</label>
        <select
          id={id}
          value={mapping.table}
          onChange={(event) => onChange({ table: event.target.value, columns: {} })}
        >
          {Object.keys(tables).map((table) => (
            <option key={table} value={table}>
              {entry(t.mapImport.tables, table) ?? table}
            </option>
          ))}
        </select>
      </div>
      <ul className="import-columns-list">
        {Object.entries(mapping.columns).map(([heading, meant], at) => (
          <li key={heading}>
            <label htmlFor={`${id}-${at}`}>{t.mapImport.column(heading)}</label>
            <select
              id={`${id}-${at}`}
              className="input"
              value={meant ?? ''}
              onChange={(event) =>
                onChange({ ...mapping, columns: { ...mapping.columns, [heading]: event.target.value || null } })
              }
            >
              <option value="">{t.mapImport.leftOut}</option>
              {fields.flatMap(({ field, hasUnit }) => [
                <option key={field} value={field}>
                  {nameOf(field)}
                </option>,
                ...(hasUnit ? units : []).map((unit) => (
                  <option key={`${field}:${unit}`} value={`${field}:${unit}`}>
                    {t.mapImport.inUnit(nameOf(field), t.mapImport.units[unit])}
                  </option>
                )),
              ])}
            </select>
          </li>
        ))}
      </ul>
    </details>
  );
}
