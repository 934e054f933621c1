import type { Grant, Role } from '../../access/roles.ts';
import { roles } from '../../access/views.ts';
import { Button } from '../parts/Button.tsx';
import { useWords } from '../words/Words.tsx';
import { usePlaces } from './grants.ts';

/** The rights somebody is given: a role, and how far it reaches, as many as needed. */
export function Grants({ value, onChange }: { value: Grant[]; onChange(grants: Grant[]): void }) {
  const { t } = useWords();
  const replace = (at: number, grant: Grant) => onChange(value.map((one, index) => (index === at ? grant : one)));
  return (
    <fieldset className="grants">
      <legend>{t.people.rights}</legend>
      {value.length === 0 && <p className="soft">{t.people.noRights}</p>}
      {value.map((grant, at) => (
        // The same right twice is the same right: places in the list are all that tells rows apart.
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity
        <div className="grant" key={at}>
          <select
            className="input"
            aria-label={t.people.role}
            value={grant.role}
            onChange={({ target }) => replace(at, { ...grant, role: target.value as Role })}
          >
            {roles.map((role) => (
              <option key={role} value={role}>
                {t.access.roles[role]}
              </option>
            ))}
          </select>
          <Reach grant={grant} onChange={(changed) => replace(at, changed)} />
          <Button onClick={() => onChange(value.filter((_, index) => index !== at))}>{t.people.removeRight}</Button>
        </div>
      ))}
      <Button onClick={() => onChange([...value, { role: 'clinician', scope: 'establishment' }])}>
        {t.people.addRight}
      </Button>
    </fieldset>
  );
}

function Reach({ grant, onChange }: { grant: Grant; onChange(grant: Grant): void }) {
  const { t, say } = useWords();
  const { wards, sites } = usePlaces();
  const { role } = grant;
  const value = grant.scope === 'ward' ? `ward:${grant.ward}` : grant.scope === 'site' ? `site:${grant.site}` : '';
  const choose = (chosen: string) => {
    const id = chosen.slice(chosen.indexOf(':') + 1);
    if (chosen.startsWith('ward:')) onChange({ role, scope: 'ward', ward: id });
    else if (chosen.startsWith('site:')) onChange({ role, scope: 'site', site: id });
    else onChange({ role, scope: 'establishment' });
  };
  return (
    <select className="input" aria-label={t.people.reach} value={value} onChange={({ target }) => choose(target.value)}>
      <option value="">{t.rights.scopes.establishment}</option>
      <optgroup label={t.people.sites}>
        {sites.map(({ id, name }) => (
          <option key={id} value={`site:${id}`}>
            {say(name)}
          </option>
        ))}
      </optgroup>
      <optgroup label={t.people.wards}>
        {wards.map(({ id, name }) => (
          <option key={id} value={`ward:${id}`}>
            {say(name)}
          </option>
        ))}
      </optgroup>
    </select>
  );
}
