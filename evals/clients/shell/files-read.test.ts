import { describe, expect, it } from 'vitest'
import { filesRead } from './files-read.ts'

const root = '/p/.agents/skills/backend-design'
const known = ['SKILL.md', 'references/api-patterns.md', 'references/infrastructure.md'].map((path) => `${root}/${path}`)
const skill = known[0]
const infra = known[2]
const read = (command: string) => filesRead(command, '/p', known)

describe('filesRead', () => {
  it.each([
    [`cat ${root}/SKILL.md`, [skill]],
    ['cat .agents/skills/backend-design/SKILL.md', [skill]],
    [`sed -n '1,80p' ${infra}`, [infra]],
    [`sed -n -e '1,80p' -e 90p ${infra}`, [infra]],
    [`head -n 20 ${infra} | tail -5`, [infra]],
    [`rg -n "outbox" ${infra}`, [infra]],
    [`grep -A 3 -e outbox ${infra}`, [infra]],
    [`cd ${root} && cat references/infrastructure.md`, [infra]],
    [`cd ${root}/references; nl infrastructure.md`, [infra]],
    [`(cd ${root} && true); cat references/infrastructure.md`, ['/p/references/infrastructure.md']],
    [`S=${root}; cat "$S/SKILL.md"`, [skill]],
    ['export S=.agents/skills/backend-design && cat ${S}/SKILL.md', [skill]],
    [`bash -lc 'cat ${infra}'`, [infra]],
    [`timeout 5 env LC_ALL=C bash -c "cd ${root} && cat SKILL.md"`, [skill]],
    [`cat ${root}/references/*.md`, known.slice(1)],
    [`cat ${root}/{SKILL,README}.md`, [skill]],
    [`for f in ${root}/references/*.md; do head -50 "$f"; done`, known.slice(1)],
    [`echo "$(cat ${infra})"`, [infra]],
    [`diff <(cat ${infra}) /dev/null`, ['/dev/fd/63', '/dev/null', infra]],
    [`wc -l < ${infra}`, []],
    [`cat < ${infra}`, [infra]],
    [`if [ -f ${skill} ]; then cat ${skill}; fi`, [skill]],
    [`awk 'NR < 40' ${infra}`, [infra]],
    [`sudo -u app cat -- ${infra}`, [infra]],
    [`eval "cat ${infra}"`, [infra]],
  ])('finds what %s prints', (command, paths) => {
    const found = read(command)
    expect(found.paths.sort()).toEqual([...paths].sort())
    expect(found.unknown).toBe(false)
  })

  it.each([
    `ls -la ${root}`, `find ${root} -name '*.md'`, `wc -l ${infra}`, `test -f ${skill}`, `rg -l outbox ${infra}`,
    `sed -i 's/a/b/' ${infra}`, `grep -rl outbox ${root}`, `cp ${infra} /tmp/x`, `echo cat ${infra}`, 'bun test server', `# cat ${infra}`,
  ])('says of %s that it prints nothing', (command) => {
    expect(read(command)).toEqual({ paths: [], unknown: false })
  })

  it.each([
    `python3 -c "print(open('${infra}').read())"`, `find ${root} -name '*.md' -exec cat {} +`, `ls ${root}/*.md | xargs cat`,
    `rg outbox ${root}`, `cat "$(find ${root} -name infra*)"`, `node read.js ${infra}`, 'cat "$FILE"',
  ])('says of %s that it cannot tell', (command) => {
    expect(read(command).unknown).toBe(true)
  })

  it('survives what is not shell', () => {
    expect(() => read('cat <<EOF ((( "')).not.toThrow()
    expect(() => read(`${'bash -c "'.repeat(40)}`)).not.toThrow()
  })
})
