// Stands in for the package domify, which bpmn.io makes elements with: inline styles,
// which a strict style-src blocks as text, are set by script, which it allows.
import domify from '../../../node_modules/domify/index.js'

const STYLED = 'data-inline-style'

export default function (html, document) {
  const made = domify(html.replace(/(<[^>]*\s)style=(?=["'])/g, `$1${STYLED}=`), document)
  if (!made.querySelectorAll) return made
  const own = made.matches?.(`[${STYLED}]`) ? [made] : []
  for (const element of [...own, ...made.querySelectorAll(`[${STYLED}]`)]) {
    element.style.cssText = element.getAttribute(STYLED)
    element.removeAttribute(STYLED)
  }
  return made
}
