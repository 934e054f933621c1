import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { Words } from '../../map/model.ts';
import { en } from '../../words/en.ts';
import { type Catalogue, fr } from '../../words/fr.ts';
import { inLanguage, type Language, type Reading } from '../../words/language.ts';
import { frenchSpaces } from '../../words/typography.ts';
import { usePreferences } from '../settings/preferences.ts';

/** Until the establishment's clock is known (sign-in), the device's zone is the only one there is. */
const TimeZone = createContext(Intl.DateTimeFormat().resolvedOptions().timeZone);

export function TimeZoneProvider({ timeZone, children }: { timeZone: string; children: ReactNode }) {
  return <TimeZone value={timeZone}>{children}</TimeZone>;
}

export interface Speech {
  t: Catalogue;
  language: Language;
  reading: Reading;
  /** A text the hospital wrote, in the reader's language. */
  say(words: Words): string;
}

export function useWords(): Speech {
  const { language } = usePreferences();
  const timeZone = useContext(TimeZone);
  return useMemo(
    () => ({
      t: language === 'fr' ? fr : en,
      language,
      reading: { language, timeZone },
      say: (words) => (language === 'fr' ? frenchSpaces(words.fr) : inLanguage(words, language)),
    }),
    [language, timeZone],
  );
}
