import sax from 'sax';

export interface Xml {
  open?(name: string, attributes: { readonly [name: string]: string }): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Walks an XML text, names without their prefixes. Throws where it is none; entities of its own are not expanded. */
export function walkXml(text: string, visit: Xml): void {
  const walker = sax.parser(true);
  const local = (name: string) => name.slice(name.indexOf(':') + 1);
  walker.onopentag = ({ name, attributes }) => {
    // Without namespaces asked for, attributes are texts.
    visit.open?.(local(name), attributes as { readonly [name: string]: string });
  };
  walker.onclosetag = (name) => visit.close?.(local(name));
  walker.ontext = (said) => visit.text?.(said);
  walker.oncdata = (said) => visit.text?.(said);
  walker.onerror = (error) => {
    throw error;
  };
  walker.write(text).close();
}
