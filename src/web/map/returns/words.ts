import type { Basis } from '../../../map/returns/ownTimes.ts';
import type { ReturnsView } from '../../../map/returns/view.ts';
import * as format from '../../../words/format.ts';
import { useWords } from '../../words/Words.tsx';

/** Lengths, names and where a time comes from, as people say them. */
export function useReturnWords(names: ReturnsView['names']) {
  const { t, say, language, reading } = useWords();
  const nameOf = (id: string): string => {
    const name = names[id];
    return name === undefined ? id : say(name);
  };
  const basisOf = (basis: Basis | undefined): string => {
    const words = t.mapReturns.basis;
    switch (basis?.kind) {
      case 'measured':
        return (basis.exercise ? words.exercise : words.measured)(format.day(basis.at, reading));
      case 'declared':
        return words.declared;
      case 'contract':
        return words.contract(nameOf(`contract ${basis.contract}`));
      case 'supplier':
        return words.supplier(nameOf(`supplier ${basis.supplier}`));
      case undefined:
        return words.unknown;
    }
  };
  return { nameOf, basisOf, long: (seconds: number) => format.secondsLong(seconds, language) };
}
