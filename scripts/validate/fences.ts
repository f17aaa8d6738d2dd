import { runsPath, type Bundle } from '../core/bundle.ts'
import { fenceProof, fencesOf } from '../core/fences.ts'
import type { Rule } from '../core/rule.ts'

/**
 * A fence is closed. In a repository that declares what proves its fences, each one of SKILL.md and
 * references/ has a language and says what proves it; elsewhere that is a matter of taste.
 */
export const rule: Rule = {
  id: 'fences',
  summary: 'every fence is closed; where fences declare their proof, each has a language and a proof',
  check({ documents, isRepository, runs }, report) {
    const fences = [...documents.values()].flatMap((document) =>
      fencesOf(document).map((fence) => ({ document, fence })),
    )
    const declares =
      isRepository &&
      (runs.size > 0 || fences.some(({ fence }) => ['quoted', 'anti-example', 'unchecked'].includes(fenceProof(fence))))
    for (const {
      document: { path, text },
      fence,
    } of fences) {
      const { node, lang, attributes } = fence
      const place = { ...node.position!, end: node.position!.start }
      const source = text.slice(node.position!.start.offset, node.position!.end.offset)
      if (!/^(?:`{3}|~{3})/.test(source)) continue
      if (!isClosed(source)) report(path, 'the code fence is never closed; add the closing fence', { place })
      if (!declares || (path !== 'SKILL.md' && !path.startsWith('references/'))) continue
      if (lang === '') report(path, 'the code fence has no language; name it (text for output)', { place })
      else if (fenceProof(fence) === 'none')
        report(path, `nothing proves this ${lang} fence; give it file=…, run=…, bad=… or unchecked="reason"`, { place })
      if (attributes.unchecked?.trim() === '')
        report(path, 'unchecked lacks its reason; write unchecked="why it is not run"', { place })
      if (attributes.run !== undefined) {
        const problem = runProblem(attributes.run, path, runs)
        if (problem) report(path, problem, { place })
      }
    }
    if (!declares) return
    const used = new Set(fences.map(({ fence }) => fence.attributes.run))
    for (const [name, { test }] of runs)
      if (!used.has(name))
        report(runsPath, `no fence has run=${name}; remove the line, or give the fence that ${test} executes this name`)
  },
}

function runProblem(name: string, path: string, runs: Bundle['runs']): string | undefined {
  const run = runs.get(name)
  if (!run) return `run=${name} is not listed in ${runsPath}; list it there with the test that executes this fence`
  if (run.text === undefined) return `run=${name}: there is no ${run.test}; correct ${runsPath} or write the test`
  if (!run.text.includes(path) || !run.text.includes(name))
    return `run=${name}: ${run.test} does not mention ${run.text.includes(path) ? name : path}, so it cannot execute this fence; take the fence from there`
}

function isClosed(source: string): boolean {
  const mark = /^(?:`{3,}|~{3,})/.exec(source)![0]
  const lines = source.trimEnd().split('\n')
  const last = lines
    .at(-1)!
    .replace(/^[\s>]*/, '')
    .trimEnd()
  return lines.length > 1 && last.startsWith(mark) && last === mark[0]!.repeat(last.length)
}
