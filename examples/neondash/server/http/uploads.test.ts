import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addMentor, addMentorado, addUser, serve } from '../../test/programme'
import { clerk, testDeps, withDatabase } from '../../test/start'

const { db } = await withDatabase()
const folder = mkdtempSync(join(tmpdir(), 'neondash-uploads-'))
afterAll(() => rmSync(folder, { recursive: true }))
const api = serve(testDeps({ db, env: { UPLOADS_DIR: folder } }))
const ana = await addMentorado(db, 'ana')
await addMentor(db, 'mentor')
await addUser(db, 'new', 'pending')

const stored = async () => (await readdir(folder, { recursive: true })).sort()
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3)
const fileOf = (bytes: Uint8Array<ArrayBuffer> | string, name = 'a.png') =>
  new File([bytes], name, { type: 'image/png' })

async function upload(
  file: File | null,
  { sub = 'ana', grant }: { sub?: string | null; grant?: string } = {},
) {
  const body = new FormData()
  if (file) body.set('file', file)
  const headers = { ...(sub && clerk.bearer(sub)), ...(grant && { 'x-impersonation-grant': grant }) }
  const response = await fetch(new URL('/api/uploads', api.url), { method: 'POST', body, headers })
  const answer = (await response.json()) as { key?: string; error?: { code: string } }
  return { status: response.status, code: answer.error?.code, key: answer.key }
}

test('a picture is stored under a key of ours, in the folder of the tenant', async () => {
  const { status, key } = await upload(fileOf(png, '../../evil.html'))
  expect(status).toBe(201)
  expect(key).toMatch(new RegExp(`^${ana.mentoradoId}/[0-9a-f-]{36}\\.png$`))
  expect(await Bun.file(join(folder, key!)).bytes()).toEqual(png)
})

test('more than the global limit is fine here', async () => {
  const large = new Uint8Array(4_000_000)
  large.set(png)
  expect((await upload(fileOf(large))).status).toBe(201)
})

const refusals: [string, () => ReturnType<typeof upload>, number, string][] = [
  ['markup that calls itself a picture', () => upload(fileOf('<script>')), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['an empty file', () => upload(fileOf('')), 400, 'BAD_REQUEST'],
  ['no file', () => upload(null), 400, 'BAD_REQUEST'],
  ['a file over its limit', () => upload(fileOf(new Uint8Array(5_500_000))), 400, 'BAD_REQUEST'],
  [
    'a body over the limit of the route',
    () => upload(fileOf(new Uint8Array(6_500_000))),
    413,
    'PAYLOAD_TOO_LARGE',
  ],
  ['a visitor', () => upload(fileOf(png), { sub: null }), 401, 'UNAUTHORIZED'],
  ['somebody without a tenant', () => upload(fileOf(png), { sub: 'new' }), 403, 'FORBIDDEN'],
]

test.each(refusals)('%s is refused and leaves nothing', async (_, send, status, code) => {
  const before = await stored()
  expect(await send()).toEqual({ status, code, key: undefined })
  expect(await stored()).toEqual(before)
})

test('a body that is no form is 400', async () => {
  const headers = { ...clerk.bearer('ana'), 'content-type': 'multipart/form-data; boundary=x' }
  const response = await fetch(new URL('/api/uploads', api.url), {
    method: 'POST',
    body: 'not a form',
    headers,
  })
  expect(response.status).toBe(400)
})

test('a read-only grant uploads nothing', async () => {
  const { grantId } = await api.as({ sub: 'mentor' }).impersonation.start.mutate({
    mentoradoId: ana.mentoradoId,
    reason: 'ticket 4711',
  })
  expect(await upload(fileOf(png), { sub: 'mentor', grant: grantId })).toMatchObject({ status: 403 })
})
