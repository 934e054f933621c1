import type { CareState } from '../../map/care.ts';
import type { ComponentState } from '../../map/model.ts';
import { useWords } from '../words/Words.tsx';
import { Icon, type IconName } from './Icon.tsx';
import './state.css';

const componentIcons: { [state in ComponentState]: IconName } = {
  up: 'served',
  degraded: 'partly',
  down: 'gap',
  unknown: 'unknown',
  isolated: 'isolated',
  restoring: 'catchingUp',
};

/** A state is never a colour alone: sign, word and, on bars, a pattern. */
export function CareStateMark({ state, wordless = false }: { state: CareState; wordless?: boolean }) {
  const { t } = useWords();
  return (
    <span className="state-mark" data-state={state}>
      <Icon name={state} />
      <span className={wordless ? 'visually-hidden' : ''}>{t.care.states[state]}</span>
    </span>
  );
}

export function ComponentStateMark({
  state,
  wordless = false,
  isCare = false,
}: {
  state: ComponentState;
  wordless?: boolean;
  isCare?: boolean;
}) {
  const { t } = useWords();
  return (
    <span className="state-mark" data-state={state}>
      <Icon name={componentIcons[state]} />
      <span className={wordless ? 'visually-hidden' : ''}>{(isCare ? t.map.supply : t.map.states)[state]}</span>
    </span>
  );
}
