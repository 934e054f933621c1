import { type ReactNode, type SyntheticEvent, useEffect, useId, useRef } from 'react';
import { useWords } from '../words/Words.tsx';
import { Icon } from './Icon.tsx';
import './panel.css';

/** One question over the page, never over another: the browser's own dialog keeps focus inside and closes with Escape. */
export function Panel({
  title,
  onClose,
  mayClose = always,
  children,
}: {
  title: string;
  onClose(): void;
  /** False: something is written that would be lost; the question is asked inside. */
  mayClose?(): boolean;
  children: ReactNode;
}) {
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
    if (dialog.current?.open !== false) return;
    // A browser closes at the second Escape whatever one answers it.
    if (mayClose()) onClose();
    else dialog.current.showModal();
  };
  const asked = (event: SyntheticEvent) => {
    if (event.target === dialog.current && !mayClose()) event.preventDefault();
  };
  return (
    <dialog ref={dialog} className="panel" aria-labelledby={heading} onClose={closed} onCancel={asked}>
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" className="panel-close" onClick={() => mayClose() && dialog.current?.close()}>
          <Icon name="close" />
          <span className="visually-hidden">{t.parts.close}</span>
        </button>
      </header>
      <div className="panel-body">{children}</div>
    </dialog>
  );
}

const always = () => true;
