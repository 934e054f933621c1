import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useWords } from '../words/Words.tsx';
import { Icon } from './Icon.tsx';
import './panel.css';

/** One question over the page, never over another: the browser's own dialog keeps focus inside and closes with Escape. */
export function Panel({ title, onClose, children }: { title: string; onClose(): void; children: ReactNode }) {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  // The event comes a moment after the act: a dialog that was opened again meanwhile stays.
  const closed = () => {
    if (dialog.current?.open === false) onClose();
  };
  return (
    <dialog ref={dialog} className="panel" aria-labelledby={heading} onClose={closed}>
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" className="panel-close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
          <span className="visually-hidden">{t.parts.close}</span>
        </button>
      </header>
      <div className="panel-body">{children}</div>
    </dialog>
  );
}
