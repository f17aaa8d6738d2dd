import type { SingleBar } from 'cli-progress'

const delay = 2_000

/**
 * A progress bar on `stream` that appears only when a run takes over two seconds, and only on a
 * terminal. `stop` removes it.
 */
export async function progressBar(
  stream: NodeJS.WriteStream = process.stderr,
  now: () => number = Date.now,
  unit = 'prompts',
): Promise<{ update(done: number, total: number): void; stop(): void }> {
  if (!stream.isTTY) return { update() {}, stop() {} }
  const {
    default: { SingleBar },
  } = await import('cli-progress')
  const started = now()
  let bar: SingleBar | undefined
  return {
    update(done, total) {
      if (!bar && now() - started > delay) {
        bar = new SingleBar({
          format: `{bar} {value}/{total} ${unit}, {eta_formatted} left`,
          stream,
          clearOnComplete: true,
          hideCursor: true,
        })
        bar.start(total, done)
      }
      bar?.update(done)
    },
    stop() {
      bar?.stop()
    },
  }
}
