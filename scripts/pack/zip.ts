import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync, type Zippable } from 'fflate'
import { shippedFiles } from '../core/shipped.ts'

/** The earliest time that a zip can hold, made of local fields since the format knows no time zone. */
const epoch = new Date(1980, 0, 1)

/** The files that ship with the skill in `folder` as a zip with one folder `name`; equal files give equal bytes. */
export function zipSkill(folder: string, name: string): { bytes: Uint8Array; files: string[] } {
  const files = shippedFiles(folder)
  const content: Zippable = {}
  for (const file of files) content[`${name}/${file}`] = [readFileSync(join(folder, file)), { mtime: epoch, level: 9 }]
  return { bytes: zipSync(content), files }
}
