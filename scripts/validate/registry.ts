import type { Rule } from '../core/rule.ts'
import { rule as anchors } from './anchors.ts'
import { rule as contents } from './contents.ts'
import { rule as depth } from './depth.ts'
import { rule as disableComment } from './disable-comment.ts'
import { rule as externalLinks } from './external-links.ts'
import { rule as fences } from './fences.ts'
import { rule as frontmatterKeys } from './frontmatter-keys.ts'
import { rule as frontmatterSchema } from './frontmatter-schema.ts'
import { rule as frontmatterSyntax } from './frontmatter-syntax.ts'
import { rule as hiddenInstructions } from './hidden-instructions.ts'
import { rule as hiddenUnicode } from './hidden-unicode.ts'
import { rule as linkEscape } from './link-escape.ts'
import { rule as links } from './links.ts'
import { rule as listingBudget } from './listing-budget.ts'
import { rule as markdownStyle } from './markdown-style.ts'
import { rule as nameMatchesFolder } from './name-matches-folder.ts'
import { rule as orphans } from './orphans.ts'
import { rule as pipeToShell } from './pipe-to-shell.ts'
import { rule as quotes } from './quotes.ts'
import { rule as readable } from './readable.ts'
import { rule as secrets } from './secrets.ts'
import { rule as similarSkills } from './similar-skills.ts'
import { rule as skillFileName } from './skill-file-name.ts'
import { rule as tokenBudget } from './token-budget.ts'
import { rule as triggerConflict } from './trigger-conflict.ts'
import { rule as triggerNearMisses } from './trigger-near-misses.ts'
import { rule as triggerPrompts } from './trigger-prompts.ts'
import { rule as triggerRouting } from './trigger-routing.ts'
import { rule as triggerVocabulary } from './trigger-vocabulary.ts'
import { rule as versions } from './versions.ts'

/** Every rule, in the order in which `--help` lists and a run applies them. */
export const registry: Rule[] = [
  readable, skillFileName, frontmatterSyntax, frontmatterSchema, frontmatterKeys, nameMatchesFolder,
  links, anchors, linkEscape, orphans, depth, externalLinks,
  triggerVocabulary, triggerRouting, triggerConflict, triggerPrompts, triggerNearMisses, similarSkills,
  markdownStyle, fences, quotes, contents, versions,
  tokenBudget, listingBudget,
  hiddenUnicode, hiddenInstructions, secrets, pipeToShell,
  disableComment,
]
