/** Ways in without an account: ward cards, break-glass, providers. */
export const waysIn = {
  paper: {
    cardTitle: 'Emergency access to the ward',
    cardFor: 'To care for patients when your usual sign-in no longer answers.',
    scan: 'Point the camera of a telephone or tablet of the ward at this square.',
    orType: 'Or open the address below, “Ward card”, and type:',
    say: 'Say who you are and why. You are in at once, for this ward only.',
    watched: 'Each opening is announced, then reviewed. Card lost or photographed: tell the computer staff on call.',
    until: (day: string) => `Valid until ${day}`,
    page: (number: number, of: number) => `${number} of ${of}`,
    envelopeTitle: (number: number) => `Administrative break-glass: envelope ${number} of 2`,
    envelopeFor: 'Open this envelope only when nobody can sign in to Reflexe any more.',
    envelopeSteps: [
      'It takes two people, each with an envelope: number 1 and number 2.',
      'Open the address above, “Administrative break-glass”.',
      'The first person types name, reason and code; the second, within five minutes, their own name and code.',
      'An administration session opens for one hour. Everybody is told.',
      'Afterwards, seal new envelopes: these will be of no use any more.',
    ],
    envelopeCode: 'Code of this envelope',
    fold: 'Fold in three, the code inside, and seal. Keep the two envelopes in two places.',
    sealedOn: (day: string) => `Sealed on ${day}`,
  },
};
