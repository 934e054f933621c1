/** How a text is compared with what is searched: accents and capitals do not count when one searches with a glove on. */
export const sought = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
