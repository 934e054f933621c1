import { useState } from 'react';
import type { WardCardsBody } from '../../../server/protocol.ts';
import * as format from '../../../words/format.ts';
import { Button, buttonClass } from '../../parts/Button.tsx';
import { HoldButton } from '../../parts/HoldButton.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useMay } from '../../people/requests.ts';
import { Tabs } from '../../people/Tabs.tsx';
import { Page } from '../../shell/Page.tsx';
import { useWords } from '../../words/Words.tsx';
import { refusalOf, useAct } from '../requests.ts';
import { useBreakGlass, usePaper, useWardCards } from './breakGlass.ts';
import { WaitingSubjects } from './WaitingSubjects.tsx';
import './openings.css';

type Ward = WardCardsBody['wards'][number];

/** What has to be on paper before the night it is needed: a card for each ward, two envelopes. */
export function EmergencyWays() {
  const { t } = useWords();
  const may = useMay();
  const words = t.waysIn.emergency;
  return (
    <Page title={words.title} lead={words.lead} className="emergency-ways">
      <Tabs />
      <WardCards />
      <Envelopes />
      {may('openId.manage') && <WaitingSubjects />}
    </Page>
  );
}

function WardCards() {
  const { t, language } = useWords();
  const words = t.waysIn.emergency;
  const cards = useWardCards();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const make = usePaper<{ wards: readonly string[]; language: string }>('/api/ward-cards/make');
  const wards = cards.data?.wards ?? [];
  const bare = wards.filter((ward) => ward.cards.length === 0).map(({ id }) => id);
  const choose = (ward: string, isChosen: boolean) =>
    setChosen(isChosen ? [...chosen, ward] : chosen.filter((one) => one !== ward));
  const printNow = () => make.mutate({ wards: chosen, language }, { onSuccess: () => setChosen([]) });
  return (
    <section className="card" aria-labelledby="ward-cards">
      <h2 id="ward-cards">{words.cards}</h2>
      <p className="soft">{words.cardsLead}</p>
      {cards.isError && <RefusalNote refusal={refusalOf(cards.error)} onRetry={() => void cards.refetch()} />}
      {cards.data !== undefined && wards.length === 0 && <p>{words.noWards}</p>}
      {bare.length > 0 && <Button onClick={() => setChosen(bare)}>{words.all}</Button>}
      <ul className="ward-cards">
        {wards.map((ward) => (
          <WardRow key={ward.id} ward={ward} isChosen={chosen.includes(ward.id)} onChoose={choose} />
        ))}
      </ul>
      {make.isError && <RefusalNote refusal={refusalOf(make.error)} />}
      {make.data !== undefined && <Paper url={make.data} name="cartes-de-service.pdf" />}
      {wards.length > 0 && (
        <Button look="main" icon="print" disabled={chosen.length === 0 || make.isPending} onClick={printNow}>
          {words.print(chosen.length)}
        </Button>
      )}
    </section>
  );
}

function WardRow({
  ward,
  isChosen,
  onChoose,
}: {
  ward: Ward;
  isChosen: boolean;
  onChoose(ward: string, isChosen: boolean): void;
}) {
  const { t, say } = useWords();
  const words = t.waysIn.emergency;
  return (
    <li>
      <label>
        <input
          type="checkbox"
          aria-label={words.select(say(ward.name))}
          checked={isChosen}
          onChange={(event) => onChoose(ward.id, event.target.checked)}
        />
      </label>
      <div>
        <strong>{say(ward.name)}</strong>
        {ward.cards.length === 0 && <p className="soft">{words.noCard}</p>}
        {ward.cards.map((card) => (
          <Card key={card.id} card={card} />
        ))}
      </div>
    </li>
  );
}

function Card({ card }: { card: Ward['cards'][number] }) {
  const { t, language, reading } = useWords();
  const words = t.waysIn.emergency;
  const renew = usePaper<{ card: string; language: string }>('/api/ward-cards/renew');
  const revoke = useAct<{ card: string }>('/api/ward-cards/revoke', ['ward-cards', 'break-glass']);
  const day = (at: string) => format.day(at, reading);
  const used =
    card.lastUsedAt === null ? words.neverUsed : words.used(format.when('at', card.lastUsedAt, Date.now(), reading));
  const failed = renew.error ?? revoke.error;
  return (
    <>
      <div className="ward-card">
        <p className="soft">
          {words.cardOf(day(card.madeAt))}, {words.expires(day(card.expiresAt))}, {used}
          {card.manyPlaces !== null && (
            <span className="ward-card-alarm">
              {' '}
              <Icon name="gap" /> {words.manyPlaces(card.manyPlaces)}
            </span>
          )}
        </p>
        <div className="ward-card-acts">
          <HoldButton look="plain" disabled={renew.isPending} onHeld={() => renew.mutate({ card: card.id, language })}>
            {words.renew}
          </HoldButton>
          <HoldButton look="plain" disabled={revoke.isPending} onHeld={() => revoke.mutate({ card: card.id })}>
            {words.revoke}
          </HoldButton>
        </div>
      </div>
      {failed !== null && <RefusalNote refusal={refusalOf(failed)} />}
      {renew.data !== undefined && <Paper url={renew.data} name="carte-de-service.pdf" />}
    </>
  );
}

function Envelopes() {
  const { t, language } = useWords();
  const words = t.waysIn.emergency;
  const { data } = useBreakGlass();
  const seal = usePaper<{ language: string }>('/api/break-glass/envelopes/seal');
  const state = data?.envelopes ?? null;
  return (
    <section className="card" aria-labelledby="envelopes">
      <h2 id="envelopes">{words.envelopes}</h2>
      <p className="soft">{words.envelopesLead}</p>
      {state !== null && <p className={state === 'sealed' ? '' : 'ward-card-alarm'}>{words.envelopesStates[state]}</p>}
      {seal.isError && <RefusalNote refusal={refusalOf(seal.error)} />}
      {seal.data !== undefined && <Paper url={seal.data} name="enveloppes.pdf" />}
      <HoldButton look="plain" disabled={seal.isPending} onHeld={() => seal.mutate({ language })}>
        {words.seal}
      </HoldButton>
    </section>
  );
}

/** The document lives in this page's memory: it is gone with it. */
function Paper({ url, name }: { url: string; name: string }) {
  const { t } = useWords();
  const words = t.waysIn.emergency;
  return (
    <div className="paper-ready" role="status">
      <p>
        <strong>{words.paper}</strong>
      </p>
      <p>{words.paperLead}</p>
      <a className={buttonClass('main', 'usual')} href={url} download={name}>
        <Icon name="print" />
        <span>{words.openPaper}</span>
      </a>
    </div>
  );
}
