import { useWords } from '../words/Words.tsx';
import { useSession } from './requests.ts';

export const personId = (actor: string): string => actor.slice(actor.indexOf(':') + 1);

/** Who acted: oneself, another person, or the product itself (a worker, the ticker, an import). */
export function usePersonName(): (actor: string) => string {
  const { t } = useWords();
  const me = useSession().data?.person;
  return (actor) => {
    if (actor === 'exercise') return t.prepare.exercise;
    if (actor === 'drill') return t.prepare.drill;
    if (!actor.startsWith('person:')) return t.activate.byReflexe;
    return me != null && personId(actor) === me.id ? t.activate.you(me.displayName) : personId(actor);
  };
}
