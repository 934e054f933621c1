import type { MapGraphView } from '../../../map/views.ts';
import { refusalOf } from '../../access/requests.ts';
import { useWorld } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useWords } from '../../words/Words.tsx';
import { MapPage } from '../MapPage.tsx';
import { FunctionSets } from './FunctionSets.tsx';
import { Losses } from './Losses.tsx';
import { tiersOf, weightOf, worstFirst } from './rank.ts';
import { type Found, useSearch, useWeakPoints } from './requests.ts';
import './weakPoints.css';

/** What loses care by stopping alone, with a supplier, or with one other; each opens as a what-if. */
export default function WeakPointsScreen() {
  const { t } = useWords();
  const { world, feed } = useWorld();
  const view = feed.views.map;
  const looked = useWeakPoints(world, view?.document ?? null);
  const search = useSearch(world);
  const words = t.mapWeak;
  const { data, error } = looked;
  return (
    <MapPage title={t.map.tabs.weakPoints} lead={<p>{words.lead}</p>} className="weak">
      {error !== null && <RefusalNote refusal={refusalOf(error)} onRetry={() => void looked.refetch()} />}
      {data?.state === 'failed' && <RefusalNote refusal={data.refusal} />}
      {data?.state === 'computing' && (
        <div className="weak-search">
          <p role="status">{words.computing(data.done, data.functions)}</p>
          <progress max={Math.max(1, data.functions)} value={data.done} aria-label={words.again} />
          <Button icon="stop" onClick={() => void search('stop')}>
            {words.stop}
          </Button>
        </div>
      )}
      {data?.state === 'stopped' && (
        <div className="weak-search">
          <p>{words.stopped}</p>
          <Button look="main" icon="search" onClick={() => void search('begin')}>
            {words.again}
          </Button>
        </div>
      )}
      {data?.state === 'found' && view !== undefined && <Findings found={data} view={view} />}
    </MapPage>
  );
}

function Findings({ found, view }: { found: Found; view: MapGraphView }) {
  const { t, say } = useWords();
  const words = t.mapWeak;
  const tiers = tiersOf(view);
  const names = new Map(view.nodes.map(({ id, name }) => [id, say(name)]));
  const nameOf = (id: string) => names.get(id) ?? view.suppliers.find((one) => one.id === id)?.name ?? id;
  const falls = worstFirst(found.falls, tiers);
  const [worst] = falls;
  const weight = worst === undefined ? { all: 0, vital: 0 } : weightOf(worst, tiers);
  const sure = view.edges.filter(({ because }) => because === null);
  const unconfirmed = sure.filter(({ confirmed }) => confirmed === null).length;
  return (
    <>
      <p className="weak-worst">
        {worst === undefined ? words.none : words.worst(nameOf(worst.id), weight.all, weight.vital)}
      </p>
      {!found.allLookedAt && <p className="weak-warning">{words.notAll}</p>}
      {unconfirmed > 0 && <p className="soft">{words.unconfirmedCount(unconfirmed, sure.length)}</p>}
      <div className="weak-columns">
        {falls.length > 0 && (
          <Losses
            title={words.single}
            means={words.singleMeans}
            all={[...tiers.keys()]}
            lines={falls.map((one) => ({
              ...one,
              name: nameOf(one.id),
              detail: kindOf(one.id),
              reference: one.id,
              weight: weightOf(one, tiers),
            }))}
            nameOf={nameOf}
          />
        )}
        {found.suppliers.length > 0 && (
          <Losses
            title={words.suppliers}
            means={words.suppliersMeans}
            all={[...tiers.keys()]}
            lines={worstFirst(found.suppliers, tiers).map((one) => ({
              ...one,
              name: nameOf(one.id),
              detail: words.supplierOf(one.components),
              reference: `supplier:${one.id}`,
              weight: weightOf(one, tiers),
            }))}
            nameOf={nameOf}
          />
        )}
      </div>
      <section className="card weak-functions">
        <div>
          <h2>{words.byFunction}</h2>
          <p className="soft">{words.byFunctionMeans}</p>
        </div>
        {found.trees.map((tree) => (
          <FunctionSets
            key={tree.top}
            tree={tree}
            tier={tiers.get(tree.top) ?? null}
            rates={found.rates}
            orderMax={found.orderMax}
            nameOf={nameOf}
          />
        ))}
      </section>
    </>
  );

  function kindOf(id: string): string {
    const kind = view.nodes.find((node) => node.id === id)?.kind;
    return kind === undefined || kind === 'careFunction' ? '' : t.map.kinds[kind];
  }
}
