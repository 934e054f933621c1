import type { Ref } from 'react';

import { ComponentStateMark } from '../../parts/StateMark.tsx';
import { useWords } from '../../words/Words.tsx';
import { states } from './layers.ts';

/** Every sign of the picture in words. The picture reads its colours and signs here: one source for both. */
export function Legend({ own, hasStopped }: { own: Ref<HTMLElement>; hasStopped: boolean }) {
  const { t } = useWords();
  const words = t.mapGraph;
  return (
    <details className="graph-panel">
      <summary>{words.legend}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: with large text it scrolls, and must by keyboard too */}
      <section className="graph-legend" aria-label={words.legend} ref={own} tabIndex={0}>
        <h3>{words.boxes}</h3>
        <ul>
          {states.map((state) => (
            <li key={state}>
              <ComponentStateMark state={state} />
            </li>
          ))}
          <li>
            <span className="legend-pile" aria-hidden="true" />
            {words.pile}
          </li>
          {hasStopped && (
            <li>
              <span className="legend-stopped" aria-hidden="true" />
              {words.stopped}
            </li>
          )}
        </ul>
        <h3>{words.lines}</h3>
        <ul>
          {(['confirmed', 'unconfirmed', 'proposed'] as const).map((sureness) => (
            <li key={sureness}>
              <span className="legend-line" data-sureness={sureness} aria-hidden="true" />
              {words[sureness]}
            </li>
          ))}
          <li>
            <span className="legend-alternative" aria-hidden="true">
              1/2
            </span>
            {t.map.needKinds.any}
          </li>
        </ul>
      </section>
    </details>
  );
}
