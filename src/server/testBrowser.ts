import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { SoftAuthenticator } from '../adapters/webauthn/softAuthenticator.ts';
import type { AskedBody, SessionBody } from './protocol.ts';

const Options = z.object({
  options: z.looseObject({
    challenge: z.string(),
    rpId: z.string().optional(),
    rp: z.object({ id: z.string() }).optional(),
    user: z.object({ id: z.string() }).optional(),
  }),
});

/** A browser as far as signing in goes: one jar of cookies, one authenticator. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();
  authenticator = new SoftAuthenticator();
  origin = 'http://localhost';
  readonly #app: FastifyInstance;

  constructor(app: FastifyInstance) {
    this.#app = app;
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async ask(method: 'GET' | 'POST', url: string, payload?: object, headers: { [name: string]: string } = {}) {
    const answer = await this.#app.inject({
      method,
      url,
      headers: {
        'x-reflexe': '1',
        host: new URL(this.origin).host,
        ...(method === 'POST' ? { origin: this.origin } : {}),
        ...(this.cookies.size > 0 ? { cookie: this.cookie } : {}),
        ...headers,
      },
      ...(payload === undefined ? {} : { payload }),
    });
    for (const { name, value } of answer.cookies) {
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  post = (url: string, payload: object = {}) => this.ask('POST', url, payload);
  get = (url: string) => this.ask('GET', url);

  /** The refusal’s code, or `accepted`. */
  async code(url: string, payload: object = {}): Promise<string> {
    const answer = await this.post(url, payload);
    return answer.statusCode === 200 ? 'accepted' : answer.json().error.code;
  }

  async session(): Promise<SessionBody['session'] | null> {
    const answer = await this.get('/api/session');
    return answer.statusCode === 200 ? answer.json<SessionBody>().session : null;
  }

  async ceremony(url: string, payload: object = {}) {
    const answer = await this.post(`${url}/options`, payload);
    if (answer.statusCode !== 200) throw new Error(answer.body);
    const { options } = Options.parse(answer.json());
    const { challenge, rpId = options.rp?.id ?? '', user } = options;
    return { challenge, origin: this.origin, rpId, userId: Buffer.from(user?.id ?? '', 'base64url').toString() };
  }

  async makePasskey(name = 'Téléphone') {
    const { userId, ...ceremony } = await this.ceremony('/api/account/passkeys');
    return this.post('/api/account/passkeys', { name, response: this.authenticator.create(ceremony, userId) });
  }

  async signInByPasskey() {
    const response = this.authenticator.use(await this.ceremony('/api/sign-in/passkey'));
    return this.post('/api/sign-in/passkey', { response });
  }

  async askedFor(name: string, password: string): Promise<AskedBody['asked']> {
    const answer = await this.post('/api/sign-in', { name, password });
    if (answer.statusCode !== 200) throw new Error(answer.body);
    return answer.json<AskedBody>().asked;
  }
}
