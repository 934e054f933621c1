import type { ReviewBody } from '../../../server/protocol.ts';
import { useWords } from '../../words/Words.tsx';
import { Group } from './Group.tsx';
import { keyOf } from './requests.ts';

/** Links that the source suggests: each counts once a person confirms it, here or later on the map. */
export function Proposals({
  proposed,
  leave,
  confirm,
  onConfirm,
  nameOf,
}: {
  proposed: ReviewBody['proposed'];
  leave: ReadonlySet<string>;
  confirm: ReadonlySet<string>;
  onConfirm(confirm: ReadonlySet<string>): void;
  nameOf(id: string): string;
}) {
  const { t } = useWords();
  const taken = proposed.filter((link) => !leave.has(keyOf(link)));
  const toggle = (key: string, isConfirmed: boolean) => {
    const next = new Set(confirm);
    if (isConfirmed) next.add(key);
    else next.delete(key);
    onConfirm(next);
  };
  return (
    <Group title={t.mapImport.groups.proposed(taken.length)} rows={taken} lead={t.mapImport.proposedMeans}>
      {(link) => (
        <li key={link.key}>
          <label className="import-check">
            <input
              type="checkbox"
              checked={confirm.has(link.key)}
              onChange={(event) => toggle(link.key, event.target.checked)}
            />
            <span>
              <span className="soft">
                {t.mapImport.confirm}
                {t.parts.colon}
              </span>{' '}
              {t.mapImport.needs(nameOf(link.id), nameOf(link.need))}
              <span className="soft import-hint">{link.because}</span>
            </span>
          </label>
        </li>
      )}
    </Group>
  );
}
