import { Icon, type IconName } from '../../parts/Icon.tsx';
import { useWords } from '../../words/Words.tsx';
import type { NightState } from './nightState.ts';

const icons: { [state in NightState]: IconName } = {
  clear: 'minus',
  sign: 'gap',
  damaged: 'close',
  unknown: 'unknown',
  suspect: 'isolated',
};

/** What is known of a night: sign, word; on the strip, a pattern. */
export function NightMark({ state }: { state: NightState }) {
  const { t } = useWords();
  return (
    <span className="night-mark" data-night={state}>
      <Icon name={icons[state]} />
      {t.backups.states[state]}
    </span>
  );
}
