import { careStates } from '../../map/care.ts';
import { CareStateMark } from '../parts/StateMark.tsx';
import { useWords } from '../words/Words.tsx';

/** Every state with its pattern, sign, word and meaning; and what is drawn ahead of the now line. */
export function Legend() {
  const { t } = useWords();
  return (
    <div className="legend">
      <dl>
        {careStates.map((state) => (
          <div key={state}>
            <dt>
              <span className="bar" data-state={state} />
              <CareStateMark state={state} />
            </dt>
            <dd>{t.care.meanings[state]}</dd>
          </div>
        ))}
      </dl>
      <dl>
        <div>
          <dt>
            <span className="legend-drawing">
              <span className="track-hold" data-state="held" />
            </span>
            {t.board.legend.hold}
          </dt>
          <dd>{t.board.legend.holdMeans}</dd>
        </div>
        <div>
          <dt>
            <span className="legend-drawing">
              <span className="track-gap track-gap-sure" data-state="gap" />
            </span>
            {t.board.legend.gap}
          </dt>
          <dd>{t.board.legend.gapMeans}</dd>
        </div>
        <div>
          <dt>
            <span className="legend-drawing">
              <span className="track-gap track-gap-possible" data-state="gap" />
            </span>
            {t.board.legend.possible}
          </dt>
          <dd>{t.board.legend.possibleMeans}</dd>
        </div>
        <div>
          <dt>
            <span className="legend-drawing">
              <span className="track-range" />
            </span>
            {t.board.legend.back}
          </dt>
          <dd>{t.board.legend.backMeans}</dd>
        </div>
        <div>
          <dt>
            <span className="legend-drawing">
              <span className="track-target" />
            </span>
            {t.board.legend.target}
          </dt>
          <dd>{t.board.legend.targetMeans}</dd>
        </div>
      </dl>
    </div>
  );
}
