import { h } from './dom.ts'

const themes = ['system', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

/** A select for the colours; the choice is kept where the browser lets a file keep it. */
export function themeChoice(): HTMLElement {
  const stored = remembered()
  apply(stored)
  const select = h('select', {
    id: 'theme',
    change: () => {
      const theme = select.value as Theme
      apply(theme)
      try {
        localStorage.setItem('theme', theme)
      } catch {}
    },
  }, ...themes.map((theme) => h('option', { value: theme, selected: theme === stored }, theme)))
  return h('div', { class: 'theme' }, h('label', { for: 'theme' }, 'Colours'), select)
}

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

function remembered(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem('theme')) ?? 'system'
  } catch {
    return 'system'
  }
}
