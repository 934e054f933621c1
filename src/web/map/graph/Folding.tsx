import { Button } from '../../parts/Button.tsx';
import { useWords } from '../../words/Words.tsx';
import { layers } from './layers.ts';
import type { Pile } from './shown.ts';

/** A list to read, not to scroll for ever. */
const SITES_LISTED = 60;

/** What is folded into one box each: by layer, by site. */
export function Folding({
  piles,
  folded,
  bySite,
  siteName,
  onFold,
  onBySite,
}: {
  piles: readonly Pile[];
  folded: ReadonlySet<string>;
  /** Null: everything is on one site. */
  bySite: boolean | null;
  siteName(site: string | null): string;
  onFold(piles: readonly Pile[], isFolded: boolean): void;
  onBySite(bySite: boolean): void;
}) {
  const { t } = useWords();
  const words = t.mapGraph;
  const isOpen = (some: readonly Pile[]) => some.some(({ key }) => !folded.has(key));
  const sites = bySite === true ? [...new Set(piles.map(({ site }) => site))] : [];
  const box = (name: string, some: readonly Pile[]) => (
    <label key={name}>
      <input type="checkbox" checked={isOpen(some)} onChange={(event) => onFold(some, !event.target.checked)} />
      {name}
    </label>
  );
  return (
    <details className="graph-panel">
      <summary>{words.folding}</summary>
      <div className="graph-folding">
        <div className="graph-folding-acts">
          <Button onClick={() => onFold(piles, true)}>{words.foldAll}</Button>
          <Button onClick={() => onFold(piles, false)}>{words.unfoldAll}</Button>
        </div>
        {bySite !== null && (
          <label>
            <input type="checkbox" checked={bySite} onChange={(event) => onBySite(event.target.checked)} />
            {words.bySite}
          </label>
        )}
        <fieldset>
          <legend>{words.unfoldedLayers}</legend>
          {layers.map((layer) => {
            const some = piles.filter((pile) => pile.layer === layer);
            return some.length === 0 ? null : box(words.layers[layer], some);
          })}
        </fieldset>
        {sites.length > 1 && (
          <fieldset>
            <legend>{words.unfoldedSites}</legend>
            {sites.slice(0, SITES_LISTED).map((site) =>
              box(
                siteName(site),
                piles.filter((pile) => pile.site === site),
              ),
            )}
            {sites.length > SITES_LISTED && <p className="soft">{words.moreSites(sites.length - SITES_LISTED)}</p>}
          </fieldset>
        )}
      </div>
    </details>
  );
}
