import { useEffect, useRef, useState } from 'react';
import { layers } from './layers.ts';
import type { Arrangement, ToArrange } from './layout/arrange.ts';
import type { Shown } from './shown.ts';

/** Size of a box in root ems. */
export const BOX = { width: 11, height: 3.125 };

export interface Arranged {
  arrangement: Arrangement;
  /** What the arrangement is of: another may already be wished for. */
  shown: Shown;
  milliseconds: number;
}

/** Laid out in a worker, anew only when what is drawn changes, never when a state does. */
export function useArrangement(shown: Shown): Arranged | null {
  const worker = useRef<Worker | null>(null);
  const number = useRef(0);
  const [found, keep] = useState<Arranged | null>(null);
  useEffect(
    () => () => {
      worker.current?.terminate();
      worker.current = null;
    },
    [],
  );
  useEffect(() => {
    // What was still being laid out for an earlier wish is not waited for.
    if (number.current > 0 && worker.current !== null) worker.current.terminate();
    worker.current = new Worker(new URL('./layout/arrange.worker.ts', import.meta.url), { type: 'module' });
    number.current += 1;
    const asked = number.current;
    const begun = performance.now();
    worker.current.addEventListener(
      'message',
      ({ data }: MessageEvent<{ number: number; arrangement: Arrangement }>) => {
        if (data.number === asked)
          keep({ arrangement: data.arrangement, shown, milliseconds: performance.now() - begun });
      },
    );
    worker.current.postMessage({ number: asked, given: toArrange(shown) });
  }, [shown]);
  return found;
}

function toArrange({ things, links }: Shown): ToArrange {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return {
    layer: Uint8Array.from(things, ({ layer }) => layers.indexOf(layer)),
    lane: Uint16Array.from(things, ({ lane }) => lane),
    from: Uint32Array.from(links, ({ from }) => from),
    to: Uint32Array.from(links, ({ to }) => to),
    box: { width: BOX.width * rem, height: BOX.height * rem },
  };
}
