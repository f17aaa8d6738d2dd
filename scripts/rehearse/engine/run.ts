import { unaccounted } from './account.ts'
import type { Guide } from './guide.ts'
import type { Outcome, Rehearsal } from './rehearsal.ts'
import { createScene } from './scene.ts'
import type { Stage } from './stage.ts'

/**
 * Plays one rehearsal on a database of its own. Never throws: what goes wrong is its outcome. `patienceMs` is how
 * long a first block may take to say what it should.
 */
export async function rehearse(
  stage: Stage, guide: Guide, rehearsal: Rehearsal, { patienceMs = 30_000 } = {},
): Promise<Outcome> {
  const runbook = guide.runbooks.find(({ name }) => name === rehearsal.runbook)
  const { fault, unrehearsed } = rehearsal
  const failed = (problem: string): Outcome =>
    ({ runbook: rehearsal.runbook, fault, ok: false, problem, rehearsed: [], unrehearsed })
  if (!runbook) return failed(`no runbook has the anchor ${rehearsal.runbook}; write it or remove the rehearsal`)
  try {
    return await stage.postgres.onCopy(async (client) => {
      const { rows } = await client.query('select current_database() as name')
      const { scene, outcome, evidence, close } = createScene(
        stage, guide, runbook, rehearsal, client, stage.postgres.url(rows[0].name), patienceMs)
      try {
        await rehearsal.play(scene)
        if (outcome.detectMs === undefined || outcome.recoverMs === undefined)
          throw new Error('the rehearsal neither detects nor recovers; call detect() and recovered()')
        const open = unaccounted(runbook, outcome, evidence())
        return open.length > 0 ? { ...outcome, problem: open.join('\n') } : { ...outcome, ok: true }
      } catch (error) {
        return { ...outcome, problem: (error as Error).message }
      } finally {
        await close()
      }
    })
  } catch (error) {
    return failed((error as Error).message)
  }
}
