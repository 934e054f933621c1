import { useState } from 'react';
import type { InvitedBody, PeopleBody } from '../../server/protocol.ts';
import { refusalOf } from '../access/requests.ts';
import { Button } from '../parts/Button.tsx';
import { Panel } from '../parts/Panel.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { SearchField } from '../parts/SearchField.tsx';
import { sought } from '../parts/sought.ts';
import { Page } from '../shell/Page.tsx';
import { useWords } from '../words/Words.tsx';
import { EndSessions } from './EndSessions.tsx';
import { useGrantWords } from './grants.ts';
import { Newcomer } from './Newcomer.tsx';
import { OneTimeLink } from './OneTimeLink.tsx';
import { PersonPanel } from './PersonPanel.tsx';
import { useMay, usePeople } from './requests.ts';
import { Tabs } from './Tabs.tsx';
import './people.css';

export type Someone = PeopleBody['people'][number];

/** Who may sign in, with what, and what for. */
export function People() {
  const { t } = useWords();
  const may = useMay();
  const people = usePeople();
  const [search, setSearch] = useState('');
  const [isInviting, setInviting] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  const [invited, setInvited] = useState<InvitedBody | null>(null);
  const all = people.data?.people ?? [];
  const found = all.filter(({ name, displayName }) => sought(`${displayName} ${name}`).includes(sought(search)));
  const person = all.find(({ id }) => id === opened);
  const gaveLink = (body: InvitedBody) => {
    setInviting(false);
    setOpened(null);
    setInvited(body);
  };
  return (
    <Page
      title={t.people.title}
      lead={t.people.lead}
      className="people"
      tools={
        may('people.manage') && (
          <Button look="main" icon="person" onClick={() => setInviting(true)}>
            {t.people.invite}
          </Button>
        )
      }
    >
      <Tabs />
      {people.isError && <RefusalNote refusal={refusalOf(people.error)} onRetry={() => void people.refetch()} />}
      {all.length > 8 && <SearchField label={t.people.search} value={search} onChange={setSearch} />}
      {people.data !== undefined && found.length === 0 && <p className="soft">{t.people.nobodyFound}</p>}
      <ul className="people-list">
        {found.map((one) => (
          <PersonRow key={one.id} person={one} onOpen={may('people.manage') ? () => setOpened(one.id) : undefined} />
        ))}
      </ul>
      {may('people.manage') && <EndSessions count={all.reduce((sum, { sessions }) => sum + sessions, 0)} />}
      {isInviting && (
        <Panel title={t.people.invite} onClose={() => setInviting(false)}>
          <Newcomer onInvited={gaveLink} />
        </Panel>
      )}
      {person !== undefined && (
        <Panel title={person.displayName} onClose={() => setOpened(null)}>
          <PersonPanel key={person.id} person={person} onLink={gaveLink} onClosed={() => setOpened(null)} />
        </Panel>
      )}
      {invited !== null && (
        <Panel title={t.people.oneTimeLink} onClose={() => setInvited(null)}>
          <OneTimeLink invited={invited} />
        </Panel>
      )}
    </Page>
  );
}

function PersonRow({ person, onOpen }: { person: Someone; onOpen: (() => void) | undefined }) {
  const { t } = useWords();
  const wordsOf = useGrantWords();
  const rights = person.grants.map(wordsOf).join(' · ');
  return (
    <li className="person-row">
      <div>
        <p className="person-name">{person.displayName}</p>
        <p className="soft">{person.name}</p>
      </div>
      <p>{rights === '' ? <span className="person-warning">{t.people.noRights}</span> : rights}</p>
      <p className="soft">{waysIn(person, t).join(', ')}</p>
      {onOpen !== undefined && (
        <Button onClick={onOpen} aria-label={t.people.openPerson(person.displayName)}>
          {t.people.change}
        </Button>
      )}
    </li>
  );
}

function waysIn(person: Someone, t: ReturnType<typeof useWords>['t']): string[] {
  const ways = [
    ...(person.passkeys > 0 ? [t.people.passkeys(person.passkeys)] : []),
    ...(person.hasPassword ? [t.people.password] : []),
    ...(person.hasTotp ? [t.people.totp] : []),
  ];
  const hasSecond = person.passkeys > 0 || person.hasTotp;
  if (person.invited !== null) ways.push(t.people.invited);
  else if (ways.length === 0) ways.push(t.people.cannotSignIn);
  else if (!hasSecond) ways.push(t.people.oneFactor);
  return ways;
}
