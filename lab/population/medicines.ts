export interface Medicine {
  /** ATC code (WHO). */
  atc: string;
  label: string;
  dose: number;
  unit: string;
  route: 'per os' | 'IV' | 'SC' | 'inhalée';
  timesPerDay: number;
  weight: number;
  criticalOnly?: true;
}

const line = (
  atc: string,
  label: string,
  dose: number,
  unit: string,
  route: Medicine['route'],
  timesPerDay: number,
  weight: number,
): Medicine => ({ atc, label, dose, unit, route, timesPerDay, weight });

export const MEDICINES: readonly Medicine[] = [
  line('N02BE01', 'PARACÉTAMOL 1 g comprimé', 1, 'g', 'per os', 4, 20),
  line('N02BE01', 'PARACÉTAMOL 10 mg/mL solution pour perfusion', 1, 'g', 'IV', 4, 6),
  line('B01AB05', 'ÉNOXAPARINE 4 000 UI anti-Xa/0,4 mL', 4000, 'UI', 'SC', 1, 12),
  line('J01CA04', 'AMOXICILLINE 1 g poudre injectable', 1, 'g', 'IV', 3, 6),
  line('J01DD04', 'CEFTRIAXONE 1 g poudre injectable', 1, 'g', 'IV', 1, 5),
  line('J01CR05', 'PIPÉRACILLINE/TAZOBACTAM 4 g/500 mg', 4, 'g', 'IV', 3, 2),
  line('C03CA01', 'FUROSÉMIDE 40 mg comprimé', 40, 'mg', 'per os', 1, 7),
  line('C07AB07', 'BISOPROLOL 2,5 mg comprimé', 2.5, 'mg', 'per os', 1, 7),
  line('C09AA05', 'RAMIPRIL 5 mg comprimé', 5, 'mg', 'per os', 1, 6),
  line('C10AA05', 'ATORVASTATINE 40 mg comprimé', 40, 'mg', 'per os', 1, 6),
  line('B01AC06', 'ACIDE ACÉTYLSALICYLIQUE 75 mg sachet', 75, 'mg', 'per os', 1, 6),
  line('B01AF02', 'APIXABAN 5 mg comprimé', 5, 'mg', 'per os', 2, 5),
  line('A10BA02', 'METFORMINE 1 000 mg comprimé', 1000, 'mg', 'per os', 2, 5),
  line('A10AE04', 'INSULINE GLARGINE 100 U/mL stylo', 14, 'U', 'SC', 1, 4),
  line('A02BC01', 'OMÉPRAZOLE 20 mg gélule', 20, 'mg', 'per os', 1, 8),
  line('N02AA01', 'MORPHINE 10 mg/mL solution injectable', 5, 'mg', 'SC', 4, 3),
  line('N02AX02', 'TRAMADOL 50 mg gélule', 50, 'mg', 'per os', 3, 4),
  line('R03AC02', 'SALBUTAMOL 5 mg/2,5 mL nébulisation', 5, 'mg', 'inhalée', 4, 3),
  line('H03AA01', 'LÉVOTHYROXINE 75 µg comprimé', 75, 'µg', 'per os', 1, 3),
  line('H02AB06', 'PREDNISOLONE 20 mg comprimé', 40, 'mg', 'per os', 1, 3),
  line('A12BA01', 'CHLORURE DE POTASSIUM 600 mg gélule LP', 600, 'mg', 'per os', 3, 3),
  line('N03AX14', 'LÉVÉTIRACÉTAM 500 mg comprimé', 500, 'mg', 'per os', 2, 2),
  { ...line('C01CA03', 'NORADRÉNALINE 2 mg/mL perfusion continue', 0.5, 'mg/h', 'IV', 4, 8), criticalOnly: true },
  { ...line('N05CD08', 'MIDAZOLAM 5 mg/mL perfusion continue', 5, 'mg/h', 'IV', 4, 6), criticalOnly: true },
];

export interface Allergen {
  label: string;
  category: 'medication' | 'food' | 'environment';
  reaction: string;
  criticality: 'low' | 'high';
  weight: number;
}

export const ALLERGENS: readonly Allergen[] = [
  { label: 'Pénicillines', category: 'medication', reaction: 'Urticaire', criticality: 'high', weight: 10 },
  { label: 'Amoxicilline', category: 'medication', reaction: 'Choc anaphylactique', criticality: 'high', weight: 4 },
  {
    label: 'Produits de contraste iodés',
    category: 'medication',
    reaction: 'Érythème',
    criticality: 'high',
    weight: 4,
  },
  { label: 'Aspirine et AINS', category: 'medication', reaction: 'Bronchospasme', criticality: 'high', weight: 4 },
  { label: 'Latex', category: 'environment', reaction: 'Urticaire de contact', criticality: 'high', weight: 3 },
  { label: 'Arachide', category: 'food', reaction: 'Œdème de Quincke', criticality: 'high', weight: 2 },
  { label: 'Fruits de mer', category: 'food', reaction: 'Urticaire', criticality: 'low', weight: 3 },
  { label: 'Pollens de graminées', category: 'environment', reaction: 'Rhinite', criticality: 'low', weight: 6 },
  { label: 'Curares', category: 'medication', reaction: 'Choc anaphylactique', criticality: 'high', weight: 1 },
];
