import { useNow } from '../../feed/World.tsx';
import { useWords } from '../../words/Words.tsx';
import { isOutOfHours } from './hours.ts';

/** Whom to call: the number that answers at this hour is the large one, the other stands beside it. */
export function Phones({
  name,
  inHours,
  atNight,
  nightWord,
}: {
  name: string;
  inHours: string | undefined;
  atNight: string | undefined;
  /** What the night number is called: nights and weekends, or on call. */
  nightWord: string;
}) {
  const { t, reading } = useWords();
  const isNight = isOutOfHours(useNow(), reading);
  const night = { phone: atNight, word: nightWord };
  const day = { phone: inHours, word: atNight === undefined ? t.suppliers.phone : t.suppliers.inHours };
  const [first, second] = isNight ? [night, day] : [day, night];
  const [main, other] = first.phone === undefined ? [second, first] : [first, second];
  if (main.phone === undefined) return <p className="phones-none">{t.suppliers.noPhone}</p>;
  return (
    <div className="phones">
      <p className="phone-main">
        <a href={dialled(main.phone)} aria-label={t.suppliers.call(name, main.phone)}>
          {main.phone}
        </a>{' '}
        <span className="soft">{main.word}</span>
      </p>
      {other.phone !== undefined && other.phone !== main.phone && (
        <p className="phone-other">
          <a href={dialled(other.phone)} aria-label={t.suppliers.call(name, other.phone)}>
            {other.phone}
          </a>{' '}
          <span className="soft">{other.word}</span>
        </p>
      )}
      {isNight && atNight === undefined && <p className="phones-none">{t.suppliers.noNightPhone}</p>}
    </div>
  );
}

/** Digits as a telephone takes them. */
const dialled = (phone: string): string => `tel:${phone.replaceAll(/[^\d+]/g, '')}`;
