import type { MapGraphView } from '../../../map/views.ts';
import type { WhatIfBody } from '../../../server/protocol.ts';
import * as format from '../../../words/format.ts';
import { ComponentStateMark } from '../../parts/StateMark.tsx';
import { useWords } from '../../words/Words.tsx';

type Felt = WhatIfBody['careFunctions'][number];

/** What care feels of it, worst first: lost, lost later, unknown, served in part, on its last support. */
export function CareLines({
  answer,
  view,
  onSelect,
}: {
  answer: WhatIfBody;
  view: MapGraphView;
  onSelect(id: string): void;
}) {
  const { t } = useWords();
  const words = t.mapWhatIf;
  const groups = [
    { title: words.lost, of: answer.careFunctions.filter(({ state }) => state === 'lost') },
    { title: words.lostLater, of: answer.careFunctions.filter(isLater).toSorted(bySoonest) },
    { title: words.partly, of: answer.careFunctions.filter((one) => one.state === 'partly' && !isLater(one)) },
    { title: words.unknown, of: answer.careFunctions.filter((one) => one.state === 'unknown' && !isLater(one)) },
    {
      title: words.thin,
      of: answer.careFunctions.filter((one) => one.redundancyLost && one.state === 'served' && !isLater(one)),
    },
  ].filter(({ of }) => of.length > 0);
  if (groups.length === 0) return <p className="what-if-none">{words.nothingFelt}</p>;
  return groups.map(({ title, of }) => (
    <section key={title} className="what-if-group">
      <h3>
        {title} <span className="soft">{of.length}</span>
      </h3>
      <ul>
        {of.map((one) => (
          <CareLine key={one.id} one={one} view={view} onSelect={onSelect} />
        ))}
      </ul>
    </section>
  ));
}

const isLater = ({ state, lostAfterSeconds }: Felt): boolean =>
  state !== 'lost' && lostAfterSeconds !== null && lostAfterSeconds > 0;
const bySoonest = (one: Felt, other: Felt) => (one.lostAfterSeconds ?? 0) - (other.lostAfterSeconds ?? 0);

const stateOfSupply = { served: 'up', partly: 'degraded', lost: 'down', unknown: 'unknown' } as const;

function CareLine({ one, view, onSelect }: { one: Felt; view: MapGraphView; onSelect(id: string): void }) {
  const { t, say, language } = useWords();
  const nameOf = (id: string) => {
    const node = view.nodes.find((found) => found.id === id);
    return node === undefined ? id : say(node.name);
  };
  const node = view.nodes.find(({ id }) => id === one.id);
  const names = (ids: readonly string[]) => format.list(ids.map(nameOf), language);
  const { lostAfterSeconds, unless, because, state, back } = one;
  const long = (seconds: number) => format.secondsLong(seconds, language);
  const when =
    lostAfterSeconds === null
      ? null
      : lostAfterSeconds === 0
        ? t.mapWhatIf.lostAtOnce
        : t.mapWhatIf.lostAfter(long(lostAfterSeconds));
  // A long list of conditions helps nobody decide: two ways, of two things at most.
  const way = unless
    .filter((set) => set.length <= 2)
    .slice(0, 2)
    .map(names);
  return (
    <li>
      <button type="button" onClick={() => onSelect(one.id)}>
        <ComponentStateMark state={stateOfSupply[state]} isCare wordless />
        <span className="node-line">
          <span>
            {nameOf(one.id)} {node?.tier != null && <span className="soft">· {t.mapWhatIf.tier(node.tier)}</span>}
          </span>
          {when !== null && (
            <span className="what-if-when">
              {when}
              {way.length > 0 && state !== 'lost' && t.mapWhatIf.unless(format.either(way, language))}
            </span>
          )}
          {state === 'lost' && way.length > 0 && (
            <span className="soft">{t.mapWhatIf.wouldKeep(format.either(way, language))}</span>
          )}
          {back !== null && (
            <span className="soft">
              {back.high === null
                ? t.mapWhatIf.backUnknown(long(back.low))
                : t.mapWhatIf.back(back.low === back.high ? null : long(back.low), long(back.high))}
            </span>
          )}
          {because.length > 0 && (
            <span className="soft">{t.mapWhatIf.because(names(because.slice(0, 3)), because.length - 3)}</span>
          )}
        </span>
      </button>
    </li>
  );
}
