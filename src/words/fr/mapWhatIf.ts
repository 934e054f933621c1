const functions = (count: number) => (count === 1 ? '1 fonction de soins' : `${count} fonctions de soins`);

/** What if this stops; why this is down. */
export const mapWhatIf = {
  ask: 'Et si cela s’arrêtait ?',
  mark: 'Hypothèse : rien n’est arrêté',
  title: 'Et si cela s’arrêtait ?',
  leave: 'Quitter l’hypothèse (Échap)',
  choose: 'Choisissez ce qui s’arrête : dans le dessin, dans la liste, ou tout un site.',
  addWhole: 'Arrêter tout un site, tout un fournisseur…',
  sites: 'Sites',
  suppliers: 'Fournisseurs',
  allOf: (name: string) => `Tout : ${name}`,
  takeOut: ': ne l’arrête plus',
  rest: 'Le reste',
  asSeen: 'tel qu’il est à présent',
  allUp: 'en marche',
  when: 'On regarde',
  atOnce: 'aussitôt',
  after: (length: string) => `${length} après`,
  inTheEnd: 'une fois tout épuisé',
  sum: (lost: number, partly: number, stopped: number) => {
    const stops = stopped === 1 ? '1 composant arrêté' : `${stopped} composants arrêtés`;
    if (lost === 0 && partly === 0) return `${stops} : aucune fonction de soins perdue à ce moment.`;
    const both = [
      lost > 0 ? `${functions(lost)} ${lost === 1 ? 'perdue' : 'perdues'}` : '',
      partly > 0 ? `${lost > 0 ? partly : functions(partly)} ${partly === 1 ? 'servie' : 'servies'} en partie` : '',
    ].filter((part) => part !== '');
    return `${stops} : ${both.join(', ')}.`;
  },
  lost: 'Perdues',
  lostLater: 'Perdues plus tard',
  partly: 'Servies en partie',
  unknown: 'Inconnues',
  thin: 'Sur leur dernier appui',
  nothingFelt: 'Les soins ne sentent rien.',
  lostAtOnce: 'perdue aussitôt',
  lostAfter: (length: string) => `perdue dans ${length}`,
  unless: (way: string) => `, sauf si l’on rétablit : ${way}`,
  wouldKeep: (way: string) => `Il suffirait de rétablir : ${way}`,
  tier: (tier: number) => `rang vital ${tier}`,
  because: (names: string, more: number) =>
    more > 0 ? `À cause de ${names} et ${more} autres` : `À cause de ${names}`,
  back: (low: string | null, high: string) =>
    `De retour ${low === null ? '' : `entre ${low} et `}${high} après la perte, d’après les délais connus`,
  backUnknown: (low: string) => `Retour : pas avant ${low}, le reste n’a pas de délai connu`,
  careGap: (length: string) => `Soins non rendus en ${length}`,
  atLeast: 'au moins',
  atMost: 'au plus',
  noGap: 'Aucun.',
  gapMeans:
    'Durées pondérées par le poids de chaque fonction. Au moins : chaque service tient aussi longtemps que son mode dégradé, et tout revient au plus tôt. Au plus : aucun ne tient, et ce dont le délai n’est pas connu ne revient pas.',
  unknownMinutes: (length: string) => `Dont ${length} où l’état n’est pas connu.`,
  copyLink: 'Copier le lien',
  why: 'Pourquoi est-ce perdu ?',
  whyHide: 'Ne plus montrer le chemin',
  whyRoots: 'En cause, rien au-dessous ne l’explique :',
  whyEnough: 'Cela suffit à l’expliquer :',
  whyNothing: 'Rien de connu ne l’explique.',
};
