import { type DragEvent, useId, useState } from 'react';
import * as format from '../../../words/format.ts';
import { useWords } from '../../words/Words.tsx';
import { fileBytesMax } from './requests.ts';

/** A file from this device: dropped, or chosen. */
export function ChooseFile({ onChoose }: { onChoose(files: readonly File[]): void }) {
  const { t, language } = useWords();
  const id = useId();
  const [isOver, setOver] = useState(false);
  const [isTooLarge, setTooLarge] = useState(false);
  const choose = (files: readonly File[]) => {
    const tooLarge = files.reduce((bytes, file) => bytes + file.size, 0) > fileBytesMax;
    setTooLarge(tooLarge);
    if (!tooLarge && files.length > 0) onChoose(files);
  };
  const over = (event: DragEvent, is: boolean) => {
    event.preventDefault();
    setOver(is);
  };
  return (
    // What is dropped here can also be chosen by the button inside.
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop a file on
    <div
      className="import-drop"
      data-over={isOver}
      onDragOver={(event) => over(event, true)}
      onDragLeave={(event) => over(event, false)}
      onDrop={(event) => {
        over(event, false);
        choose([...event.dataTransfer.files]);
      }}
    >
      <p className="import-drop-title">{t.mapImport.drop}</p>
      <label htmlFor={id} className="button button-main button-large">
        {t.mapImport.choose}
      </label>
      <input
        id={id}
        className="visually-hidden"
        type="file"
        multiple
        onChange={(event) => choose([...(event.target.files ?? [])])}
      />
      <p className="soft">{t.mapImport.knows}</p>
      {isTooLarge && (
        <p role="alert" className="field-wrong">
          {t.mapImport.tooLarge(`${format.number(fileBytesMax / 1_048_576, language)} Mo`)}
        </p>
      )}
    </div>
  );
}
