export type Child = Node | string | number | null | undefined | false

type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>

/** An element; children that are text become text nodes, so nothing in the data can turn into markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  decorate(element, attributes)
  element.append(...children.flatMap(nodeOf))
  return element
}

/** The same for SVG. */
export function svg(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  decorate(element, attributes)
  element.append(...children.flatMap(nodeOf))
  return element
}

/** A caption that stays in sight while its table scrolls sideways. */
export function caption(text: string): HTMLElement {
  return h('caption', {}, h('span', {}, text))
}

/** A region that scrolls sideways and that the keyboard can reach. */
export function scroller(label: string, ...children: Child[]): HTMLElement {
  return h('div', { class: 'scroller', role: 'region', 'aria-label': label, tabindex: 0 }, ...children)
}

function decorate(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value))
  }
}

function nodeOf(child: Child): (Node | string)[] {
  return child === null || child === undefined || child === false ? [] : [typeof child === 'number' ? String(child) : child]
}
