import { Link } from 'wouter';
import type { IncidentsView, IncidentView } from '../../activate/views.ts';
import { entry } from '../../words/entry.ts';
import { personId } from '../access/people.ts';
import { refusalOf, useSession, useWorldAct } from '../access/requests.ts';
import { useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { HoldButton } from '../parts/HoldButton.tsx';
import { Icon } from '../parts/Icon.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';

type Action = IncidentsView['nextActions'][number];

/** One decision at a time: what waits for me first, then for anyone; the rest stands below in small. */
export function NextActions({ incident, actions }: { incident: IncidentView; actions: Action[] }) {
  const { t, say } = useWords();
  const { feed } = useWorld();
  const session = useSession();
  const me = session.data?.person?.id;
  const mine = new Set(incident.roles.filter((held) => personId(held.person) === me).map((held) => held.role));
  const [first, ...others] = actions.toSorted((one, other) => Number(isMine(other, mine)) - Number(isMine(one, mine)));
  const recovery = feed.views.restoration?.recoveries.find((one) => one.recovery === incident.recovery);
  const ready = recovery?.careFunctions.filter((one) => one.ready && one.releasedAt === null) ?? [];
  if (incident.closedAt !== null) return null;
  return (
    <section className="next-action" aria-label={t.activate.nextActions}>
      {ready.map((one) => (
        <p key={one.careFunction} className="next-release">
          <Icon name="restoration" />
          <Link href="/restoration">{t.activate.readyToReopen(say(one.name))}</Link>
        </p>
      ))}
      {first === undefined ? (
        <p className="next-action-none">{t.activate.nothingWaits}</p>
      ) : (
        <First key={`${first.plan}/${first.step}`} action={first} mine={isMine(first, mine)} />
      )}
      {others.length > 0 && (
        <>
          <h2>{t.activate.also}</h2>
          <ul className="then">
            {others.map((action) => (
              <Other key={`${action.plan}/${action.step}`} action={action} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const isMine = (action: Action, roles: ReadonlySet<string>) => action.role !== null && roles.has(action.role);

function useFinish(action: Action) {
  const { world } = useWorld();
  const finish = useWorldAct<{ incident: string; plan: string; step: string; outcome: 'done' | 'skipped' }>(
    world,
    'steps',
  );
  const { incident, plan, step } = action;
  return { finish, as: (outcome: 'done' | 'skipped') => finish.mutate({ incident, plan, step, outcome }) };
}

function First({ action, mine }: { action: Action; mine: boolean }) {
  const { t, say } = useWords();
  const { finish, as } = useFinish(action);
  return (
    <div className="first-action">
      <p className="first-eyebrow">
        {mine
          ? t.activate.forYou
          : action.role === null
            ? t.activate.forAnyone
            : t.activate.forRole(entry(t.activate.cellRoles, action.role) ?? action.role)}
      </p>
      <p className="first-title">{say(action.title)}</p>
      {finish.isError && <RefusalNote refusal={refusalOf(finish.error)} />}
      <div className="empty-acts no-print">
        <Button look="main" size="large" icon="check" disabled={finish.isPending} onClick={() => as('done')}>
          {t.activate.done}
        </Button>
        <HoldButton look="plain" size="large" disabled={finish.isPending} onHeld={() => as('skipped')}>
          {t.activate.skip}
        </HoldButton>
      </div>
    </div>
  );
}

function Other({ action }: { action: Action }) {
  const { t, say } = useWords();
  const { finish, as } = useFinish(action);
  return (
    <li>
      <span>
        {say(action.title)}
        {action.role !== null && (
          <span className="soft"> — {entry(t.activate.cellRoles, action.role) ?? action.role}</span>
        )}
      </span>
      <Button
        size="small"
        icon="check"
        aria-label={`${t.activate.done}, ${say(action.title)}`}
        disabled={finish.isPending}
        onClick={() => as('done')}
      >
        {t.activate.done}
      </Button>
      {finish.isError && <RefusalNote refusal={refusalOf(finish.error)} />}
    </li>
  );
}
