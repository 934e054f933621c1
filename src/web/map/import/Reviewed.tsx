import { useCallback, useMemo, useRef, useState } from 'react';
import type { ReviewBody } from '../../../server/protocol.ts';
import { refusalOf } from '../../access/requests.ts';
import { Button } from '../../parts/Button.tsx';
import { useWords } from '../../words/Words.tsx';
import { MapRefusal } from '../changes/MapRefusal.tsx';
import { useThingNames } from '../changes/values.ts';
import { Conflicts } from './Conflicts.tsx';
import { Things } from './Group.tsx';
import { Problems, Wrong } from './Problems.tsx';
import { Proposals } from './Proposals.tsx';
import { keyOf, type Source, useApply } from './requests.ts';

/** What the import would change: each thing taken or left, conflicts decided, links confirmed; then applied as one change. */
export function Reviewed({
  review,
  source,
  onTaken,
  onAgain,
}: {
  review: ReviewBody;
  source: Source;
  onTaken(taken: { sequence: number; changes: number }): void;
  onAgain(): void;
}) {
  const { t } = useWords();
  const [leave, setLeave] = useState<ReadonlySet<string>>(new Set());
  const [follow, setFollow] = useState<ReadonlySet<string>>(new Set());
  const [confirm, setConfirm] = useState<ReadonlySet<string>>(new Set());
  const apply = useApply();
  const bar = useRef<HTMLDivElement>(null);
  const nameOf = useNamesIn(review);
  const { added, changed, removed, conflicts, proposed } = review;
  const taken = new Set([
    ...[...added, ...changed, ...removed].map(keyOf).filter((key) => !leave.has(key)),
    ...conflicts.filter(({ key }) => follow.has(key)).map(keyOf),
  ]);
  const submit = () =>
    apply.mutate(
      {
        source,
        choice: { sequence: review.sequence, leave: [...leave], follow: [...follow], confirm: [...confirm] },
      },
      {
        onSuccess: ({ sequence }) => onTaken({ sequence, changes: taken.size }),
        // The bar goes back to its place under what it refused.
        onError: () => requestAnimationFrame(() => bar.current?.scrollIntoView({ block: 'nearest' })),
      },
    );
  const isEmpty = review.changes === 0 && conflicts.length === 0 && review.refused === null;
  return (
    <div className="import-review">
      {isEmpty && (
        <div className="empty">
          <h2>{t.mapImport.nothingNew}</h2>
          <p>{t.mapImport.nothingNewMeans}</p>
        </div>
      )}
      {review.refused !== null && (
        <section className="import-refused">
          <h2>{t.mapImport.wouldRefuse}</h2>
          <MapRefusal refusal={review.refused} nameOf={nameOf} />
        </section>
      )}
      <Problems problems={review.problems} />
      <Conflicts conflicts={conflicts} follow={follow} onFollow={setFollow} nameOf={nameOf} />
      <Things title={t.mapImport.groups.removed} things={removed} leave={leave} onLeave={setLeave} nameOf={nameOf} />
      <Things title={t.mapImport.groups.changed} things={changed} leave={leave} onLeave={setLeave} nameOf={nameOf} />
      <Proposals proposed={proposed} leave={leave} confirm={confirm} onConfirm={setConfirm} nameOf={nameOf} />
      <Things title={t.mapImport.groups.added} things={added} isNew leave={leave} onLeave={setLeave} nameOf={nameOf} />
      <Wrong wrong={review.wrong} nameOf={nameOf} />
      {review.changes + conflicts.length > 0 && (
        <div className="import-apply" ref={bar}>
          {apply.isError && <MapRefusal refusal={refusalOf(apply.error)} onRetry={onAgain} nameOf={nameOf} />}
          <Button look="main" size="large" disabled={taken.size === 0 || apply.isPending} onClick={submit}>
            {apply.isPending
              ? t.mapImport.applying
              : taken.size === 0
                ? t.mapImport.nothingChosen
                : t.mapImport.apply(taken.size)}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Names of the map, and of what the import brings. */
function useNamesIn({ added }: ReviewBody): (id: string) => string {
  const known = useThingNames();
  const fresh = useMemo(() => new Map(added.map(({ id, name }) => [id, name])), [added]);
  return useCallback((id) => fresh.get(id) ?? known(id), [fresh, known]);
}
