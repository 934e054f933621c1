import { Secret, TOTP } from 'otpauth';
import type { OneTimeCodes } from '../../access/secondFactor/ports.ts';

const issuer = 'Reflexe';
const period = 30;
/** RFC 4226 section 4, R6: 160 bits. */
const secretBytes = 20;

const totpOf = (secret: string, label = ''): TOTP =>
  new TOTP({ issuer, label, secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period });

export const oneTimeCodes: OneTimeCodes = {
  freshSecret: () => new Secret({ size: secretBytes }).base32,
  uri: (secret, account) => totpOf(secret, account).toString(),
  stepAt: (now) => Math.floor(now / 1000 / period),
  skewOf(secret, code, now, stepsEitherWay) {
    if (!/^\d{6}$/.test(code)) return undefined;
    // The nearest first: the library walks outward from now.
    return totpOf(secret).validate({ token: code, timestamp: now, window: stepsEitherWay }) ?? undefined;
  },
};
