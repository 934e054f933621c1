import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { ask, refusalOf } from './requests.ts';

/** Back from the provider: its answer is shown to the hub once, from this very browser. */
export function ProviderReturn({
  provider,
  answer,
  onEntered,
}: {
  provider: string;
  answer: string;
  onEntered(): Promise<void>;
}) {
  const { t } = useWords();
  const sent = useRef(false);
  const finish = useMutation({
    mutationFn: () => ask('POST', '/api/sign-in/providers/finish', { provider, query: answer }),
    onSuccess: onEntered,
  });
  useEffect(() => {
    // An answer is good once: a page drawn twice does not spend it twice.
    if (sent.current) return;
    sent.current = true;
    finish.mutate();
  });
  return (
    <div className="way-in-steps">
      <title>{`${t.waysIn.returned} · Reflexe`}</title>
      <h1>{t.waysIn.returned}</h1>
      {finish.isError ? (
        <RefusalNote refusal={{ ...refusalOf(finish.error), retryable: false }} />
      ) : (
        <p className="sign-in-lead" role="status">
          {t.waysIn.returning}
        </p>
      )}
    </div>
  );
}
