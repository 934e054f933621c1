import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { useWords } from '../../words/Words.tsx';
import type { Camera } from './camera.ts';
import { layers } from './layers.ts';
import type { Arrangement } from './layout/arrange.ts';
import type { Pile } from './shown.ts';

/** Shorter than this, in pixels, a name says nothing. */
const ROOM_LEAST = 36;

export interface BandsHandle {
  /** Moved with the picture at each frame, without asking React. */
  turn(camera: Camera): void;
}

/** The names of the layers above the picture, each where its boxes are; pressing one folds or unfolds it. */
export function Bands({
  own,
  arrangement,
  piles,
  folded,
  onFold,
}: {
  own: Ref<BandsHandle>;
  arrangement: Arrangement | null;
  piles: readonly Pile[];
  folded: ReadonlySet<string>;
  onFold: ((piles: readonly Pile[], isFolded: boolean) => void) | undefined;
}) {
  const { t } = useWords();
  const row = useRef<HTMLDivElement>(null);
  const sizes = useRef<{ row: number; names: number[] } | null>(null);
  useEffect(() => {
    const element = row.current;
    if (element === null || arrangement === null) return;
    const forget = () => {
      sizes.current = null;
    };
    forget();
    const watch = new ResizeObserver(forget);
    watch.observe(element);
    return () => watch.disconnect();
  }, [arrangement]);
  useImperativeHandle(
    own,
    () => ({
      turn({ x, scale }) {
        // Measured once: asked at each frame, the browser would lay the page out again each time.
        sizes.current ??= {
          row: row.current?.clientWidth ?? 0,
          names: [...(row.current?.children ?? [])].map(widthOf),
        };
        const { row: width, names } = sizes.current;
        for (const [at, band] of [...(row.current?.children ?? [])].entries()) {
          const { left = 0, right = 0 } = arrangement?.bands[at] ?? {};
          if (!(band instanceof HTMLElement)) continue;
          const start = (left - x) * scale;
          const end = (right - x) * scale;
          const next = ((arrangement?.bands[at + 1]?.left ?? Number.POSITIVE_INFINITY) - x) * scale;
          // A band wider than the screen keeps its name in sight; a name never covers the next.
          const shift = Math.max(start, Math.min(0, end - (names[at] ?? 0)));
          const room = Math.min(next, width) - shift;
          band.style.translate = `${Math.round(shift)}px 0`;
          band.style.maxInlineSize = `${Math.max(0, Math.round(room))}px`;
          band.style.visibility = end < 0 || start > width || room < ROOM_LEAST ? 'hidden' : 'visible';
        }
      },
    }),
    [arrangement],
  );
  return (
    <div className="graph-bands" ref={row}>
      {arrangement?.bands.map((band) => {
        const layer = layers[band.layer] ?? 'care';
        const some = piles.filter((pile) => pile.layer === layer && pile.members.length > 1);
        const isFolded = some.every(({ key }) => folded.has(key));
        return (
          <button
            key={layer}
            type="button"
            aria-expanded={!isFolded}
            disabled={onFold === undefined || some.length === 0}
            onClick={() => onFold?.(some, !isFolded)}
          >
            {t.mapGraph.layers[layer]}
          </button>
        );
      })}
    </div>
  );
}

const widthOf = (name: Element): number => name.scrollWidth;
