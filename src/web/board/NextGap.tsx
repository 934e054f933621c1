import type { BoardView } from '../../map/care.ts';
import * as format from '../../words/format.ts';
import { useNow } from '../feed/World.tsx';
import { useArrival } from '../shell/arrival.ts';
import { useWords } from '../words/Words.tsx';

/** The one thing to read first: which care function falls next, and in how many minutes. */
export function NextGap({ board }: { board: BoardView }) {
  const { t, say, language, reading } = useWords();
  const now = useNow();
  const next = board.nextGap;
  const minutes = next === null ? 0 : (Date.parse(next.at) - now) / 60_000;
  const already = next?.already === true || minutes <= 0;
  const length = format.minutesLong(already ? Math.floor(-minutes) : Math.ceil(minutes), language);
  const when = already ? t.board.since(length) : t.board.in(length);
  const heading = useArrival(next === null ? t.shell.board : `${when} : ${say(next.name)}`);
  if (next === null) return <NoGap board={board} heading={heading} />;
  const beds = next.beds === null ? [] : [t.board.beds(next.beds)];
  return (
    <section className="next-gap" data-state={next.certain ? 'gap' : 'toConfirm'}>
      <h1 ref={heading} tabIndex={-1}>
        <span className="next-gap-eyebrow">
          {next.certain
            ? already
              ? t.board.inGap
              : t.board.nextGap
            : already
              ? t.board.maybeInGap
              : t.board.maybeNextGap}
        </span>
        <span className="next-gap-name">{say(next.name)}</span>
        <span className="next-gap-when">{when}</span>
      </h1>
      <p className="next-gap-scope">
        {[format.when(already ? 'since' : 'at', next.at, now, reading), t.board.wards(next.wards), ...beds].join(' · ')}
      </p>
    </section>
  );
}

function NoGap({ board, heading }: { board: BoardView; heading: ReturnType<typeof useArrival> }) {
  const { t } = useWords();
  const count = (state: string) => board.bands.filter((band) => band.state === state).length;
  const unknown = count('unknown');
  const toConfirm = count('toConfirm');
  // Nothing seen is not the same as nothing wrong.
  const blind = unknown > 0 && unknown + count('notNeeded') === board.bands.length;
  return (
    <section className="next-gap next-gap-none">
      <h1 ref={heading} tabIndex={-1}>
        <span className="next-gap-eyebrow">{t.board.nextGap}</span>
        <span className="next-gap-name">{blind ? t.board.gapUnknown : t.board.noGap}</span>
      </h1>
      <p className="next-gap-scope">
        {[
          blind ? t.board.nothingObserved : t.board.onWhatIsObserved,
          ...(unknown > 0 && !blind ? [t.board.unknownFunctions(unknown)] : []),
          ...(toConfirm > 0 ? [t.board.functionsToConfirm(toConfirm)] : []),
        ].join(' · ')}
      </p>
    </section>
  );
}
