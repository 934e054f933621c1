import { type Booklet, type FunctionPage, isProposed } from '../../map/booklet/booklet.ts';
import type { Component, Words } from '../../map/model.ts';
import { en } from '../../words/en.ts';
import * as format from '../../words/format.ts';
import { fr } from '../../words/fr.ts';
import { inLanguage, type Language } from '../../words/language.ts';
import { literal, renderPdf } from './typst.ts';

export interface BookletHead {
  language: Language;
  /** Milliseconds since 1970. */
  printedAt: number;
  /** What tells this map from any other: printed on every page. */
  version: string;
}

/** The crisis booklet on A4, black on white: it is read from a photocopy too. */
export const bookletPdf = (booklet: Booklet, head: BookletHead): Buffer =>
  renderPdf(new Paper(booklet, head).document(), new Date(head.printedAt));

/** One booklet in one language, as a Typst document. Whatever people wrote stays text. */
class Paper {
  readonly #booklet: Booklet;
  readonly #head: BookletHead;

  constructor(booklet: Booklet, head: BookletHead) {
    this.#booklet = booklet;
    this.#head = head;
  }

  document(): string {
    const { functions } = this.#booklet;
    return [
      this.#preamble(),
      this.#cover(),
      ...functions.map((page, index) => this.#function(page, index)),
      this.#suppliers(),
      this.#teams(),
      this.#phones(),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  }

  get #words() {
    return (this.#head.language === 'fr' ? fr : en).start.paper;
  }
  #named = (name: string): string => said(`${name}${(this.#head.language === 'fr' ? fr : en).parts.colon} `);
  #say = (words: Words): string => said(inLanguage(words, this.#head.language));
  #long = (seconds: number): string => format.secondsLong(seconds, this.#head.language);
  #reading = () => ({ language: this.#head.language, timeZone: this.#booklet.establishment.timeZone });
  /** A day written YYYY-MM-DD has no zone. */
  #day = (on: string): string => format.day(on, { language: this.#head.language, timeZone: 'UTC' });
  /** A value with its mark where nobody confirmed it. */
  #marked = (text: string, isUnconfirmed: boolean): string =>
    isUnconfirmed ? `${text} #proposed[${said(this.#words.fullToConfirm)}]` : text;

  #preamble(): string {
    const { establishment } = this.#booklet;
    const { language, printedAt, version } = this.#head;
    const words = this.#words;
    const foot = [words.printed(format.day(printedAt, this.#reading())), words.version(version)].join(' · ');
    return `#set document(title: ${literal(`${words.title} · ${inLanguage(establishment.name, language)}`)})
#set page(
  paper: "a4",
  margin: (x: 18mm, top: 20mm, bottom: 20mm),
  header: context if here().page() > 1 [#set text(size: 9pt); ${this.#say(establishment.name)} #h(1fr) ${said(words.title)}],
  footer: context [#set text(size: 9pt); ${said(foot)} #h(1fr) ${said(words.page)} #counter(page).display("1/1", both: true)],
)
#set text(lang: "${language}", size: 11pt, font: ("Libertinus Serif", "New Computer Modern"))
#set par(leading: 0.6em)
#set list(spacing: 0.7em)
#let proposed(it) = box(stroke: (paint: black, thickness: 0.6pt, dash: "dashed"), inset: (x: 2.5pt), outset: (y: 2pt), radius: 2pt, text(size: 0.75em, style: "italic", it))
#let term(it) = text(size: 9.5pt, weight: "bold", it)
#let section(it) = [#v(3mm) #text(size: 12pt, weight: "bold", it) #v(-2.5mm) #line(length: 100%, stroke: 0.5pt) #v(-1.5mm)]
#let phone(it) = text(size: 1.15em, weight: "bold", it)`;
  }

  #cover(): string {
    const { establishment, functions } = this.#booklet;
    const words = this.#words;
    const rows = functions.map((page, index) => {
      const { care } = page;
      const call =
        care.call === undefined
          ? `#proposed[${said(words.nobody)}]`
          : `${said(care.call.who)} \\ #phone[${said(unbroken(care.call.phone))}]`;
      return `[${this.#say(care.name)}], [${call}], [${this.#hold(page)}], [#context [#locate(<f${index}>).page()]]`;
    });
    const table = `#table(
  columns: (1.5fr, 1.5fr, 1fr, auto), stroke: (x: none, y: 0.4pt), inset: (x: 4pt, y: 5pt), align: (left, left, left, right),
  table.header(${[words.function, words.call, words.holds, words.onPage].map((one) => `[#term[${said(one)}]]`).join(', ')}),
  ${rows.join(',\n  ')}
)`;
    const finess = establishment.finess === undefined ? '' : ` \\ ${said(words.finess(establishment.finess))}`;
    return `#text(size: 13pt)[${this.#say(establishment.name)}${finess}]
#v(-2mm)
#text(size: 30pt, weight: "bold")[${said(words.title)}] \\
#text(size: 13pt)[${said(words.for)}]
#v(4mm)
${rows.length === 0 ? '' : `#text(size: 12pt, weight: "bold")[${said(words.order)}]\n${table}`}
#v(3mm)
#box(stroke: 0.6pt, inset: 3mm, radius: 1mm, width: 100%)[${said(words.note)}]`;
  }

  #hold({ care, isHoldSaid }: FunctionPage): string {
    const words = this.#words;
    if (!isHoldSaid || care.degradedMode === undefined) return `#proposed[${said(words.holdUnsaid)}]`;
    return `*${said(this.#long(care.degradedMode.holdSeconds))}*`;
  }

  #function(page: FunctionPage, index: number): string {
    const { care, wards } = page;
    const words = this.#words;
    const signed =
      care.signedBy === undefined
        ? words.unsigned
        : words.signed(care.signedBy, care.signedOn === undefined ? '' : this.#day(care.signedOn));
    const call =
      care.call === undefined
        ? `#proposed[${said(words.nobody)}]`
        : `${said(care.call.who)} #h(4mm) #text(size: 18pt)[#phone[${said(unbroken(care.call.phone))}]]`;
    const longOrNone = (seconds: number) => said(seconds === 0 ? words.never : this.#long(seconds));
    const aims = [
      `${this.#named(words.mtpd)}${this.#marked(longOrNone(care.mtpdSeconds), isProposed(care, 'mtpdSeconds'))}`,
      `${this.#named(words.rto)}${this.#marked(longOrNone(care.rtoSeconds), isProposed(care, 'rtoSeconds'))}`,
    ];
    const tier = this.#marked(said(words.tier(care.tier)), isProposed(care, 'tier'));
    return `#pagebreak()
#metadata("f") <f${index}>
#text(size: 24pt, weight: "bold")[${this.#say(care.name)}]
#v(-2mm)
#text(size: 9.5pt)[${tier} · ${said(signed)}]
#section[${said(words.call)}]
#text(size: 14pt)[${call}]
#section[${said(words.instead)}]
${this.#instead(page)}
#section[${said(words.wards)}]
${this.#marked('', isProposed(care, 'wards'))}${wards.map((ward) => `${this.#say(ward.name)}${ward.phone === undefined ? '' : ` *${said(unbroken(ward.phone))}*`}`).join(' · ')}
#section[${said(words.dependsOn)}]
${this.#needs(page)}
#v(2mm)
#text(size: 9.5pt)[${aims.join(' #h(6mm) ')}]`;
  }

  #instead(page: FunctionPage): string {
    const { degradedMode } = page.care;
    const words = this.#words;
    if (degradedMode === undefined) return said(words.noInstead);
    const steps = degradedMode.steps.map((step) => `+ #text(size: 13pt)[${this.#say(step)}]`).join('\n');
    const proved =
      degradedMode.provedOn === undefined ? words.unproved : words.proved(this.#day(degradedMode.provedOn));
    const out = words.runsOut(words.runsOutFirst[degradedMode.runsOutFirst]);
    return `#text(size: 13pt)[*${this.#say(degradedMode.name)}* ${this.#marked('', isProposed(page.care, 'degradedMode.steps'))}]

${steps}

#text(size: 14pt)[${this.#named(words.hold)}${this.#hold(page)}] #h(3mm) ${this.#marked(said(out), isProposed(page.care, 'degradedMode.runsOutFirst'))} \\
#text(size: 9.5pt)[${page.isHoldSaid ? said(proved) : ''}]`;
  }

  #needs({ needs, deeper, suppliers, teams }: FunctionPage): string {
    const words = this.#words;
    if (needs.length === 0) return `#proposed[${said(words.noNeeds)}]`;
    const lines = needs.map(({ thing, graceSeconds, isConfirmed }) => {
      const grace = graceSeconds === null ? '' : ` (${said(words.grace(this.#long(graceSeconds)))})`;
      const mark = isConfirmed ? '' : ` #proposed[${said(words.unconfirmed)}]`;
      return `- ${this.#say(thing.name)}${grace}${mark}`;
    });
    const names = (components: readonly Component[]) => components.map(({ name }) => this.#say(name)).join(', ');
    const further = deeper.length === 0 ? '' : `\n#text(size: 9.5pt)[${this.#named(words.deeper)}${names(deeper)}]`;
    const calls = [
      ...suppliers.map(({ name, phoneAtNight, phone }) => this.#callLine(said(name), phoneAtNight ?? phone)),
      ...teams.map(({ name, onCall, phone }) => this.#callLine(this.#say(name), onCall ?? phone)),
    ];
    const whom = calls.length === 0 ? '' : `\n\n#term[${said(words.whomFor)}] \\\n${calls.join(' \\\n')}`;
    return `${lines.join('\n')}\n${further}${whom}`;
  }

  #callLine(name: string, number: string | undefined): string {
    const words = this.#words;
    return `${name} #h(2mm) ${number === undefined ? `#proposed[${said(words.none)}]` : `#phone[${said(unbroken(number))}]`}`;
  }

  #delays(thing: { mustAnswerWithinSeconds?: number | undefined; mustRepairWithinSeconds?: number | undefined }) {
    const words = this.#words;
    const { mustAnswerWithinSeconds: answer, mustRepairWithinSeconds: repair } = thing;
    return [
      ...(answer === undefined ? [] : [said(words.answers(this.#long(answer)))]),
      ...(repair === undefined ? [] : [said(words.repairs(this.#long(repair)))]),
    ];
  }

  #suppliers(): string {
    const { suppliers } = this.#booklet;
    const words = this.#words;
    if (suppliers.length === 0) return '';
    const entries = suppliers.map((supplier) => {
      const { contact, phone, phoneAtNight, email, contracts, covers } = supplier;
      const night =
        phoneAtNight === undefined
          ? `#proposed[${said(words.noNight)}]`
          : `${said(words.night)} #phone[${said(unbroken(phoneAtNight))}]`;
      const day = [contact, phone === undefined ? undefined : unbroken(phone), email].filter(
        (one) => one !== undefined,
      );
      const lines = [
        [night, ...(day.length === 0 ? [] : [`${said(words.day)} ${day.map(said).join(', ')}`])].join(' #h(5mm) '),
        this.#delays(supplier).join(' · '),
        ...contracts.map((contract) =>
          [
            `${said(words.contract)} ${this.#say(contract.name)}`,
            contract.number === undefined ? '' : said(contract.number),
            contract.hours === undefined ? '' : said(contract.hours),
            ...this.#delays(contract),
            contract.until === undefined ? '' : said(words.until(this.#day(contract.until))),
          ]
            .filter((part) => part !== '')
            .join(' · '),
        ),
        covers.length === 0
          ? ''
          : `#text(size: 9.5pt)[${this.#named(words.covers)}${covers.map((name) => this.#say(name)).join(', ')}]`,
      ].filter((line) => line !== '');
      return `#block(breakable: false, below: 5mm)[#text(size: 13pt, weight: "bold")[${said(supplier.name)}] \\\n${lines.join(' \\\n')}]`;
    });
    return `#pagebreak()\n#text(size: 20pt, weight: "bold")[${said(words.suppliers)}]\n\n${entries.join('\n')}`;
  }

  #teams(): string {
    const { teams } = this.#booklet;
    const words = this.#words;
    if (teams.length === 0) return '';
    const lines = teams.map(({ name, phone, onCall }) => {
      const parts = [
        phone === undefined ? '' : `#phone[${said(unbroken(phone))}]`,
        onCall === undefined ? '' : `${said(words.onCall)} #phone[${said(unbroken(onCall))}]`,
      ].filter((part) => part !== '');
      return `- ${this.#say(name)} #h(2mm) ${parts.length === 0 ? `#proposed[${said(words.none)}]` : parts.join(' #h(4mm) ')}`;
    });
    return `#v(4mm)\n#text(size: 20pt, weight: "bold")[${said(words.teams)}]\n\n${lines.join('\n')}`;
  }

  #phones(): string {
    const { sites } = this.#booklet;
    const words = this.#words;
    const listed = sites.filter(({ wards }) => wards.length > 0);
    if (listed.length === 0) return '';
    const entries = listed.map(({ name, wards }) => {
      const rows = wards.map(
        ({ name: ward, phone }) =>
          `[${this.#say(ward)}], [${phone === undefined ? `#proposed[${said(words.none)}]` : `#phone[${said(unbroken(phone))}]`}]`,
      );
      return `#block(below: 4mm)[#text(size: 13pt, weight: "bold")[${this.#say(name)}]
#table(columns: (1fr, auto), stroke: (x: none, y: 0.3pt), inset: (x: 2pt, y: 3.5pt), ${rows.join(', ')})]`;
    });
    return `#pagebreak()\n#text(size: 20pt, weight: "bold")[${said(words.phones)}]\n\n#columns(2)[\n${entries.join('\n')}\n]`;
  }
}

const said = (text: string): string => `#${literal(text)}`;

/** A number is read in one look: it stays on its line. */
const unbroken = (number: string): string => number.replaceAll(' ', '\u00a0');
