import { useState } from 'react';
import { Link } from 'wouter';
import type { ReviewBody } from '../../../server/protocol.ts';
import { refusalOf } from '../../access/requests.ts';
import { Button } from '../../parts/Button.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useWords } from '../../words/Words.tsx';
import { MapRefusal } from '../changes/MapRefusal.tsx';
import { useUndo } from '../changes/requests.ts';
import { MapPage } from '../MapPage.tsx';
import { ChooseFile } from './ChooseFile.tsx';
import { Columns } from './Columns.tsx';
import { HowRead } from './HowRead.tsx';
import { Reviewed } from './Reviewed.tsx';
import { base64Of, type ImportKind, kindOf, type Mapping, type Source, useReview } from './requests.ts';
import './import.css';

type Taken = { sequence: number; changes: number };

/** Another tool's file, what it would change of the map, and what a person takes of it. */
export default function ImportScreen() {
  const { t } = useWords();
  const [source, setSource] = useState<Source | null>(null);
  const [taken, setTaken] = useState<Taken | null>(null);
  const review = useReview();
  const look = (next: Source) => {
    setSource(next);
    review.mutate(next);
  };
  const choose = async (files: readonly File[]) => {
    const [first] = files;
    if (first === undefined) return;
    setTaken(null);
    const kind = await kindOf(first);
    const read = await Promise.all(files.map(async (file) => ({ name: file.name, base64: await base64Of(file) })));
    look({ kind, files: read });
  };
  const again = () => {
    setSource(null);
    setTaken(null);
    review.reset();
  };
  return (
    <MapPage title={t.mapImport.title} lead={<p>{t.mapImport.lead}</p>} className="map-import">
      {source === null && <ChooseFile onChoose={(files) => void choose(files)} />}
      {source !== null && taken === null && (
        <>
          <HowRead
            source={source}
            isComplete={review.data?.isComplete ?? source.isComplete ?? false}
            onKind={(kind: ImportKind) => look({ kind, files: source.files })}
            onComplete={(isComplete) => look({ ...source, isComplete })}
            onAnother={again}
          />
          {review.isError && <RefusalNote refusal={refusalOf(review.error)} onRetry={() => look(source)} />}
          {review.data?.columns != null && review.data.tables !== null && (
            <Columns
              mapping={review.data.columns as Mapping}
              tables={review.data.tables}
              onChange={(columns) => look({ ...source, columns })}
            />
          )}
          <p role="status" className="soft">
            {review.isPending
              ? t.mapImport.reading
              : review.data === undefined
                ? ''
                : t.mapImport.told(review.data.told)}
          </p>
          {review.data !== undefined && (
            <Reviewed
              key={`${review.submittedAt}`}
              review={review.data}
              source={withColumns(source, review.data)}
              onTaken={setTaken}
              onAgain={() => look(source)}
            />
          )}
        </>
      )}
      {taken !== null && <Done taken={taken} onAgain={again} />}
    </MapPage>
  );
}

/** What was shown is what is applied, columns included. */
const withColumns = (source: Source, { columns }: ReviewBody): Source =>
  columns === null ? source : { ...source, columns: columns as Mapping };

function Done({ taken, onAgain }: { taken: Taken; onAgain(): void }) {
  const { t } = useWords();
  const undo = useUndo();
  return (
    <section className="card import-done" aria-live="polite">
      <h2>{undo.isSuccess ? t.mapImport.undoneTitle : t.mapImport.done}</h2>
      <p>{undo.isSuccess ? t.mapImport.undoneMeans : t.mapImport.doneMeans(taken.changes)}</p>
      {undo.isError && <MapRefusal refusal={refusalOf(undo.error)} />}
      <div className="empty-acts">
        {!undo.isSuccess && (
          <Button disabled={undo.isPending} onClick={() => undo.mutate(taken.sequence)}>
            {undo.isPending ? t.mapChanges.undoing : t.mapImport.undo}
          </Button>
        )}
        <Link href="/map" className="button button-main button-usual">
          {t.mapImport.toMap}
        </Link>
        <Link href="/map/changes" className="button button-quiet button-usual">
          {t.mapImport.seeChanges}
        </Link>
        <Button look="quiet" onClick={onAgain}>
          {t.mapImport.another}
        </Button>
      </div>
    </section>
  );
}
