export interface Place {
  /** Code officiel géographique (INSEE): five characters; 99 + country code abroad. */
  insee: string;
  label: string;
  weight: number;
}

/** Birth places: communes weighted roughly by size, and the countries most often met. */
export const PLACES: readonly Place[] = [
  ['75112', 'Paris 12e Arrondissement', 9],
  ['75114', 'Paris 14e Arrondissement', 9],
  ['13205', 'Marseille 5e Arrondissement', 8],
  ['69383', 'Lyon 3e Arrondissement', 8],
  ['31555', 'Toulouse', 8],
  ['06088', 'Nice', 6],
  ['44109', 'Nantes', 6],
  ['34172', 'Montpellier', 5],
  ['67482', 'Strasbourg', 5],
  ['33063', 'Bordeaux', 6],
  ['59350', 'Lille', 7],
  ['35238', 'Rennes', 5],
  ['51454', 'Reims', 4],
  ['83137', 'Toulon', 3],
  ['42218', 'Saint-Étienne', 3],
  ['76351', 'Le Havre', 3],
  ['38185', 'Grenoble', 3],
  ['21231', 'Dijon', 3],
  ['49007', 'Angers', 3],
  ['30189', 'Nîmes', 3],
  ['63113', 'Clermont-Ferrand', 3],
  ['72181', 'Le Mans', 2],
  ['29019', 'Brest', 3],
  ['37261', 'Tours', 3],
  ['80021', 'Amiens', 3],
  ['87085', 'Limoges', 2],
  ['74010', 'Annecy', 2],
  ['66136', 'Perpignan', 2],
  ['57463', 'Metz', 3],
  ['25056', 'Besançon', 2],
  ['45234', 'Orléans', 2],
  ['76540', 'Rouen', 3],
  ['68224', 'Mulhouse', 2],
  ['14118', 'Caen', 2],
  ['54395', 'Nancy', 3],
  ['84007', 'Avignon', 6],
  ['2A004', 'Ajaccio', 1],
  ['2B033', 'Bastia', 1],
  ['40088', 'Dax', 2],
  ['97411', 'Saint-Denis', 2],
  ['97209', 'Fort-de-France', 2],
  ['99352', 'Algérie', 4],
  ['99350', 'Maroc', 3],
  ['99351', 'Tunisie', 2],
  ['99139', 'Portugal', 3],
  ['99127', 'Italie', 1],
  ['99134', 'Espagne', 1],
  ['99341', 'Sénégal', 1],
].map(([insee, label, weight]) => ({ insee: String(insee), label: String(label), weight: Number(weight) }));

/** Where patients live: around the hospital. */
export const TOWNS = [
  { postcode: '84000', label: 'Avignon' },
  { postcode: '84200', label: 'Carpentras' },
  { postcode: '84300', label: 'Cavaillon' },
  { postcode: '84100', label: 'Orange' },
  { postcode: '84400', label: 'Apt' },
  { postcode: '84120', label: 'Pertuis' },
  { postcode: '84800', label: 'L’Isle-sur-la-Sorgue' },
  { postcode: '84130', label: 'Le Pontet' },
] as const;
