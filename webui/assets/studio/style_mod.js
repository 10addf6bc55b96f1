// Stands in for the package style-mod, which CodeMirror styles itself with: the same
// rules as constructed style sheets, which a strict style-src allows.
import { StyleModule as Rules } from '../../../node_modules/style-mod/src/style-mod.js'

const sheets = new WeakMap()

function sheetOf (module) {
  if (!sheets.has(module)) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(module.getRules())
    sheets.set(module, sheet)
  }
  return sheets.get(module)
}

export class StyleModule extends Rules {
  // Later modules win over earlier ones, so the newest list stands last, in its order.
  static mount (root, modules) {
    const own = [modules].flat().map(sheetOf)
    const home = root.adoptedStyleSheets ? root : document
    const others = home.adoptedStyleSheets.filter((sheet) => !own.includes(sheet))
    const wanted = [...others, ...own]
    const same = wanted.every((sheet, at) => home.adoptedStyleSheets[at] === sheet)
    if (!same || wanted.length !== home.adoptedStyleSheets.length) {
      home.adoptedStyleSheets = wanted
    }
  }
}
