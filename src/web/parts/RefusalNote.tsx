import type { Refusal } from '../../journal/result.ts';
import { useWords } from '../words/Words.tsx';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { told } from './told.ts';
import './refusal.css';

/** Why something was refused, where it was asked, and it stays there until answered: what, expected, kept, what to do. */
export function RefusalNote({ refusal, onRetry }: { refusal: Refusal; onRetry?: () => void }) {
  const { t, language } = useWords();
  const { what, cure, known } = told(refusal, t);
  const spoken = known || language === 'en' ? {} : { lang: 'en' };
  return (
    <div className="refusal" role="alert">
      <Icon name="gap" />
      <div>
        {!known && <p className="refusal-what">{t.parts.refused(refusal.code)}</p>}
        <p className={known ? 'refusal-what' : ''} {...spoken}>
          {what}
        </p>
        <dl {...spoken}>
          {refusal.where !== undefined && <Fact term={t.parts.where}>{refusal.where}</Fact>}
          {!known && refusal.expected !== undefined && <Fact term={t.parts.expected}>{refusal.expected}</Fact>}
          {!known && refusal.kept !== undefined && <Fact term={t.parts.kept}>{refusal.kept}</Fact>}
          {cure !== undefined && <Fact term={t.parts.cure}>{cure}</Fact>}
        </dl>
        {refusal.retryable && onRetry && (
          <Button size="small" onClick={onRetry}>
            {t.parts.retry}
          </Button>
        )}
      </div>
    </div>
  );
}

function Fact({ term, children }: { term: string; children: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
