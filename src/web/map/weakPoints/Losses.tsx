import { useState } from 'react';
import { Link } from 'wouter';
import * as format from '../../../words/format.ts';
import { Button } from '../../parts/Button.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/Words.tsx';
import { supposing } from '../whatIf/hypothesis.ts';

const SHOWN_FIRST = 12;

interface Line {
  id: string;
  name: string;
  detail: string;
  /** How a what-if names it. */
  reference: string;
  careFunctions: readonly string[];
  weight: { all: number; vital: number };
}

/** What is lost with each of these, the heaviest first; each leads to the what-if of it. */
export function Losses({
  title,
  means,
  all,
  lines,
  nameOf,
}: {
  title: string;
  means: string;
  /** Care functions on the map: what the bars are a part of. */
  all: readonly string[];
  lines: readonly Line[];
  nameOf(id: string): string;
}) {
  const { t, language } = useWords();
  const words = t.mapWeak;
  const [shown, show] = useState(SHOWN_FIRST);
  /** The shorter way to say it: those that are lost, or those that are not. */
  const lost = (ids: readonly string[]) => {
    const kept = all.filter((id) => !ids.includes(id));
    if (ids.length <= kept.length) return format.list(ids.map(nameOf), language);
    return kept.length === 0 ? words.everything : words.allBut(format.list(kept.map(nameOf), language));
  };
  return (
    <section className="card weak-losses">
      <div>
        <h2>{title}</h2>
        <p className="soft">{means}</p>
      </div>
      <ol>
        {lines.map(({ id, name, detail, reference, careFunctions, weight }, at) => (
          <li key={id} data-late={at >= shown}>
            <Link href={`/map?${supposing(reference)}`}>
              <span className="weak-name">
                {name} <span className="soft">{detail}</span>
              </span>
              <span className="weak-count">
                {weight.all === 0 ? words.losesNothing : words.loses(weight.all)}
                {weight.vital > 0 && <b> · {words.vital(weight.vital)}</b>}
              </span>
              <span className="weak-bar" aria-hidden="true">
                <span
                  className="weak-bar-vital"
                  style={{ inlineSize: `${(100 * weight.vital) / Math.max(1, all.length)}%` }}
                />
                <span
                  className="weak-bar-other"
                  style={{ inlineSize: `${(100 * (weight.all - weight.vital)) / Math.max(1, all.length)}%` }}
                />
              </span>
              <span className="soft weak-lost">{lost(careFunctions)}</span>
              <Icon name="chevron" />
            </Link>
          </li>
        ))}
      </ol>
      {lines.length > shown && (
        <Button className="no-print" onClick={() => show(shown + 50)}>
          {words.more(Math.min(50, lines.length - shown))}
        </Button>
      )}
    </section>
  );
}
