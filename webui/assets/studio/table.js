// The editor of decision tables: dmn-js, and the row in which a table is tried.
import { ErrorSummary, Radios, Checkboxes, createAll } from 'govuk-frontend'
import 'dmn-js/dist/assets/dmn-js-shared.css'
import 'dmn-js/dist/assets/dmn-js-decision-table.css'
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css'
import 'dmn-js/dist/assets/dmn-font/css/dmn.css'
import { openTable } from './table/editor.js'
import { WorkingCopy } from './working_copy.js'
import './table/table.css'

export { openTable }

async function start (root) {
  const source = JSON.parse(root.querySelector('[data-file]').textContent)
  root.hidden = false
  try {
    edit(root, await openTable(root.querySelector('[data-canvas]'), source))
  } catch (error) {
    root.querySelector('[data-status]').textContent = `The editor cannot open this table: ${error.message}. Take the file, mend it and put it back.`
  }
}

function edit (root, table) {
  const row = new Trial(document.querySelector('[data-shown]'), root.dataset.try, table)
  const copy = new WorkingCopy(root, {
    text: table.text,
    seen: (text) => row.again(text),
    pick: (id) => table.show(id),
  })
  row.copy = copy
  copy.settle().then(() => copy.look())
  table.onChange(() => copy.changed())
  const asked = new URLSearchParams(location.search).get('element')
  if (asked) table.show(asked)
  root.dataset.ready = 'true'
}

// The server asks the table with the reader that decides real cases.
class Trial {
  constructor (root, address, table) {
    this._root = root
    this._address = address
    this._table = table
    this._answers = null
    root.addEventListener('submit', (event) => {
      event.preventDefault()
      this._ask()
    })
    root.addEventListener('change', () => { if (this._answers) this._ask() })
  }

  async _ask () {
    this._answers = {}
    for (const [name, value] of new FormData(this._root.querySelector('form'))) {
      this._answers[name] = [...(this._answers[name] ?? []), value]
    }
    await this.again(await this._table.text())
  }

  /** The table has changed: its columns may have, and its answer. */
  async again (text) {
    const held = this._root.contains(document.activeElement) ? document.activeElement.id : null
    const { ok, said } = await this.copy.ask(this._address, { text, answers: this._answers })
    if (!ok) return
    this._root.innerHTML = said.html
    for (const component of [Radios, Checkboxes]) createAll(component, {}, this._root)
    createAll(ErrorSummary, { disableAutoFocus: true }, this._root)
    if (held) document.getElementById(held)?.focus()
    this._table.highlight(said.fitting, said.counted)
  }
}

for (const root of document.querySelectorAll('[data-table-editor]')) start(root)
