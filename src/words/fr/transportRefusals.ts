/** What the door and the certificates refuse, for people at the command line: the interface never shows these. */
export const transportRefusals: { readonly [code: string]: { what: string; cure?: string } } = {
  'tls-needed': {
    what: 'Sur une adresse que d’autres atteignent, Reflexe ne parle que TLS, et aucun certificat ne lui a été donné.',
  },
  'address-unknown': {
    what: 'Cette machine n’a pas cette adresse.',
    cure: 'localhost pour elle seule, 0.0.0.0 pour toutes ses adresses.',
  },
  'port-taken': {
    what: 'Ce port est pris par un autre programme.',
    cure: 'Si c’est Reflexe, ouvrez son adresse ; sinon arrêtez ce programme, ou démarrez avec --port et un autre numéro.',
  },
  'port-not-allowed': {
    what: 'Ce compte ne peut pas ouvrir ce port.',
    cure: 'Démarrez avec --port et un numéro de 1024 ou plus.',
  },
  'certificates-missing': {
    what: 'Ce Reflexe n’a pas encore d’autorité.',
    cure: 'Démarrez-le une fois sur le réseau : reflexe start --host 0.0.0.0 --public-url https://NOM:8420',
  },
  'certificates-damaged': {
    what: 'Un fichier des certificats ne se lit pas.',
    cure: 'Remettez-le depuis une copie des données, ou faites une autorité nouvelle : reflexe certificates renew --authority.',
  },
  'certificate-missing': {
    what: 'Aucun certificat de ce numéro n’a été émis ici.',
    cure: 'Listez-les : reflexe certificates show.',
  },
  'certificate-request-refused': {
    what: 'Cette demande de certificat ne peut pas être accordée.',
    cure: 'Faites-la avec : openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout site.key -out site.csr -subj /CN=site',
  },
  'supplied-certificate-refused': {
    what: 'Le certificat fourni ne peut pas être montré.',
    cure: 'Corrigez le fichier, ou retirez ces lignes de transport.yaml : Reflexe fera alors son propre certificat.',
  },
  'name-outside-authority': {
    what: 'L’autorité ne peut pas certifier ce nom : elle a été faite pour d’autres, et y est tenue.',
    cure: 'Faites une autorité nouvelle, puis installez-la sur les postes : reflexe certificates renew --authority.',
  },
  'hub-silent': {
    what: 'Reflexe tient ces données et ne répond pas.',
    cure: 'Sur localhost il n’a pas de certificats : démarrez-le sur le réseau (--host), ou arrêtez-le et recommencez.',
  },
  'site-invalid': {
    what: 'Dites pour quel site, ou pour quel coffret.',
    cure: 'Soit --site, soit --box : minuscules, chiffres et tirets.',
  },
  'folder-there': { what: 'Ce dossier existe déjà.', cure: 'Donnez un dossier nouveau.' },
  'request-missing': { what: 'Ce fichier de demande ne se lit pas.' },
};
