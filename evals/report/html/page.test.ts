import axe from 'axe-core'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { negativeOf, promptOf } from '../../testing.ts'
import { findChromium } from './browser.ts'
import { html } from './index.ts'
import { ours, sample, type Deed } from './testing.ts'

const executablePath = findChromium()
if (!executablePath) console.warn('the HTML report was not tested in a browser: install chromium')

const attack = '<img src=x onerror="window.hacked = true"> webhooks are lost </script>'
const prompts = [
  promptOf({ id: 'lost', query: attack, symptom: 'webhook', expected_skill: ours, references: { required: ['infrastructure.md'], acceptable: [] } }),
  promptOf({ id: 'slow', query: 'the list of leads is slow', symptom: 'slow-database', expected_skill: ours, split: 'validation' }),
  promptOf({ id: 'cron', query: 'the cron job ran twice', symptom: 'jobs', expected_skill: ours }),
  negativeOf('frontend-design', { id: 'button', query: 'make the button round' }),
  negativeOf('debugger', { id: 'crash', query: 'why does my script crash', split: 'validation' }),
]
const deeds: Record<string, Deed> = {
  lost: { loads: ours, reads: ['infrastructure.md'] }, slow: { loads: 'debugger' }, cron: { fails: 'timeout' }, button: { loads: ours }, crash: { loads: 'debugger' },
}

describe.skipIf(!executablePath)('in Chromium', () => {
  let browser: Browser
  const folder = mkdtempSync(join(tmpdir(), 'report-'))
  const file = join(folder, 'report.html')
  beforeAll(async () => {
    // Five prompts on two clients, two arms and two runs: forty runs.
    const { result, records } = await sample(folder, { prompts, clients: ['claude-code', 'codex'], runs: 2, does: ({ id }) => deeds[id]! })
    writeFileSync(file, html(result, records))
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; requests: string[] }> {
    const context = await browser.newContext(options)
    onTestFinished(() => context.close())
    const page = await context.newPage()
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('pageerror', (error) => {
      throw error
    })
    await page.goto(`file://${file}`)
    return { page, requests }
  }

  const status = (page: Page) => page.getByRole('status').textContent()
  const violations = (page: Page) => page.evaluate(`${axe.source}; axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html.slice(0, 100) + ' ' + failureSummary).join('; ')))`)

  test('it asks for nothing else, and text of prompts and transcripts stays text', async () => {
    const { page, requests } = await open()
    await page.getByRole('button', { name: attack }).first().click()
    const dialog = page.getByRole('dialog', { name: attack })
    expect(await dialog.getByText('The handler answers before it stores. </script><img').isVisible()).toBe(true)
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.evaluate('window.hacked')).toBeUndefined()
    expect(requests).toEqual([page.url()])
  })

  test('verdicts stand on top, rates have their intervals', async () => {
    const { page } = await open()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(/^backend-design . INCONCLUSIVE$/)
    const rates = page.getByRole('region', { name: 'Rates of each client and arm' })
    expect(await rates.getByRole('rowheader').allTextContents()).toEqual(
      ['claude-code, isolated1.0.0', 'claude-code, crowded1.0.0', 'codex, isolated1.0.0', 'codex, crowded1.0.0'])
    expect(await rates.getByRole('row').nth(1).getByRole('cell').nth(2).textContent()).toMatch(/^50\.0 %2 of 495 %: /)
    expect(await rates.locator('svg.interval').count()).toBe(20)
  })

  test('filters and search narrow the list, Clear brings all back', async () => {
    const { page } = await open()
    expect(await status(page)).toBe('40 of 40 runs')
    await page.getByLabel('Outcome').selectOption('false load')
    expect(await status(page)).toBe('8 of 40 runs')
    await page.getByRole('search').getByLabel('Client, arm').selectOption({ label: 'codex, isolated' })
    expect(await status(page)).toBe('2 of 40 runs')
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByLabel('Symptom', { exact: true }).selectOption('slow-database')
    expect(await status(page)).toBe('8 of 40 runs')
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByLabel('Words in prompt or id').fill('CRON twice')
    expect(await status(page)).toBe('8 of 40 runs')
    await page.getByLabel('Words in prompt or id').fill('nothing has this')
    expect(await status(page)).toBe('0 of 40 runs')
    await page.getByRole('button', { name: 'Clear' }).click()
    expect(await status(page)).toBe('40 of 40 runs')
  })

  test('a cell of the matrix and one of the symptoms lead to their runs', async () => {
    const { page } = await open()
    await page.getByLabel('Client, arm').first().selectOption({ label: 'codex, crowded' })
    await page.getByRole('button', { name: 'frontend-design expected, backend-design loaded: 2 runs' }).click()
    expect(await status(page)).toBe('2 of 40 runs, frontend-design expected and backend-design loaded')
    await page.getByRole('button', { name: /^webhook, claude-code, isolated: 100\.0 %/ }).click()
    expect(await status(page)).toBe('2 of 40 runs')
  })

  test('the keyboard opens a transcript, Escape closes it and the focus returns', async () => {
    const { page } = await open()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the runs')
    await page.getByRole('button', { name: 'the cron job ran twice' }).first().focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'the cron job ran twice' })
    expect(await dialog.getByText('unusable, timeout: no answer <b>timeout</b>').isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.evaluate('document.activeElement.textContent')).toBe('the cron job ran twice')
  })

  test('light and dark follow the system, and the choice overrides it', async () => {
    const { page } = await open({ colorScheme: 'dark' })
    const paper = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    expect(await paper()).toBe('rgb(20, 23, 28)')
    await page.getByLabel('Colours').selectOption('light')
    expect(await paper()).toBe('rgb(255, 255, 255)')
    await page.reload()
    expect(await paper()).toBe('rgb(255, 255, 255)')
  })

  test.each(['light', 'dark'] as const)('axe finds nothing in %s, with a transcript open or not', async (colorScheme) => {
    const { page } = await open({ colorScheme, reducedMotion: 'reduce' })
    await page.evaluate('document.querySelectorAll("details").forEach((one) => (one.open = true))')
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'make the button round' }).first().click()
    expect(await violations(page)).toEqual([])
  })

  test('a phone scrolls no page sideways, only tables', async () => {
    const { page } = await open({ viewport: { width: 360, height: 740 } })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  })

  test('axe would notice: a picture without text and grey on grey', async () => {
    const { page } = await open()
    await page.evaluate('document.querySelector("main").append(document.createElement("img")); document.querySelector("h2").style.color = "#999"')
    expect((await violations(page) as string[]).map((one) => one.split(':')[0])).toEqual(expect.arrayContaining(['image-alt', 'color-contrast']))
  })
})
