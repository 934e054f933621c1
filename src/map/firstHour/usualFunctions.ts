import type { DegradedMode } from '../model.ts';
import type { Words } from '../reference.ts';

/** What a care function usually is, before anybody of the hospital has said anything. All of it is a proposal. */
export interface UsualFunction {
  id: string;
  name: Words;
  tier: 1 | 2 | 3;
  weight: number;
  /** Maximum tolerable interruption. It says nothing of how long a ward can hold: that is asked, never proposed. */
  mtpdSeconds: number;
  /** What a ward does on paper meanwhile. */
  instead: Pick<DegradedMode, 'name' | 'runsOutFirst' | 'steps'>;
  /** Names of the wards it usually serves, as they are searched (without accents or capitals); absent: all of them. */
  wardsCalled?: RegExp;
}

const hour = 3600;

/**
 * The usual functions of a French hospital, in clinical order. Interruptions tolerated are our own proposals; paper substitutes are
 * common knowledge of the field, checked against no source (DOMAIN, section 1): each is shown as to be confirmed.
 */
export const usualFunctions: readonly UsualFunction[] = [
  {
    id: 'urgences',
    name: { fr: 'Urgences et SAMU', en: 'Emergency department and dispatch' },
    tier: 1,
    weight: 10,
    mtpdSeconds: 0,
    wardsCalled: /urgence|samu|smur|emergenc/,
    instead: {
      name: { fr: 'Fiche de tri et dossier papier', en: 'Triage sheet and paper record' },
      runsOutFirst: 'staff',
      steps: [
        { fr: 'Fiche de tri papier à l’arrivée', en: 'Paper triage sheet on arrival' },
        { fr: 'Tableau blanc : patient, box, médecin', en: 'Whiteboard: patient, room, doctor' },
        { fr: 'Convention de détournement : appeler le SAMU', en: 'Diversion agreement: call the dispatch centre' },
      ],
    },
  },
  {
    id: 'reanimation',
    name: { fr: 'Réanimation', en: 'Intensive care' },
    tier: 1,
    weight: 10,
    mtpdSeconds: 0,
    wardsCalled: /reanimation|soins intensifs|soins critiques|usic|intensive/,
    instead: {
      name: { fr: 'Pancarte papier, une personne par chambre', en: 'Paper chart, one person in each room' },
      runsOutFirst: 'staff',
      steps: [
        {
          fr: 'Une personne par chambre si la centrale est perdue',
          en: 'One person in each room if the station is lost',
        },
        {
          fr: 'Pancarte papier au lit, constantes relevées au moniteur',
          en: 'Paper chart at the bed, vital signs read at the monitor',
        },
      ],
    },
  },
  {
    id: 'neurovasculaire',
    name: { fr: 'Filière neurovasculaire', en: 'Stroke pathway' },
    tier: 1,
    weight: 8,
    mtpdSeconds: 0,
    wardsCalled: /neuro|\bunv\b|stroke/,
    instead: {
      name: { fr: 'Orientation par le SAMU', en: 'Patients directed by the dispatch centre' },
      runsOutFirst: 'staff',
      steps: [{ fr: 'Appeler le SAMU : convention d’orientation', en: 'Call the dispatch centre: agreed diversion' }],
    },
  },
  {
    id: 'prescription',
    name: { fr: 'Dossier patient et prescription', en: 'Patient record and prescription' },
    tier: 1,
    weight: 9,
    mtpdSeconds: hour,
    instead: {
      name: { fr: 'Plan de soins imprimé et feuilles vierges', en: 'Printed medication sheet and blank order sheets' },
      runsOutFirst: 'sheets',
      steps: [
        { fr: 'Prendre les plans de soins imprimés', en: 'Take the printed medication sheets' },
        { fr: 'Toute prescription s’écrit et se signe sur papier', en: 'Every order is written and signed on paper' },
      ],
    },
  },
  {
    id: 'laboratoire',
    name: { fr: 'Laboratoire', en: 'Laboratory' },
    tier: 1,
    weight: 8,
    mtpdSeconds: hour,
    instead: {
      name: { fr: 'Bon papier et coursier', en: 'Order slip and runner' },
      runsOutFirst: 'staff',
      steps: [
        { fr: 'Bon de demande papier avec le tube', en: 'Paper order slip with the tube' },
        {
          fr: 'Résultats portés par coursier, critiques par téléphone',
          en: 'Results by runner, critical ones by telephone',
        },
      ],
    },
  },
  {
    id: 'imagerie',
    name: { fr: 'Imagerie', en: 'Imaging' },
    tier: 2,
    weight: 7,
    mtpdSeconds: 2 * hour,
    instead: {
      name: { fr: 'Lecture à la console', en: 'Reading at the console' },
      runsOutFirst: 'staff',
      steps: [
        { fr: 'Lire à la console, compte rendu manuscrit', en: 'Read at the console, report by hand' },
        { fr: 'Graver un CD pour transporter les images', en: 'Burn a CD to carry the images' },
      ],
    },
  },
  {
    id: 'bloc',
    name: { fr: 'Bloc opératoire et stérilisation', en: 'Operating theatre and sterilisation' },
    tier: 2,
    weight: 7,
    mtpdSeconds: 4 * hour,
    wardsCalled: /bloc|sterilis|sspi|salle de reveil|theatre|chirurg|surg/,
    instead: {
      name: { fr: 'Programme papier et registre des cycles', en: 'Paper list and cycle log' },
      runsOutFirst: 'stock',
      steps: [
        { fr: 'Afficher le programme opératoire imprimé', en: 'Post the printed operating list' },
        { fr: 'Registre papier des cycles de lavage', en: 'Paper log of washing cycles' },
        { fr: 'Reporter ce qui peut attendre', en: 'Postpone what can wait' },
      ],
    },
  },
  {
    id: 'identite',
    name: { fr: 'Admissions et identité', en: 'Admissions and identity' },
    tier: 2,
    weight: 6,
    mtpdSeconds: hour,
    instead: {
      name: { fr: 'Étiquettes pré-numérotées et tableau des lits', en: 'Pre-numbered labels and bed board' },
      runsOutFirst: 'forms',
      steps: [
        { fr: 'Étiquettes de séjour pré-numérotées', en: 'Pre-numbered stay labels' },
        { fr: 'Tableau des lits tenu à la main', en: 'Bed board kept by hand' },
      ],
    },
  },
  {
    id: 'pharmacie',
    name: { fr: 'Pharmacie', en: 'Pharmacy' },
    tier: 2,
    weight: 5,
    mtpdSeconds: 4 * hour,
    instead: {
      name: { fr: 'Feuilles nominatives et stock du service', en: 'Nominative sheets and ward stock' },
      runsOutFirst: 'stock',
      steps: [
        { fr: 'Feuille nominative portée à la pharmacie', en: 'Nominative sheet carried to the pharmacy' },
        { fr: 'Puiser dans le stock du service', en: 'Use the ward stock' },
      ],
    },
  },
  {
    id: 'radiotherapie',
    name: { fr: 'Radiothérapie et chimiothérapie', en: 'Radiotherapy and chemotherapy' },
    tier: 2,
    weight: 5,
    mtpdSeconds: 24 * hour,
    wardsCalled: /radioth|chimio|oncolog|hopital de jour|chemo/,
    instead: {
      name: { fr: 'Dossier de transfert', en: 'Transfer file' },
      runsOutFirst: 'staff',
      steps: [{ fr: 'Préparer un dossier de transfert par patient', en: 'Prepare a transfer file for each patient' }],
    },
  },
  {
    id: 'repas',
    name: { fr: 'Restauration', en: 'Meals' },
    tier: 3,
    weight: 2,
    mtpdSeconds: 8 * hour,
    instead: {
      name: { fr: 'Liste des régimes', en: 'Diet list' },
      runsOutFirst: 'sheets',
      steps: [{ fr: 'Liste papier : chambre, régime, allergie', en: 'Paper list: room, diet, allergy' }],
    },
  },
];
