import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { ReviewsBody } from '../../../server/protocol.ts';
import * as format from '../../../words/format.ts';
import { Button } from '../../parts/Button.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { Tabs } from '../../people/Tabs.tsx';
import { Page } from '../../shell/Page.tsx';
import { useWords } from '../../words/Words.tsx';
import { ask, refusalOf } from '../requests.ts';
import { useReviews } from './breakGlass.ts';
import './openings.css';

type Pending = ReviewsBody['pending'][number];
type Reviewed = ReviewsBody['reviewed'][number];

/** Every opening without an account, waiting for a person to say whether it was right. */
export function Openings() {
  const { t } = useWords();
  const reviews = useReviews();
  const words = t.waysIn.reviews;
  const { pending = [], reviewed = [] } = reviews.data ?? {};
  return (
    <Page title={words.title} lead={words.lead} className="openings">
      <Tabs />
      {reviews.isError && <RefusalNote refusal={refusalOf(reviews.error)} onRetry={() => void reviews.refetch()} />}
      {reviews.data !== undefined && (
        <>
          <h2>{words.pending}</h2>
          {pending.length === 0 && <p className="soft">{words.none}</p>}
          <ul>
            {pending.map((use) => (
              <ToReview key={use.id} use={use} />
            ))}
          </ul>
          {reviewed.length > 0 && <h2>{words.done}</h2>}
          <ul>
            {reviewed.map((use) => (
              <Done key={use.id} use={use} />
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

function usePlace(): (use: Pick<Pending, 'ward'>) => string {
  const { t, say } = useWords();
  return ({ ward }) => (ward === null ? t.waysIn.reviews.administration : say(ward));
}

function ToReview({ use }: { use: Pending }) {
  const { t, reading } = useWords();
  const client = useQueryClient();
  const noteId = useId();
  const [note, setNote] = useState('');
  const placeOf = usePlace();
  const words = t.waysIn.reviews;
  const now = Date.now();
  const at = (instant: string) => format.when('at', instant, now, reading);
  const review = useMutation({
    mutationFn: (outcome: 'accepted' | 'questioned') =>
      ask<ReviewsBody>('POST', '/api/break-glass/review', { use: use.id, outcome, note }),
    onSuccess: (answer) => {
      client.setQueryData(['reviews'], answer);
      return client.invalidateQueries({ queryKey: ['break-glass'] });
    },
  });
  const isOver = use.endedAt !== null || Date.parse(use.endsAt) <= now;
  return (
    <li className="card opening">
      <div>
        <h3>
          {placeOf(use)} · {use.name}
        </h3>
        <p className="opening-reason">{use.reason}</p>
        <p className="soft">
          {words.opened(at(use.openedAt))}, {words.from(use.from)},{' '}
          {isOver
            ? words.ended(at(use.endedAt ?? use.endsAt))
            : words.stillOpen(format.when('until', use.endsAt, now, reading))}
        </p>
      </div>
      <div className="field">
        <label htmlFor={noteId}>{words.note}</label>
        <p id={`${noteId}-hint`} className="field-hint">
          {words.noteHint}
        </p>
        <textarea
          id={noteId}
          aria-describedby={`${noteId}-hint`}
          rows={2}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      <div className="opening-acts">
        <Button look="main" icon="check" disabled={review.isPending} onClick={() => review.mutate('accepted')}>
          {words.accept}
        </Button>
        <Button disabled={review.isPending || note.trim() === ''} onClick={() => review.mutate('questioned')}>
          {words.question}
        </Button>
      </div>
      {review.isError && <RefusalNote refusal={refusalOf(review.error)} />}
    </li>
  );
}

function Done({ use }: { use: Reviewed }) {
  const { t, reading } = useWords();
  const placeOf = usePlace();
  const words = t.waysIn.reviews;
  const at = (instant: string) => format.when('at', instant, Date.now(), reading);
  return (
    <li className="opening-done">
      <p>
        <strong>{words.outcomes[use.outcome]}</strong> {words.by(use.by ?? words.someone, at(use.at))}
      </p>
      <p>
        {placeOf(use)} · {use.name} <span className="soft">({at(use.openedAt)})</span>
      </p>
      {use.note !== '' && <p className="soft">{use.note}</p>}
    </li>
  );
}
