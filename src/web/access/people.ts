import { useQuery } from '@tanstack/react-query';
import type { NamesBody } from '../../server/protocol.ts';
import { useWords } from '../words/Words.tsx';
import { ask, useSession } from './requests.ts';

export const personId = (actor: string): string => actor.slice(actor.indexOf(':') + 1);

/** Who acted: oneself, another person, or the product itself (a worker, the ticker, an import). */
export function usePersonName(): (actor: string) => string {
  const { t } = useWords();
  const me = useSession().data?.person;
  const names = useNames();
  return (actor) => {
    if (actor === 'exercise') return t.prepare.exercise;
    if (actor === 'drill') return t.prepare.drill;
    if (!actor.startsWith('person:')) return t.activate.byReflexe;
    return me != null && personId(actor) === me.id
      ? t.activate.you(me.displayName)
      : (names.get(personId(actor)) ?? personId(actor));
  };
}

/** What colleagues are called; the journal knows them by id. A newcomer is there within the minute. */
function useNames(): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: ['names'],
    queryFn: () => ask<NamesBody>('GET', '/api/people/names'),
    select: ({ people }) => new Map(people.map(({ id, displayName }) => [id, displayName])),
    staleTime: 60_000,
    refetchInterval: 60_000,
  });
  return data ?? nobody;
}

const nobody: ReadonlyMap<string, string> = new Map();
