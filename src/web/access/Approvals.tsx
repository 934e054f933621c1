import { useEffect, useState } from 'react';
import type { ApprovalsView } from '../../access/views.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { Sighted } from '../backups/night/Sighted.tsx';
import { type SignAsked, useSighting } from '../backups/night/sighting.ts';
import { useNames } from '../feed/names.ts';
import { useNow, useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { HoldButton } from '../parts/HoldButton.tsx';
import { Icon } from '../parts/Icon.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { personId, usePersonName } from './people.ts';
import { refusalOf, useSession, useWorldAct } from './requests.ts';
import { SpokenCode } from './SpokenCode.tsx';
import './approvals.css';

type Approval = ApprovalsView['approvals'][number];

/** Acts that wait for a second person, above every screen: who asks, what, until when. */
export function Approvals() {
  const { feed } = useWorld();
  const approvals = feed.views.approvals?.approvals ?? [];
  const me = useSession().data?.person?.id;
  if (approvals.length === 0) return null;
  return (
    <section className="approvals no-print">
      {approvals.map((approval) =>
        personId(approval.askedBy) === me ? (
          <Asked key={approval.approval} approval={approval} />
        ) : (
          <ToGive key={approval.approval} approval={approval} />
        ),
      )}
    </section>
  );
}

/** What would be done, in the words of the table of rights, and on what: care function, component, sign, moment. */
function useWhat(): (approval: Approval) => string {
  const { t, say, reading } = useWords();
  const { feed } = useWorld();
  const now = useNow();
  const nameOf = useNames();
  return ({ act, asked }) => {
    const what = entry(t.acts, act) ?? act;
    const bands = feed.views.board?.bands ?? [];
    const name = bands.find(({ careFunction }) => careFunction === asked.careFunction)?.name;
    const { component, rule, since, reach, findings } = asked;
    const on = [
      ...(name === undefined ? [] : [say(name)]),
      ...(typeof component === 'string' ? [nameOf(component)] : []),
      ...(typeof rule === 'string' ? [entry(t.backups.signs, rule) ?? t.backups.rule(rule)] : []),
      ...(typeof reach === 'string' ? [entry(t.backups.explainReaches, reach) ?? reach] : []),
      ...(typeof findings === 'number' ? [t.backups.sightedIn(findings)] : []),
      ...(typeof since === 'string' ? [format.when('since', since, now, reading)] : []),
      ...(act === 'compromise.withdraw' && since === null ? [t.backups.compromiseNever] : []),
    ];
    const reason = typeof asked.reason === 'string' ? [asked.reason] : [];
    return on.length === 0 ? what : `${what}${t.parts.colon} ${[...on, ...reason].join(', ')}`;
  };
}

function ToGive({ approval }: { approval: Approval }) {
  const { t, reading } = useWords();
  const { world } = useWorld();
  const now = useNow();
  const nameOf = usePersonName();
  const whatOf = useWhat();
  const give = useWorldAct<{ approval: string }>(world, 'approvals/give');
  const decline = useWorldAct<{ approval: string }>(world, 'approvals/decline');
  const failed = give.error ?? decline.error;
  const sign = signIn(approval);
  const [isSeen, setSeen] = useState(sign === null);
  return (
    <div className="approval" role="alert">
      <Icon name="lock" />
      <div>
        <p className="approval-what">{whatOf(approval)}</p>
        <p>
          {t.approvals.askedBy(nameOf(approval.askedBy), format.when('at', approval.at, now, reading))}{' '}
          {t.approvals.yours(format.when('until', approval.until, now, reading))}
        </p>
        {sign !== null && <SeenFirst sign={sign} onSeen={setSeen} />}
        {failed !== null && <RefusalNote refusal={refusalOf(failed)} />}
      </div>
      <div className="approval-answers">
        <HoldButton disabled={give.isPending || !isSeen} onHeld={() => give.mutate({ approval: approval.approval })}>
          {t.approvals.give}
        </HoldButton>
        <Button disabled={decline.isPending} onClick={() => decline.mutate({ approval: approval.approval })}>
          {t.approvals.decline}
        </Button>
      </div>
    </div>
  );
}

type SignSeen = SignAsked & { seen: string };

function signIn({ act, asked: { component, snapshot, rule, seen } }: Approval): SignSeen | null {
  const members = [component, snapshot, rule, seen].filter((one) => typeof one === 'string');
  const [of, night, name, mark] = members;
  if (act !== 'sign.explain' || of === undefined || night === undefined || name === undefined || mark === undefined)
    return null;
  return { component: of, snapshot: night, rule: name, seen: mark };
}

/** Nobody agrees to an explanation without having looked at what it covers: the very thing the first person saw. */
function SeenFirst({ sign: { seen, ...sign }, onSeen }: { sign: SignSeen; onSeen(isSeen: boolean): void }) {
  const { t } = useWords();
  const { world } = useWorld();
  const [isOpen, setOpen] = useState(false);
  const look = useSighting(world, sign, isOpen);
  const isSame = look.data?.seen === seen;
  useEffect(() => onSeen(isSame), [isSame, onSeen]);
  if (!isOpen)
    return (
      <>
        <p className="soft">{t.approvals.lookFirst}</p>
        <Button size="small" onClick={() => setOpen(true)}>
          {t.approvals.look}
        </Button>
      </>
    );
  return <Sighted look={look}>{() => <p>{isSame ? t.approvals.same : t.approvals.other}</p>}</Sighted>;
}

function Asked({ approval }: { approval: Approval }) {
  const { t, reading } = useWords();
  const { world } = useWorld();
  const now = useNow();
  const whatOf = useWhat();
  const withdraw = useWorldAct<{ approval: string }>(world, 'approvals/decline');
  return (
    <div className="approval" role="status">
      <Icon name="clock" />
      <div>
        <p className="approval-what">{whatOf(approval)}</p>
        <p>{t.approvals.waiting(format.when('until', approval.until, now, reading))}</p>
        <SpokenCode approval={approval.approval} />
        {withdraw.isError && <RefusalNote refusal={refusalOf(withdraw.error)} />}
      </div>
      <div className="approval-answers">
        <Button disabled={withdraw.isPending} onClick={() => withdraw.mutate({ approval: approval.approval })}>
          {t.approvals.withdraw}
        </Button>
      </div>
    </div>
  );
}
