import { useId, useState } from 'react';
import type { IncidentView } from '../../activate/views.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { usePersonName } from '../access/people.ts';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';

export function Roles({ incident, now }: { incident: IncidentView; now: number }) {
  const { t, reading } = useWords();
  const { world } = useWorld();
  const id = useId();
  const known = [
    ...new Set([
      ...Object.keys(t.activate.cellRoles),
      ...incident.plans.flatMap((plan) => plan.steps.flatMap((step) => step.role ?? [])),
    ]),
  ];
  const [role, choose] = useState(known[0] ?? '');
  const take = useWorldAct<{ incident: string; role: string }>(world, 'roles');
  const who = usePersonName();
  return (
    <section className="card">
      <h2>{t.activate.roles}</h2>
      {incident.roles.length === 0 ? (
        <p className="soft">{t.activate.noRole}</p>
      ) : (
        <dl className="facts">
          {incident.roles.map((held) => (
            <div key={held.role}>
              <dt>{entry(t.activate.cellRoles, held.role) ?? held.role}</dt>
              <dd>
                {who(held.person)} <span className="soft">{format.when('since', held.since, now, reading)}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {incident.closedAt === null && (
        <div className="take-role no-print">
          <label htmlFor={id}>{t.activate.takeRole}</label>
          <select id={id} className="input" value={role} onChange={(event) => choose(event.target.value)}>
            {known.map((one) => (
              <option key={one} value={one}>
                {entry(t.activate.cellRoles, one) ?? one}
              </option>
            ))}
          </select>
          <Button disabled={take.isPending} onClick={() => take.mutate({ incident: incident.incident, role })}>
            {t.activate.take}
          </Button>
          {take.isError && <RefusalNote refusal={refusalOf(take.error)} />}
        </div>
      )}
    </section>
  );
}
