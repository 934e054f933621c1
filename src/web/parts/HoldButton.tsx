import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useWords } from '../words/Words.tsx';
import { Button, buttonClass } from './Button.tsx';

/** Long enough that a knock of the elbow does nothing, short enough under stress. */
const HOLD_MS = 1200;

/**
 * An act one cannot take back: the press must be held, by finger, mouse, Space or Enter.
 * A screen reader or a switch sends a bare click: it gets the question in words instead.
 */
export function HoldButton({
  children,
  onHeld,
  disabled = false,
  look = 'main',
  size = 'usual',
}: {
  children: ReactNode;
  onHeld(): void;
  disabled?: boolean;
  look?: 'main' | 'plain';
  size?: 'large' | 'usual';
}) {
  const { t } = useWords();
  const [holding, setHolding] = useState(false);
  const [asking, setAsking] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const pressed = useRef(false);
  useEffect(() => () => clearTimeout(timer.current), []);

  const begin = () => {
    if (disabled || holding) return;
    pressed.current = true;
    setHolding(true);
    timer.current = setTimeout(() => {
      setHolding(false);
      onHeld();
    }, HOLD_MS);
  };
  const letGo = () => {
    clearTimeout(timer.current);
    setHolding(false);
  };
  const isPressKey = (event: KeyboardEvent) => event.key === ' ' || event.key === 'Enter';

  if (asking) {
    return (
      <fieldset className="hold-confirm">
        <legend>{t.parts.sure}</legend>
        <Button
          look={look}
          onClick={() => {
            setAsking(false);
            onHeld();
          }}
        >
          {t.parts.yes} {children}
        </Button>
        <Button onClick={() => setAsking(false)}>{t.parts.cancel}</Button>
      </fieldset>
    );
  }
  return (
    <button
      type="button"
      className={`${buttonClass(look, size)} hold-button`}
      style={{ '--hold-time': `${HOLD_MS}ms` }}
      data-holding={holding}
      disabled={disabled}
      onPointerDown={(event) => {
        if (event.button === 0) begin();
      }}
      onPointerUp={letGo}
      onPointerLeave={letGo}
      onPointerCancel={letGo}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isPressKey(event)) return;
        event.preventDefault();
        if (!event.repeat) begin();
      }}
      onKeyUp={(event) => {
        if (isPressKey(event)) letGo();
      }}
      onBlur={letGo}
      onClick={() => {
        if (!pressed.current) setAsking(true);
        pressed.current = false;
      }}
    >
      <span>
        {children}
        <span className="hold-hint">{t.parts.keepPressed}</span>
      </span>
    </button>
  );
}
