import { expect, test } from 'vitest'
import { PassThrough } from 'node:stream'
import { progressBar } from './progress.ts'

function terminal(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), {
    isTTY,
    columns: 80,
    cursorTo() {},
    clearLine() {},
    moveCursor() {},
  })
  let text = ''
  stream.on('data', (chunk) => {
    text += chunk
  })
  return { stream: stream as unknown as NodeJS.WriteStream, written: () => text }
}

async function after(milliseconds: number, isTTY: boolean): Promise<string> {
  const { stream, written } = terminal(isTTY)
  let time = 0
  const bar = await progressBar(stream, () => time)
  bar.update(0, 10)
  time = milliseconds
  bar.update(3, 10)
  bar.stop()
  await new Promise((done) => setImmediate(done))
  return written()
}

test('a run over two seconds on a terminal gets a bar', async () => {
  expect(await after(2_001, true)).toContain('3/10 prompts')
})

test.each([
  [1_999, true],
  [60_000, false],
])('%i ms, terminal %s: none', async (milliseconds, isTTY) => {
  expect(await after(milliseconds, isTTY)).toBe('')
})
