import type { AgentName } from './agent.ts'

interface Report {
  testResults: { assertionResults: { ancestorTitles: string[]; status: string }[] }[]
}

/**
 * A line for each client from the JSON report of Vitest: `claude-code 2.1.331: 14 passed`, or that it was not tested.
 * `tested` is false when one was not, since its silence would look like success.
 */
export function summaryOf(report: Report, clients: { name: AgentName; version: string | undefined }[]): { lines: string[]; tested: boolean } {
  const all = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  let tested = true
  const lines = clients.map(({ name, version }) => {
    const own = all.filter(({ ancestorTitles }) => ancestorTitles.some((title) => title.replace(/^'|'$/g, '') === name))
    const count = (status: string) => own.filter((one) => one.status === status).length
    const [passed, failed] = [count('passed'), count('failed')]
    if (version !== undefined && passed + failed > 0) return `${name} ${version}: ${passed} passed${failed > 0 ? `, ${failed} failed` : ''}`
    tested = false
    return `not tested: ${name}${version === undefined ? ' is not installed on this machine' : ', no test ran'}`
  })
  return { lines, tested }
}
