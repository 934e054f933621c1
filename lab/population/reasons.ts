import type { Ward } from './wards.ts';

/** Reasons for coming, as the admission desk writes them. */
export const REASONS: { readonly [Kind in Ward['kind']]: readonly string[] } = {
  emergency: [
    'Douleur thoracique',
    'Chute',
    'Dyspnée',
    'Douleur abdominale',
    'Malaise',
    'Traumatisme de membre',
    'Fièvre',
  ],
  critical: ['Détresse respiratoire', 'Choc septique', 'Surveillance post-opératoire', 'Coma', 'Polytraumatisme'],
  medicine: [
    'Insuffisance cardiaque',
    'Pneumopathie',
    'Accident vasculaire cérébral',
    'Bilan',
    'Chimiothérapie',
    'BPCO',
  ],
  surgery: ['Appendicite', 'Cholécystectomie programmée', 'Fracture du col fémoral', 'Prothèse de hanche', 'Occlusion'],
  obstetrics: ['Travail à terme', 'Césarienne programmée', 'Surveillance de grossesse'],
  paediatrics: ['Bronchiolite', 'Gastro-entérite', 'Crise d’asthme', 'Fièvre du nourrisson'],
  geriatrics: ['Chute à répétition', 'Confusion aiguë', 'Altération de l’état général', 'Infection urinaire'],
};

export const PROCEDURES = [
  'Appendicectomie par cœlioscopie',
  'Cholécystectomie par cœlioscopie',
  'Prothèse totale de hanche',
  'Prothèse totale de genou',
  'Ostéosynthèse du col fémoral',
  'Césarienne',
  'Cure de hernie inguinale',
  'Colectomie gauche',
  'Arthroscopie d’épaule',
  'Thyroïdectomie',
] as const;

export const IMAGING = [
  { modality: 'CR', label: 'Radiographie du thorax de face', bodyPart: 'CHEST', images: [1, 2], weight: 10 },
  { modality: 'CR', label: 'Radiographie du bassin', bodyPart: 'PELVIS', images: [1, 2], weight: 4 },
  { modality: 'CR', label: 'Radiographie de la cheville', bodyPart: 'ANKLE', images: [2, 3], weight: 4 },
  { modality: 'CR', label: 'Abdomen sans préparation', bodyPart: 'ABDOMEN', images: [1, 2], weight: 2 },
  { modality: 'CR', label: 'Radiographie du rachis lombaire', bodyPart: 'LSPINE', images: [3, 4], weight: 3 },
] as const;
