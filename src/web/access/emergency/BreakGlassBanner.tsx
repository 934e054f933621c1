import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { BreakGlassBody } from '../../../server/protocol.ts';
import * as format from '../../../words/format.ts';
import { Button } from '../../parts/Button.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useWords } from '../../words/Words.tsx';
import { ask, refusalOf } from '../requests.ts';
import { useBreakGlass } from './breakGlass.ts';
import './banner.css';

/**
 * Above every screen: that this session is a break-glass, and what everybody has to know of the others. `isCalm`: also what can
 * wait, which takes no room from a Board in crisis or an exercise.
 */
export function BreakGlassBanner({ isCalm }: { isCalm: boolean }) {
  const { data } = useBreakGlass();
  if (data === undefined) return null;
  return (
    <>
      {data.here !== null && <Here here={data.here} />}
      <Alarms told={data} isCalm={isCalm} />
    </>
  );
}

function Here({ here }: { here: NonNullable<BreakGlassBody['here']> }) {
  const { t, say, reading } = useWords();
  const client = useQueryClient();
  const leave = useMutation({
    mutationFn: () => ask('POST', '/api/break-glass/close', {}),
    onSuccess: () => client.invalidateQueries(),
  });
  const what = here.ward === null ? t.waysIn.banner.administrative : t.waysIn.banner.care(say(here.ward));
  return (
    <section className="break-glass-here" aria-label={what}>
      <p>
        <Icon name="spark" />
        <span>
          <strong>{what}</strong> {format.when('until', here.until, Date.now(), reading)}
        </span>
      </p>
      <Button disabled={leave.isPending} onClick={() => leave.mutate()}>
        {t.waysIn.banner.leave}
      </Button>
      {leave.isError && <RefusalNote refusal={refusalOf(leave.error)} />}
    </section>
  );
}

function Alarms({ told, isCalm }: { told: BreakGlassBody; isCalm: boolean }) {
  const { t, say, reading } = useWords();
  const words = t.waysIn.banner;
  const { administrative, envelopes, cards, toReview } = told;
  const now = Date.now();
  return (
    <div className="break-glass-alarms">
      {administrative !== null && (
        <p className="break-glass-alarm" role="alert">
          <Icon name="gap" />
          <span>
            <strong>{words.opened(format.when('at', administrative.since, now, reading))}</strong>{' '}
            {administrative.openUntil !== null &&
              words.openUntil(format.when('until', administrative.openUntil, now, reading))}{' '}
            {words.reseal} {envelopes !== null && <Link href="/people/emergency">{words.resealNow}</Link>}
          </span>
        </p>
      )}
      {isCalm && envelopes === 'never-sealed' && (
        <p className="break-glass-note" role="status">
          <Icon name="lock" />
          <span>
            {words.never} <Link href="/people/emergency">{words.print}</Link>
          </span>
        </p>
      )}
      {cards.map(({ ward, places }) => (
        <p key={say(ward)} className="break-glass-alarm" role="alert">
          <Icon name="gap" />
          <span>
            <strong>{words.copied(say(ward), places)}</strong> <Link href="/people/emergency">{words.renew}</Link>
          </span>
        </p>
      ))}
      {isCalm && toReview > 0 && (
        <p className="break-glass-note" role="status">
          <Icon name="clock" />
          <Link href="/people/openings">{t.waysIn.reviews.link(toReview)}</Link>
        </p>
      )}
    </div>
  );
}
