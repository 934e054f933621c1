import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Grant } from '../../../access/roles.ts';
import type { ProviderLinksBody } from '../../../server/protocol.ts';
import * as format from '../../../words/format.ts';
import { Button } from '../../parts/Button.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { Grants } from '../../people/Grants.tsx';
import { usePeople } from '../../people/requests.ts';
import { useWords } from '../../words/Words.tsx';
import { ask, refusalOf } from '../requests.ts';

type Waiting = ProviderLinksBody['waiting'][number];

/** People the provider vouches for and nobody here knows: an administrator says who they are, or turns them away. */
export function WaitingSubjects() {
  const { t } = useWords();
  const words = t.waysIn.emergency;
  const links = useQuery({
    queryKey: ['provider-links'],
    queryFn: () => ask<ProviderLinksBody>('GET', '/api/providers/links'),
    refetchInterval: 15_000,
  });
  const waiting = links.data?.waiting ?? [];
  return (
    <section className="card" aria-labelledby="waiting-subjects">
      <h2 id="waiting-subjects">{words.waiting}</h2>
      {links.isError && <RefusalNote refusal={refusalOf(links.error)} onRetry={() => void links.refetch()} />}
      {links.data !== undefined && waiting.length === 0 && <p className="soft">{words.nobodyWaits}</p>}
      <ul>
        {waiting.map((one) => (
          <Subject key={one.id} waiting={one} />
        ))}
      </ul>
    </section>
  );
}

function Subject({ waiting }: { waiting: Waiting }) {
  const { t, reading } = useWords();
  const client = useQueryClient();
  const people = usePeople();
  const words = t.waysIn.emergency;
  const name = waiting.name ?? words.nameless;
  const [who, setWho] = useState('');
  const [grants, setGrants] = useState<Grant[]>([]);
  const decide = useMutation({
    mutationFn: (path: 'admit' | 'turn-away') => {
      const as = path === 'turn-away' ? {} : who === '' ? { displayName: name, grants } : { person: who };
      return ask<ProviderLinksBody>('POST', `/api/providers/${path}`, { waiting: waiting.id, ...as });
    },
    onSuccess: (answer) => {
      client.setQueryData(['provider-links'], answer);
      return client.invalidateQueries({ queryKey: ['people'] });
    },
  });
  return (
    <li className="waiting-subject">
      <p>
        <strong>{name}</strong>{' '}
        <span className="soft">
          {waiting.identifier !== null && `${words.number(waiting.identifier)}, `}
          {words.asked(format.when('at', waiting.askedAt, Date.now(), reading))}
        </span>
      </p>
      <label className="field">
        <strong>{words.as}</strong>
        <select className="input" value={who} onChange={({ target }) => setWho(target.value)}>
          <option value="">{words.asNew}</option>
          {people.data?.people.map(({ id, displayName }) => (
            <option key={id} value={id}>
              {displayName}
            </option>
          ))}
        </select>
      </label>
      {who === '' && <Grants value={grants} onChange={setGrants} />}
      {decide.isError && <RefusalNote refusal={refusalOf(decide.error)} />}
      <div className="opening-acts">
        <Button
          look="main"
          disabled={decide.isPending || (who === '' && grants.length === 0)}
          onClick={() => decide.mutate('admit')}
        >
          {words.admit}
        </Button>
        <Button disabled={decide.isPending} onClick={() => decide.mutate('turn-away')}>
          {words.turnAway}
        </Button>
      </div>
    </li>
  );
}
