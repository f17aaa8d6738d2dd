import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto'

/** Clerk's mark in the header: `getToken()` gives a session token, `getToken({ template })` something else. */
const SESSION_TOKEN = 'cl_B7d4PD111AAA'

export type ClerkKeys = ReturnType<typeof createClerkKeys>

/** An instance of Clerk's that exists only here: real keys, real signatures, no network. */
export function createClerkKeys({ origin = 'http://localhost:5173' } = {}) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const domain = 'local.clerk.accounts.dev'

  /** A session token; `claims` replace the defaults, `undefined` removes one; another `cat` makes another kind of token. */
  function token(claims: Record<string, unknown> = {}, { cat = SESSION_TOKEN } = {}): string {
    const now = Math.floor(Date.now() / 1000)
    const header = { alg: 'RS256', typ: 'JWT', kid: 'ins_local', cat }
    const payload = {
      iss: `https://${domain}`,
      sub: 'user_1',
      sid: 'sess_1',
      azp: origin,
      v: 2,
      sts: 'active',
      iat: now,
      nbf: now - 10,
      exp: now + 60,
      ...claims,
    }
    const body = [header, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    return `${body}.${sign('RSA-SHA256', Buffer.from(body), privateKey).toString('base64url')}`
  }

  return {
    origin,
    token,
    /** `{ authorization }` for one user. */
    bearer: (sub: string, claims: Record<string, unknown> = {}) => ({
      authorization: `Bearer ${token({ sub, sid: `sess_${sub}`, ...claims })}`,
    }),
    env: {
      APP_ORIGINS: origin,
      CLERK_JWT_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      CLERK_PUBLISHABLE_KEY: `pk_test_${btoa(`${domain}$`)}`,
      CLERK_SECRET_KEY: `sk_test_${'x'.repeat(40)}`,
      CLERK_WEBHOOK_SIGNING_SECRET: webhookSecret,
    },
  }
}

export const webhookSecret = `whsec_${Buffer.from('a secret of the tests only').toString('base64')}`

/** The headers with which Clerk's sender (Svix) delivers `body`. */
export function svixHeaders(
  body: string,
  { id = `msg_${randomUUID()}`, at = new Date(), secret = webhookSecret } = {},
) {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return {
    'content-type': 'application/json',
    'svix-id': id,
    'svix-timestamp': timestamp,
    'svix-signature': `v1,${signature}`,
  }
}
