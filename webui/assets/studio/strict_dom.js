// Stands in for the package min-dom where dmn-js uses it: styles that stand in markup are
// set by script instead, which a strict style-src allows. They look the same.
import { domify as parsed } from '../../../node_modules/min-dom/dist/index.js'

export * from '../../../node_modules/min-dom/dist/index.js'

export function domify (html, ...rest) {
  const found = parsed(html.replace(/(<[^<>]*?)\sstyle="/g, '$1 data-style="'), ...rest)
  const styled = found.querySelectorAll ? [...found.querySelectorAll('[data-style]')] : []
  if (found.dataset?.style) styled.push(found)
  for (const element of styled) {
    element.style.cssText = element.dataset.style
    delete element.dataset.style
  }
  return found
}
