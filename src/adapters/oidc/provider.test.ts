import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Asked } from '../../access/oidc/ports.ts';
import { ProviderSettings } from '../../access/oidc/settings.ts';
import { accept } from '../../journal/result.ts';
import { clientId, clientSecret, LocalProvider, signInAt } from './fixtures/localProvider.ts';
import { oidcProvider } from './provider.ts';

const back = 'https://reflexe.hopital.example/sign-in/local';
const accounts = {
  elodie: { claims: { name: 'Élodie Bernard', groups: ['/soins'] }, amr: ['pwd', 'mfa'] },
  paul: { claims: { name: 'Paul Durand' } },
  doctor: { claims: { SubjectNameID: '810001234567', given_name: 'Anne', family_name: 'MOREL' }, acr: 'eidas1' },
};

let local: LocalProvider;
let troubles: string[];
let now: number;
beforeEach(async () => {
  troubles = [];
  now = Date.now();
  local = new LocalProvider(accounts, [back]);
  await local.start();
});
afterEach(() => local.stop());

function connected(more: object = {}, secret = clientSecret) {
  const line = {
    id: 'local',
    label: { fr: 'Local', en: 'Local' },
    issuer: local.issuer,
    clientId,
    secret: 'local-secret',
  };
  return oidcProvider({
    settings: ProviderSettings.parse({ ...line, ...more }),
    secret: async () => accept(secret),
    now: () => now,
    onTrouble: (what) => void troubles.push(what),
  });
}
async function begun(provider = connected()) {
  const result = await provider.begin(back);
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}
const codeOf = (result: { ok: boolean; refusal?: { code: string } }) => result.refusal?.code ?? 'accepted';

describe('signing in at a provider', () => {
  it('asks with PKCE, state and nonce, and learns who it is from a verified answer', async () => {
    const provider = connected();
    const { url, asked } = await begun(provider);
    const sent = new URL(url).searchParams;
    expect(sent.get('code_challenge_method')).toBe('S256');
    expect([sent.get('state'), sent.get('nonce'), sent.get('response_type')]).toEqual([
      asked.state,
      asked.nonce,
      'code',
    ]);
    expect(url).not.toContain(asked.codeVerifier);
    const answer = await signInAt(url, 'elodie');
    expect(await provider.finish(asked, answer)).toMatchObject({
      ok: true,
      value: {
        subject: 'elodie',
        name: 'Élodie Bernard',
        identifier: null,
        strength: 2,
        claims: { groups: ['/soins'] },
      },
    });
    expect(provider.state().state).toBe('answers');
  });

  it('counts one factor where the answer speaks of no other', async () => {
    const provider = connected();
    const { url, asked } = await begun(provider);
    const identity = await provider.finish(asked, await signInAt(url, 'paul'));
    expect(identity).toMatchObject({ ok: true, value: { strength: 1 } });
  });

  it('speaks with Pro Santé Connect as it is: its own description, its scope, eidas1, and the RPPS number', async () => {
    const provider = connected({ preset: 'pro-sante-connect' });
    const { url, asked } = await begun(provider);
    const sent = new URL(url).searchParams;
    expect([sent.get('scope'), sent.get('acr_values')]).toEqual(['openid scope_all', 'eidas1']);
    expect(await provider.finish(asked, await signInAt(url, 'doctor'))).toMatchObject({
      ok: true,
      value: { identifier: '10001234567', name: 'Anne MOREL', strength: 2 },
    });
  });

  it('refuses an answer used twice', async () => {
    const provider = connected();
    const { url, asked } = await begun(provider);
    const answer = await signInAt(url, 'elodie');
    expect(codeOf(await provider.finish(asked, answer))).toBe('accepted');
    expect(codeOf(await provider.finish(asked, answer))).toBe('provider-answer-refused');
  });

  it('refuses an answer to somebody else’s question: state, nonce and verifier', async () => {
    const provider = connected();
    const mine = await begun(provider);
    const theirs = await begun(provider);
    const wrong: Asked[] = [
      { ...mine.asked, state: theirs.asked.state },
      { ...mine.asked, nonce: theirs.asked.nonce },
      { ...mine.asked, codeVerifier: theirs.asked.codeVerifier },
    ];
    for (const asked of wrong) {
      const answer = await signInAt(mine.url, 'elodie');
      expect(codeOf(await provider.finish(asked, answer))).toBe('provider-answer-refused');
    }
  });

  it('refuses an answer that another issuer gave, or that names none', async () => {
    const provider = connected();
    const { url, asked } = await begun(provider);
    const answer = await signInAt(url, 'elodie');
    const mixed = new URL(answer);
    mixed.searchParams.set('iss', 'https://sso.intruder.example');
    expect(codeOf(await provider.finish(asked, mixed))).toBe('provider-answer-refused');
    mixed.searchParams.delete('iss');
    expect(codeOf(await provider.finish(asked, mixed))).toBe('provider-answer-refused');
    expect(codeOf(await provider.finish(asked, answer))).toBe('accepted');
  });

  it('tells a sign-in given up from one refused', async () => {
    const provider = connected();
    const { asked } = await begun(provider);
    const answer = new URL(back);
    answer.search = new URLSearchParams({ error: 'access_denied', state: asked.state, iss: local.issuer }).toString();
    expect(codeOf(await provider.finish(asked, answer))).toBe('provider-given-up');
  });

  it('signs out there too', async () => {
    const provider = connected();
    await begun(provider);
    const url = new URL(provider.signOutUrl('the-token', 'https://reflexe.hopital.example/') ?? '');
    expect(url.origin).toBe(local.issuer);
    expect(url.searchParams.get('id_token_hint')).toBe('the-token');
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe('https://reflexe.hopital.example/');
  });
});

describe('a signed answer that is wrong', () => {
  const cases: [string, () => void][] = [
    [
      'for another client',
      () => {
        local.tamper = ({ claims }) => {
          claims.aud = 'another';
        };
      },
    ],
    [
      'of another issuer',
      () => {
        local.tamper = ({ claims }) => {
          claims.iss = 'https://sso.intruder.example';
        };
      },
    ],
    [
      'expired',
      () => {
        local.tamper = ({ claims }) => {
          claims.exp = Math.floor(Date.now() / 1000) - 3600;
        };
      },
    ],
    [
      'with another nonce',
      () => {
        local.tamper = ({ claims }) => {
          claims.nonce = 'another';
        };
      },
    ],
    [
      'without a subject',
      () => {
        local.tamper = ({ claims }) => {
          delete claims.sub;
        };
      },
    ],
    [
      'signed by another key',
      () => {
        local.signWith = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
      },
    ],
    [
      'changed after it was signed',
      () => {
        local.tamper = ({ claims }) => {
          claims.sub = 'paul';
        };
        local.signWith = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
      },
    ],
    [
      'not signed, by alg none',
      () => {
        local.tamper = ({ header }) => {
          header.alg = 'none';
        };
        local.signWith = null;
      },
    ],
    [
      'by a symmetric alg over the public key',
      () => {
        local.tamper = ({ header }) => {
          header.alg = 'HS256';
        };
      },
    ],
  ];
  for (const [name, make] of cases) {
    it(`${name}, opens nothing`, async () => {
      const provider = connected();
      const { url, asked } = await begun(provider);
      make();
      expect(codeOf(await provider.finish(asked, await signInAt(url, 'elodie')))).toBe('provider-answer-refused');
      expect(troubles).toHaveLength(1);
      expect(troubles[0]).not.toMatch(/elodie|eyJ/);
    });
  }
  it('is refused for what is wrong in it: the same, signed again unchanged, is accepted', async () => {
    local.tamper = () => undefined;
    const provider = connected();
    const { url, asked } = await begun(provider);
    expect(codeOf(await provider.finish(asked, await signInAt(url, 'elodie')))).toBe('accepted');
  });
});

describe('a provider that is down at 03:00', () => {
  it('is told at once, never met by being sent to a dead page, and found again when it is back', async () => {
    const provider = connected();
    const { url, asked } = await begun(provider);
    const answer = await signInAt(url, 'elodie');
    await local.stop();
    // Seen a moment ago: the exchange itself finds it gone.
    expect(await provider.finish(asked, answer)).toMatchObject({
      refusal: { code: 'provider-silent', retryable: true },
    });
    expect(provider.state().state).toBe('silent');
    expect(codeOf(await provider.begin(back))).toBe('provider-silent');
    expect(provider.signOutUrl('the-token', back)).toBeNull();
    expect(troubles).toHaveLength(1);
    await local.start();
    await provider.look();
    expect(provider.state().state).toBe('answers');
    const again = await begun(provider);
    expect(codeOf(await provider.finish(again.asked, await signInAt(again.url, 'elodie')))).toBe('accepted');
  });

  it('does not keep the hub from starting, and is looked for when someone asks', async () => {
    await local.stop();
    const provider = connected();
    expect(provider.state()).toEqual({ state: 'unknown', at: null });
    expect(codeOf(await provider.begin(back))).toBe('provider-silent');
    await local.start();
    expect(codeOf(await provider.begin(back))).toBe('accepted');
  });

  it('that takes the connection and says nothing is given up within seconds', async () => {
    await local.stop();
    const held = createServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((ready) => held.listen(Number(new URL(local.issuer).port), '127.0.0.1', ready));
    const provider = connected();
    // The test's own time limit is the bound: it would wait for ever otherwise.
    expect(codeOf(await provider.begin(back))).toBe('provider-silent');
    await new Promise((done) => {
      held.close(done);
    });
  }, 20_000);

  it('or that is somebody else behind the same address is not believed', async () => {
    const other = new LocalProvider(accounts, [back]);
    await other.start();
    const provider = connected({ issuer: `http://localhost:${new URL(other.issuer).port}` });
    expect(codeOf(await provider.begin(back))).toBe('provider-silent');
    await other.stop();
  });

  it('whose secret is wrong, or missing here, opens nothing', async () => {
    const provider = connected({}, 'another-secret');
    const { url, asked } = await begun(provider);
    expect(codeOf(await provider.finish(asked, await signInAt(url, 'elodie')))).toBe('provider-answer-refused');
  });
});
