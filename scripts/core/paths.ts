/** Folders of a skill in the open format; a path into one of them is about the skill itself. */
const ownFolders = '(?:references|scripts|assets)'
const variable = '(?:\\$\\{CLAUDE_(?:SKILL_DIR|PLUGIN_ROOT)\\}\\/)'
const name = '[\\p{L}\\p{N}_.-]+'

const inText = new RegExp(
  `(?<![\\p{L}\\p{N}_./~@:}\\\\-])(?:${variable}|\\.\\/)?${ownFolders}\\/(?:${name}\\/)*` +
    `[\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_]\\.\\w+(?![\\p{L}\\p{N}_/{<*$-])`,
  'gu',
)
const own = new RegExp(`^(?:${variable}|\\.\\/)?${ownFolders}\\/(?:${name}\\/)*${name}\\.\\w+$`, 'u')
const document = new RegExp(`^(?:\\.\\/)?(?:${name}\\/)*${name}\\.md$`, 'u')

/** Paths into the skill's own folders that stand in plain text. */
export function pathsIn(text: string): { path: string; at: number }[] {
  return Array.from(text.matchAll(inText), (match) => ({ path: match[0], at: match.index }))
}

/** `code` when all of it is a path into the skill's own folders, or of a Markdown document. */
export function wholePath(code: string): string | undefined {
  return code.length <= 300 && (own.test(code) || document.test(code)) ? code : undefined
}

/** Whether `path` lies in one of the skill's own folders, as written from the skill's root. */
export function isOwn(path: string): boolean {
  return own.test(path)
}

/** Whether the path at `offset` is all that its line holds, list markers aside. */
export function bareLine(text: string, offset: number, path: string): boolean {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const end = offset + path.length
  const lineEnd = text.indexOf('\n', end)
  return (
    /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?$/.test(text.slice(lineStart, offset)) &&
    text.slice(end, lineEnd === -1 ? text.length : lineEnd).trim() === ''
  )
}

const ending = '(?:e|es|s|ed|d|ing|ting|ten)?\\b'
const makers = 'sav|writ|wrote|stor|export|output|creat|generat|produc|emit|dump|render|append|delet|remov|add|nam'
const makes = `\\b(?:${makers})${ending}`
const moves =
  '\\b(?:cop(?:y|ies|ied|ying)|mov(?:e|es|ed|ing)|renam(?:e|es|ed|ing)|download(?:s|ed|ing)?|puts?)\\b' +
  '[^.!?;]*\\b(?:to|into|as|in)\\b'
const output = new RegExp(`(?:${makes}|${moves})[^.!?;]*$`, 'i')
const example =
  /\b(?:e\.g\.|for (?:example|instance)\b|such as\b)[^!?;\n]{0,60}$|\b(?:like|no|without|instead of)[\s`"'(*]*$/i

/** Whether the words before a path say that it comes into being later, or is only an example. */
export function isOutput(before: string): boolean {
  return output.test(before) || example.test(before)
}
