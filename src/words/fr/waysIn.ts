/** Ways in without an account: ward cards, break-glass, providers. */
export const waysIn = {
  paper: {
    cardTitle: 'Accès d’urgence au service',
    cardFor: 'Pour soigner quand votre connexion habituelle ne répond plus.',
    scan: 'Visez ce carré avec l’appareil photo d’un téléphone ou d’une tablette du service.',
    orType: 'Ou ouvrez l’adresse ci-dessous, « Carte de service », et tapez :',
    say: 'Dites qui vous êtes et pourquoi. Vous entrez aussitôt, pour ce service seulement.',
    watched:
      'Chaque ouverture est signalée puis relue. Carte perdue ou photographiée : prévenez l’astreinte informatique.',
    until: (day: string) => `Valable jusqu’au ${day}`,
    page: (number: number, of: number) => `${number} sur ${of}`,
    envelopeTitle: (number: number) => `Bris de glace administratif : enveloppe ${number} sur 2`,
    envelopeFor: 'N’ouvrez cette enveloppe que si personne ne peut plus se connecter à Reflexe.',
    envelopeSteps: [
      'Il faut deux personnes, chacune avec son enveloppe : numéro 1 et numéro 2.',
      'Ouvrez l’adresse ci-dessus, « Bris de glace administratif ».',
      'La première personne tape son nom, la raison et son code ; la seconde, dans les cinq minutes, son nom et le sien.',
      'Une session d’administration s’ouvre pour une heure. Tout le monde en est averti.',
      'Ensuite, scellez de nouvelles enveloppes : celles-ci ne serviront plus.',
    ],
    envelopeCode: 'Code de cette enveloppe',
    fold: 'Pliez en trois, le code à l’intérieur, et scellez. Gardez les deux enveloppes en deux lieux.',
    sealedOn: (day: string) => `Scellée le ${day}`,
  },
};
