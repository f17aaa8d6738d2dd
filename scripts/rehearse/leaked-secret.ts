import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expectStatus, userUpdated } from './engine/client.ts'
import type { Rehearsal } from './engine/rehearsal.ts'

const event = userUpdated('user_new', 'new@example.com', 1_800_000_000_000)
const fresh = `whsec_${Buffer.from('the secret after the rotation').toString('base64')}`

export const rehearsal: Rehearsal = {
  runbook: 'leaked-secret',
  fault: 'the signing secret and the password of the database are committed, then removed by a later commit',
  unrehearsed: {},
  async play({ stage, deploy, http, clerk, client, url, given, onClose, quiet, fault, detect, step, mitigate, recovered, count }) {
    const leaked = clerk.env.CLERK_WEBHOOK_SIGNING_SECRET
    const { rows: [{ name }] } = await client.query('select current_database() as name')
    const role = `leaked_${name}`
    await client.query(`create role ${role} login password 'old'`)
    await client.query(`grant pg_read_all_data, pg_write_all_data to ${role}`)
    onClose(() => client.query(`drop owned by ${role}; drop role ${role}`))
    const withPassword = (password: string) => {
      const own = new URL(url)
      return Object.assign(own, { username: role, password }).href
    }
    const git = repository(stage.folder)
    Object.assign(given, { GIT_DIR: join(git.folder, '.git'), LEAKED: leaked, ROLE: role, NEW: 'rotated', DATABASE_URL: url })
    git.commit('SECRET=', 'Begin')
    const exposed = await deploy({ env: { DATABASE_URL: withPassword('old') } })
    await expectStatus(http.deliver(event, { id: 'msg_0' }), 204)
    await quiet()
    const thief = new pg.Client({ connectionString: withPassword('old') })
    thief.on('error', () => {})
    onClose(() => thief.end())
    await fault(async () => {
      git.commit(`SECRET=${leaked}`, 'Configure')
      git.commit('SECRET=', 'Remove the secret')
      await thief.connect()
    })
    await detect(/Remove the secret\n.*Configure/)
    await mitigate('Rotate before cleaning history')
    await step('new `CLERK_WEBHOOK_SIGNING_SECRET`', async () => {
      await deploy({ env: { CLERK_WEBHOOK_SIGNING_SECRET: fresh, DATABASE_URL: withPassword('rotated') } })
      await exposed.end('SIGTERM')
    })
    await recovered(() => expectStatus(http.deliver(event, { id: 'msg_1', secret: fresh }), 204), { traceStays: true })
    await expectStatus(http.deliver(event, { id: 'msg_2', secret: leaked }), 400)
    await assert.rejects(thief.query('select 1'), 'an open session survives the change of its password')
    await assert.rejects(new pg.Client({ connectionString: withPassword('old') }).connect(), { code: '28P01' })
    assert.equal(await count('select count(*) from integration_events'), 2)
  },
}

/** A repository of its own with one file. */
function repository(parent: string) {
  const folder = mkdtempSync(join(parent, 'repository-'))
  const author = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@example.com', '-c', 'commit.gpgsign=false']
  const git = (...args: string[]) => execFileSync('git', [...author, ...args], { cwd: folder })
  git('init', '--quiet')
  return {
    folder,
    commit(content: string, message: string) {
      writeFileSync(join(folder, 'config'), content)
      git('add', 'config')
      git('commit', '--quiet', '--message', message)
    },
  }
}
