import { useId } from 'react';
import { Button } from '../../parts/Button.tsx';
import { useWords } from '../../words/Words.tsx';
import { type ImportKind, importKinds, type Source } from './requests.ts';

/** Which file, read as what, and whether it is all its tool knows. */
export function HowRead({
  source,
  isComplete,
  onKind,
  onComplete,
  onAnother,
}: {
  source: Source;
  isComplete: boolean;
  onKind(kind: ImportKind): void;
  onComplete(isComplete: boolean): void;
  onAnother(): void;
}) {
  const { t } = useWords();
  const id = useId();
  const [first, ...others] = source.files;
  const isMap = source.kind === 'yaml';
  return (
    <section className="card import-source">
      <p className="import-file">
        <b>{first?.name}</b>
        {others.length > 0 && <span className="soft"> +{others.length}</span>}
      </p>
      <div className="field">
        <label htmlFor={id}>{t.mapImport.kind}</label>
        <select id={id} value={source.kind} onChange={(event) => onKind(event.target.value as ImportKind)}>
          {importKinds.map((kind) => (
            <option key={kind} value={kind}>
              {t.mapImport.kinds[kind]}
            </option>
          ))}
        </select>
      </div>
      <label className="import-check">
        <input type="checkbox" checked={isComplete} onChange={(event) => onComplete(event.target.checked)} />
        <span>
          {isMap ? t.mapImport.completeMap : t.mapImport.complete}
          <span className="soft import-hint">{isMap ? t.mapImport.completeMapMeans : t.mapImport.completeMeans}</span>
        </span>
      </label>
      <Button look="quiet" onClick={onAnother}>
        {t.mapImport.another}
      </Button>
    </section>
  );
}
