import encodeQr from 'qr';
import type { Letterhead, PaperPrinter, PrintedCard } from '../../access/paper.ts';
import { groupedCode } from '../../access/wardCards/code.ts';
import type { Words } from '../../map/model.ts';
import { en } from '../../words/en.ts';
import { fr } from '../../words/fr.ts';
import { literal, renderPdf } from './typst.ts';

const cardsPerSheet = 4;

/** Ward cards and envelopes on A4, black on white: they are read from a photocopy too. */
export const waysInPaper: PaperPrinter = {
  async wardCards(cards, head) {
    const sheets = Array.from({ length: Math.ceil(cards.length / cardsPerSheet) }, (_, sheet) =>
      cards.slice(sheet * cardsPerSheet, (sheet + 1) * cardsPerSheet),
    );
    const body = sheets.map(
      (sheet) => `#grid(columns: (105mm, 105mm), rows: (148.5mm, 148.5mm), stroke: (dash: "dotted", paint: luma(140)),
${sheet.map((card) => `[${cardOf(card, head)}]`).join(',\n')})`,
    );
    return renderPdf(`${preamble(head, '0mm')}\n${body.join('\n#pagebreak()\n')}`, new Date(head.printedAt));
  },

  async envelopes(codes, head) {
    const pages = codes.map((code, index) => envelopeOf(code, index + 1, head));
    return renderPdf(`${preamble(head, '20mm')}\n${pages.join('\n#pagebreak()\n')}`, new Date(head.printedAt));
  },
};

const wordsOf = ({ language }: Letterhead) => (language === 'fr' ? fr : en).waysIn.paper;

const preamble = ({ language }: Letterhead, margin: string): string =>
  `#set page(paper: "a4", margin: ${margin})
#set text(lang: "${language}", size: 10pt, font: ("Libertinus Serif", "New Computer Modern"))
#set par(leading: 0.55em)
#let mono(size, it) = text(font: "DejaVu Sans Mono", size: size, weight: "bold", it)`;

const inLanguage = (words: Words, { language }: Letterhead): string => words[language] ?? words.fr;

const said = (text: string): string => `#${literal(text)}`;

const day = (at: number, { language, timeZone }: Letterhead): string =>
  new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeZone }).format(at);

/** The code after `#`: browsers keep it to themselves, so that no server's log ever holds it. */
const cardAddress = (origin: string, code: string): string => `${origin}/#card=${code}`;

/** Medium correction: a card lives in a pocket. */
const qr = (text: string, width: string): string =>
  `#image(bytes(${literal(encodeQr(text, 'svg', { ecc: 'medium', border: 2 }))}), format: "svg", width: ${width}, alt: "QR")`;

function cardOf({ ward, code, expiresAt }: PrintedCard, head: Letterhead): string {
  const words = wordsOf(head);
  return `#box(width: 105mm, height: 148.5mm, inset: 7mm)[
  #set align(center)
  #text(size: 9pt)[${said(inLanguage(head.establishment, head))}]
  #v(-2mm)
  #text(size: 13pt, weight: "bold")[${said(words.cardTitle)}]
  #v(-1.5mm)
  #text(size: 17pt, weight: "bold")[${said(inLanguage(ward, head))}]
  #v(-2mm)
  #text(size: 9pt)[${said(words.cardFor)}]
  #v(-1mm)
  ${qr(cardAddress(head.origin, code), '50mm')}
  #v(-2mm)
  #text(size: 10pt)[${said(words.scan)} \\ ${said(words.orType)}]
  #v(-1mm)
  #mono(14pt)[${said(groupedCode(code))}]
  #v(-2mm)
  #mono(8pt)[${said(head.origin)}]
  #v(1fr)
  #text(size: 10.5pt)[${said(words.say)}]
  #v(-1mm)
  #text(size: 7.5pt)[${said(words.watched)} \\ ${said(words.until(day(expiresAt, head)))}]
]`;
}

function envelopeOf(code: string, number: number, head: Letterhead): string {
  const words = wordsOf(head);
  const steps = words.envelopeSteps.map((step) => `+ ${said(step)}`).join('\n');
  return `#text(size: 10pt)[${said(inLanguage(head.establishment, head))}]

#text(size: 20pt, weight: "bold")[${said(words.envelopeTitle(number))}]

#text(size: 12pt)[${said(words.envelopeFor)}]

#v(18mm)
#text(size: 12pt)[${said(words.envelopeCode)}]

#align(center)[#box(stroke: 1pt, inset: 6mm, radius: 2mm)[#mono(17pt)[${said(groupedCode(code))}]]]

#align(center)[#mono(11pt)[${said(head.origin)}]]
#v(14mm)
#set text(size: 12pt)
${steps}
#v(1fr)
#set text(size: 9pt)
${said(words.fold)} \\ ${said(words.sealedOn(day(head.printedAt, head)))}`;
}
