import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { ProvidersBody } from '../../server/protocol.ts';
import { Button } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { ask, refusalOf } from './requests.ts';
import './emergency/emergency.css';

/** The ways in beside one's own account: the establishment's provider, the ward's card, the sealed envelopes. */
export function OtherWays() {
  const { t } = useWords();
  return (
    <section className="other-ways" aria-labelledby="other-ways">
      <h2 id="other-ways">{t.waysIn.others}</h2>
      <Providers />
      <Link href="/ward-card" className="other-way">
        <Icon name="spark" />
        <span>
          <strong>{t.waysIn.wardCard}</strong>
          <span className="soft">{t.waysIn.wardCardFor}</span>
        </span>
        <Icon name="chevron" />
      </Link>
      <Link href="/break-glass" className="other-way">
        <Icon name="lock" />
        <span>
          <strong>{t.waysIn.envelopes}</strong>
          <span className="soft">{t.waysIn.envelopesFor}</span>
        </span>
        <Icon name="chevron" />
      </Link>
    </section>
  );
}

/** One that does not answer says so before anyone is sent to a dead page; it is looked for again while this is shown. */
function Providers() {
  const { t, say } = useWords();
  const providers = useQuery({
    queryKey: ['providers'],
    queryFn: () => ask<ProvidersBody>('GET', '/api/sign-in/providers'),
    refetchInterval: 3_000,
  });
  const begin = useMutation({
    mutationFn: (provider: string) => ask<{ url: string }>('POST', '/api/sign-in/providers/begin', { provider }),
    onSuccess: ({ url }) => location.assign(url),
  });
  return (
    <>
      {providers.data?.providers.map(({ id, label, state }) =>
        state === 'silent' ? (
          <p key={id} className="other-way-silent" role="status">
            <Icon name="lost" />
            <span>
              <strong>{t.waysIn.silent(say(label))}</strong> {t.waysIn.silentCure}
            </span>
          </p>
        ) : (
          <Button
            key={id}
            size="large"
            icon="external"
            disabled={begin.isPending || begin.isSuccess}
            onClick={() => begin.mutate(id)}
          >
            {t.waysIn.at(say(label))}
          </Button>
        ),
      )}
      {begin.isError && <RefusalNote refusal={refusalOf(begin.error)} />}
    </>
  );
}
