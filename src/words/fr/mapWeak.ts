const functions = (count: number) => (count === 1 ? '1 fonction de soins' : `${count} fonctions de soins`);

/** Where the map is weak. */
export const mapWeak = {
  lead: 'Ce qui, en s’arrêtant seul ou à deux, prive des patients de soins. D’après la carte, une fois toutes les réserves épuisées.',
  computing: (done: number, count: number) => `On cherche : ${done} fonctions de soins examinées sur ${count}.`,
  stop: 'Arrêter la recherche',
  stopped: 'La recherche a été arrêtée.',
  again: 'Chercher',
  none: 'Aucun composant ne fait tomber à lui seul une fonction de soins.',
  worst: (name: string, count: number, vital: number) =>
    `${name} porte à lui seul ${functions(count)}${vital === 0 ? '' : `, dont ${vital} du rang le plus vital`}.`,
  notAll: 'La carte est si grande que tout n’a pas pu être examiné : il peut y avoir d’autres points faibles.',
  unconfirmedCount: (count: number, all: number) =>
    `${count} liens sur ${all} n’ont été confirmés par personne : ce résultat vaut ce qu’ils valent.`,
  single: 'Un seul arrêt suffit',
  singleMeans: 'Chaque composant dont l’arrêt, seul, fait perdre des soins. Le plus lourd d’abord.',
  suppliers: 'Si un fournisseur s’arrête',
  suppliersMeans: 'Tout ce qu’il tient s’arrête en même temps.',
  supplierOf: (components: number) => (components === 1 ? '1 composant' : `${components} composants`),
  losesNothing: 'aucune fonction de soins perdue',
  loses: (count: number) => `${functions(count)} ${count === 1 ? 'perdue' : 'perdues'}`,
  everything: 'toutes les fonctions de soins',
  allBut: (names: string) => `toutes, sauf : ${names}`,
  vital: (count: number) => `${count} de rang 1`,
  whatIf: (name: string) => `Et si ${name} s’arrêtait ?`,
  more: (count: number) => `En montrer ${count} de plus`,
  byFunction: 'Fonction par fonction',
  byFunctionMeans: 'Ce qui, ensemble, suffit à faire perdre chaque fonction de soins.',
  sets: (single: string, pairs: string) => `seuls : ${single} · à deux : ${pairs}`,
  pairs: 'Deux arrêts ensemble',
  triples: 'Trois arrêts ensemble',
  noPairs: 'Aucune paire : ce qui la fait tomber le fait seul, ou à plus de deux.',
  together: 'avec',
  notListed: (count: string) => `et ${count} autres ensembles`,
  atMostOrder: (order: number) => `Au-delà de ${order} arrêts ensemble, rien n’a été cherché.`,
  importance: 'Ce qui pèse le plus',
  lostPerYear: (length: string) => `Perdue environ ${length} par an.`,
  lostPerYearFrom: (sources: string) => `D’après les pannes relevées : ${sources}.`,
  noRates: (count: number) =>
    count === 1
      ? 'Pas de durée probable : le taux de panne d’un composant n’a pas de source.'
      : `Pas de durée probable : les taux de panne de ${count} composants n’ont pas de source.`,
};
