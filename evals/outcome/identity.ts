import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'

export interface Identity {
  /** PEM for `CLERK_JWT_KEY`. */
  jwtKey: string
  /** A Clerk session token (v2 claims) of `sub`; `claims` override. */
  token(sub: string, claims?: Record<string, unknown>): string
  /** The same, signed by a key nobody trusts. */
  forged(sub: string): string
}

export const appOrigin = 'http://localhost:5173'

/** Signs session tokens as Clerk does, with keys of its own. */
export function createIdentity(): Identity {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    jwtKey: own.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    token: (sub, claims = {}) => sign(own.privateKey, sub, claims),
    forged: (sub) => sign(foreign.privateKey, sub, {}),
  }
}

function sign(key: KeyObject, sub: string, claims: Record<string, unknown>): string {
  const now = Math.floor(Date.now() / 1000)
  const payload = {
    sub, azp: appOrigin, iss: 'https://clerk.studio.test', sid: `sess_${sub}`, sts: 'active', v: 2,
    iat: now - 5, nbf: now - 5, exp: now + 600, ...claims,
  }
  const text = [{ alg: 'RS256', typ: 'JWT', kid: 'ins_test' }, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`
}
