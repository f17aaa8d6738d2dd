import type { Library } from '../clients/client.ts'
import { shippedSkill, skillFolders } from '../clients/install-skills.ts'
import { readLibrary } from '../run-evals.ts'
import { fingerprint, type Arm } from './plan.ts'

/** The skills of each arm as folders and as one content hash. */
export interface ArmSkills {
  library: Library
  folders: Record<Arm, string[]>
  fingerprints: Record<Arm, string>
}

/** Read the skill in `skill` and its neighbours in `catalog`. Throws `UsageError`. */
export function readArms(skill: string, catalog: string): ArmSkills {
  const library = readLibrary(skill, catalog)
  const neighbours = skillFolders(catalog).map((folder) => shippedSkill(folder)).filter(({ name }) => name !== library.skill.name)
  const ours = shippedSkill(skill)
  return {
    library,
    folders: { isolated: [ours.folder], crowded: [ours, ...neighbours].map(({ folder }) => folder) },
    fingerprints: { isolated: fingerprint([ours]), crowded: fingerprint([ours, ...neighbours]) },
  }
}
