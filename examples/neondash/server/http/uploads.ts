import { join } from 'node:path'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { AppError } from '../../shared/errors'
import { subjectFor } from '../auth/context'
import type { AppEnv, Deps } from '../deps'

// #region uploads
const Form = z.object({ file: z.file().min(1).max(5_000_000) })
const KINDS = { png: [0x89, 0x50, 0x4e, 0x47], jpg: [0xff, 0xd8, 0xff], pdf: [0x25, 0x50, 0x44, 0x46, 0x2d] }

/** Documents of patients. Neither the file's name nor its type is trusted: Bun takes the type from the name. */
export function uploadRoutes(deps: Deps) {
  const limit = bodyLimit({ maxSize: 6_000_000, onError: tooLarge })
  return new Hono<AppEnv>().post('/', limit, async (c) => {
    const { mentoradoId, canWrite } = await subjectFor('pacientes', deps, c)
    if (!canWrite) throw new AppError('FORBIDDEN', 'Read-only impersonation')
    const { data } = Form.safeParse(await c.req.parseBody().catch(() => null))
    if (!data) throw new AppError('BAD_REQUEST', 'Expected one file of at most 5 MB')
    const head = new Uint8Array(await data.file.slice(0, 12).arrayBuffer())
    const kind = Object.entries(KINDS).find(([, magic]) => magic.every((byte, i) => head[i] === byte))?.[0]
    if (!kind) throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Not a PNG, JPEG or PDF')
    const key = `${mentoradoId}/${crypto.randomUUID()}.${kind}`
    await Bun.write(join(deps.env.UPLOADS_DIR, key), data.file)
    return c.json({ key }, 201)
  })
}
// #endregion

function tooLarge(): never {
  throw new AppError('PAYLOAD_TOO_LARGE', 'Body too large')
}
