export interface Analysis {
  /** LOINC code. */
  loinc: string;
  label: string;
  unit: string;
  /** Reference interval. */
  low: number;
  high: number;
  decimals: number;
}

const analysis = (
  loinc: string,
  label: string,
  unit: string,
  low: number,
  high: number,
  decimals: number,
): Analysis => ({ loinc, label, unit, low, high, decimals });

/** Panels as a laboratory order names them. */
export const PANELS: readonly { label: string; specimen: string; weight: number; analyses: readonly Analysis[] }[] = [
  {
    label: 'Ionogramme sanguin',
    specimen: 'Sang veineux',
    weight: 10,
    analyses: [
      analysis('2951-2', 'Sodium', 'mmol/L', 135, 145, 0),
      analysis('2823-3', 'Potassium', 'mmol/L', 3.5, 5.1, 1),
      analysis('2075-0', 'Chlorure', 'mmol/L', 98, 107, 0),
      analysis('14682-9', 'Créatinine', 'µmol/L', 45, 104, 0),
      analysis('22664-7', 'Urée', 'mmol/L', 2.8, 8.1, 1),
      analysis('14749-6', 'Glucose', 'mmol/L', 3.9, 6.1, 1),
    ],
  },
  {
    label: 'Hémogramme',
    specimen: 'Sang veineux',
    weight: 9,
    analyses: [
      analysis('718-7', 'Hémoglobine', 'g/dL', 12, 17, 1),
      analysis('6690-2', 'Leucocytes', '10*9/L', 4, 10, 1),
      analysis('777-3', 'Plaquettes', '10*9/L', 150, 400, 0),
      analysis('4544-3', 'Hématocrite', '%', 37, 50, 0),
    ],
  },
  {
    label: 'Bilan inflammatoire',
    specimen: 'Sang veineux',
    weight: 5,
    analyses: [analysis('1988-5', 'Protéine C réactive', 'mg/L', 0, 5, 0)],
  },
  {
    label: 'Hémostase',
    specimen: 'Sang veineux citraté',
    weight: 4,
    analyses: [
      analysis('6301-6', 'INR', '{INR}', 0.8, 1.2, 2),
      analysis('3173-2', 'Temps de céphaline activée', 's', 25, 37, 0),
    ],
  },
  {
    label: 'Bilan hépatique',
    specimen: 'Sang veineux',
    weight: 3,
    analyses: [
      analysis('1742-6', 'ALAT', 'U/L', 7, 45, 0),
      analysis('1920-8', 'ASAT', 'U/L', 8, 40, 0),
      analysis('14631-6', 'Bilirubine totale', 'µmol/L', 3, 21, 0),
    ],
  },
  {
    label: 'Gaz du sang artériel',
    specimen: 'Sang artériel',
    weight: 2,
    analyses: [
      analysis('2744-1', 'pH artériel', '[pH]', 7.35, 7.45, 2),
      analysis('2019-8', 'PaCO2', 'mm[Hg]', 35, 45, 0),
      analysis('2703-7', 'PaO2', 'mm[Hg]', 80, 100, 0),
      analysis('2524-7', 'Lactate', 'mmol/L', 0.5, 2.2, 1),
    ],
  },
  {
    label: 'Marqueurs cardiaques',
    specimen: 'Sang veineux',
    weight: 3,
    analyses: [analysis('6598-7', 'Troponine T', 'ng/L', 0, 14, 0)],
  },
];

/** `L`, `N` or `H` as OBX-8 says it. */
export function flagOf(value: number, { low, high }: { low: number; high: number }): 'L' | 'N' | 'H' {
  return value < low ? 'L' : value > high ? 'H' : 'N';
}
