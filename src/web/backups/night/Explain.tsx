import { type FormEvent, useState } from 'react';
import type { Reach } from '../../../restore/cleanPoint/explained.ts';
import type { ComponentBackupsView, NightView } from '../../../restore/nights/views.ts';
import * as format from '../../../words/format.ts';
import { usePersonName } from '../../access/people.ts';
import { refusalOf, useWorldAct } from '../../access/requests.ts';
import { useNow, useWorld } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { Choice } from '../../parts/Choice.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useMay } from '../../people/requests.ts';
import { useWords } from '../../words/Words.tsx';
import { Sighted } from './Sighted.tsx';
import { type SightingShown, type SignAsked, useSighting } from './sighting.ts';

/** A date or an origin is contradicted by what stands around it: there is nothing in it to explain. */
const unexplainable: readonly string[] = ['date-contradicted', 'foreign'];

/** What people explained of a sign, and what of it they did not; two explain more, one takes it back. */
export function Explain({
  of: { component, explained },
  night: { snapshot },
  sign: { rule, explained: isExplained, explainedFindings = 0, findings },
}: {
  of: ComponentBackupsView;
  night: NightView;
  sign: NightView['signs'][number];
}) {
  const { t } = useWords();
  const may = useMay();
  const { feed } = useWorld();
  const [doing, setDoing] = useState<'explain' | 'unexplain' | null>(null);
  const said = explained[rule] ?? [];
  const waits = (feed.views.approvals?.approvals ?? []).some(
    ({ act, asked }) => act === 'sign.explain' && asked.component === component && asked.rule === rule,
  );
  const end = () => setDoing(null);
  return (
    <>
      {isExplained ? (
        <p className="soft">{t.backups.explainedHere}</p>
      ) : explainedFindings > 0 ? (
        <p>{t.backups.explainedSome(explainedFindings, findings)}</p>
      ) : (
        said.length > 0 && <p>{t.backups.explainedElsewhere}</p>
      )}
      <Said said={said} />
      {waits && <p role="status">{t.approvals.asked}</p>}
      {doing === null && (
        <div className="backups-acts no-print">
          {!waits && !isExplained && !unexplainable.includes(rule) && may('sign.explain') && (
            <Button look="quiet" size="small" onClick={() => setDoing('explain')}>
              {t.backups.explain}
            </Button>
          )}
          {said.length > 0 && may('sign.unexplain') && (
            <Button look="quiet" size="small" onClick={() => setDoing('unexplain')}>
              {t.backups.unexplain}
            </Button>
          )}
        </div>
      )}
      {doing === 'explain' && !waits && <Explaining sign={{ component, snapshot, rule }} onEnd={end} />}
      {doing === 'unexplain' && <Withdrawing component={component} rule={rule} onEnd={end} />}
    </>
  );
}

/** Who explained what, of which night, and how far it reaches. */
function Said({ said }: { said: ComponentBackupsView['explained'][string] }) {
  const { t, reading } = useWords();
  const now = useNow();
  const nameOf = usePersonName();
  if (said.length === 0) return null;
  return (
    <ul className="soft">
      {said.map(({ reach, findings, by, at }) => (
        <li key={`${at} ${reach}`}>
          {t.backups.explainedBy(
            nameOf(by),
            format.when('at', at, now, reading),
            reach === 'rule' ? t.backups.explainedRule : t.backups.explainedReach[reach](findings ?? 0),
          )}
        </li>
      ))}
    </ul>
  );
}

/** Nobody explains what they have not looked at. */
function Explaining({ sign, onEnd }: { sign: SignAsked; onEnd(): void }) {
  const { t } = useWords();
  const { world } = useWorld();
  const look = useSighting(world, sign, true);
  return (
    <div className="backups-form no-print">
      <p>{t.backups.explainMeans}</p>
      <Sighted look={look}>
        {(seen) => (
          <Reaching key={seen.seen} sign={sign} seen={seen} onEnd={onEnd} onChanged={() => void look.refetch()} />
        )}
      </Sighted>
      {look.data === undefined && (
        <div className="backups-acts">
          <Button onClick={onEnd}>{t.parts.cancel}</Button>
        </div>
      )}
    </div>
  );
}

function Reaching({
  sign,
  seen: { seen, bound },
  onEnd,
  onChanged,
}: {
  sign: SignAsked;
  seen: SightingShown;
  onEnd(): void;
  onChanged(): void;
}) {
  const { t } = useWords();
  const { world } = useWorld();
  const act = useWorldAct<SignAsked & { reach: Reach; seen: string; reason: string }>(world, 'signs/explain');
  const [reach, setReach] = useState<Reach>(bound ? 'content' : 'rule');
  const reaches: Reach[] = bound ? ['content', 'place'] : ['rule'];
  return (
    <WithReason
      submit={t.backups.explainDo}
      pending={act.isPending}
      onSubmit={(reason) => act.mutate({ ...sign, reach, seen, reason }, { onSuccess: onEnd })}
      onEnd={onEnd}
    >
      <Choice
        legend={t.backups.explainReach}
        value={reach}
        options={reaches.map((value) => ({ value, label: t.backups.explainReaches[value] }))}
        onChange={setReach}
      />
      <p className="soft explain-reach">{t.backups.explainReachMeans[reach]}</p>
      {act.isError && <RefusalNote refusal={refusalOf(act.error)} onRetry={onChanged} />}
    </WithReason>
  );
}

function Withdrawing({ component, rule, onEnd }: { component: string; rule: string; onEnd(): void }) {
  const { t } = useWords();
  const { world } = useWorld();
  const act = useWorldAct<{ component: string; rule: string; reason: string }>(world, 'signs/unexplain');
  return (
    <div className="backups-form no-print">
      <p>{t.backups.unexplainMeans}</p>
      <WithReason
        submit={t.backups.unexplain}
        pending={act.isPending}
        onSubmit={(reason) => act.mutate({ component, rule, reason }, { onSuccess: onEnd })}
        onEnd={onEnd}
      >
        {act.isError && <RefusalNote refusal={refusalOf(act.error)} />}
      </WithReason>
    </div>
  );
}

function WithReason({
  submit,
  pending,
  onSubmit,
  onEnd,
  children,
}: {
  submit: string;
  pending: boolean;
  onSubmit(reason: string): void;
  onEnd(): void;
  children: React.ReactNode;
}) {
  const { t } = useWords();
  const [reason, setReason] = useState('');
  const submitted = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(reason);
  };
  return (
    <form className="backups-form" onSubmit={submitted}>
      {children}
      <label className="field">
        <span>{t.backups.explainWhy}</span>
        <textarea
          required
          maxLength={1000}
          rows={3}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <div className="backups-acts">
        <Button type="submit" disabled={pending || reason.trim() === ''}>
          {submit}
        </Button>
        <Button onClick={onEnd}>{t.parts.cancel}</Button>
      </div>
    </form>
  );
}
