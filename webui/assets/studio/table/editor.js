// dmn-js as we use it: one decision table, cells as plain text, our hit policies and ids.
import EditingManager from 'dmn-js-shared/lib/base/EditingManager.js'
import { is } from 'dmn-js-shared/lib/util/ModelUtil.js'
import Table from 'dmn-js-decision-table/lib/Editor.js'
import { HIT_POLICIES } from 'dmn-js-decision-table/lib/features/hit-policy/HitPolicies.js'
import columnResize from 'dmn-js-decision-table/lib/features/column-resize/index.js'
import expressionLanguage from 'dmn-js-decision-table/lib/features/expression-language/index.js'
import simpleBoolean from 'dmn-js-decision-table/lib/features/simple-boolean-edit/index.js'
import simpleDate from 'dmn-js-decision-table/lib/features/simple-date-edit/index.js'
import simpleDateTime from 'dmn-js-decision-table/lib/features/simple-date-time-edit/index.js'
import simpleDuration from 'dmn-js-decision-table/lib/features/simple-duration-edit/index.js'
import simpleMode from 'dmn-js-decision-table/lib/features/simple-mode/index.js'
import simpleNumber from 'dmn-js-decision-table/lib/features/simple-number-edit/index.js'
import simpleString from 'dmn-js-decision-table/lib/features/simple-string-edit/index.js'
import simpleTime from 'dmn-js-decision-table/lib/features/simple-time-edit/index.js'
import viewDrd from 'dmn-js-decision-table/lib/features/view-drd/index.js'

// What these write into a cell is FEEL that our reader would refuse or read otherwise.
const LEFT_OUT = [
  columnResize, expressionLanguage, simpleBoolean, simpleDate, simpleDateTime,
  simpleDuration, simpleMode, simpleNumber, simpleString, simpleTime, viewDrd,
]
// Lists of values at a column have no effect here: what may be answered, the form says.
const NO_PREDEFINED_VALUES = { allowedValuesEditingProvider: ['value', {}] }
const POLICIES = {
  UNIQUE: ['One row fits', 'Exactly one row fits. Two that fit are a mistake.'],
  FIRST: ['First row that fits', 'Several rows may fit; the uppermost counts.'],
  COLLECT: ['All rows that fit', 'Every row that fits counts; each result is a list.'],
}
const SETTINGS = {
  expressionLanguages: { options: [{ label: 'Text', value: 'text' }], defaults: { editor: 'text' } },
  dataTypes: ['string', 'number', 'boolean', 'date'],
}

const ours = HIT_POLICIES.filter(({ value }) => value.hitPolicy in POLICIES && !value.aggregation)
HIT_POLICIES.splice(0, HIT_POLICIES.length, ...ours.map(({ value }) => {
  const [label, explanation] = POLICIES[value.hitPolicy]
  return { value, label, explanation }
}))

class OurTable extends Table {
  getModules () {
    return [...super.getModules().filter((module) => !LEFT_OUT.includes(module)), NO_PREDEFINED_VALUES]
  }
}

/** The editor of one file. */
export class TableEditor extends EditingManager {
  _getViewProviders () {
    return [{
      id: 'decisionTable',
      constructor: OurTable,
      opens: (element) => is(element, 'dmn:Decision') && is(element.decisionLogic, 'dmn:DecisionTable'),
    }]
  }

  _createModdle (options) {
    const moddle = super._createModdle(options)
    moddle.ids.nextPrefixed = (prefix, element) => nextId(moddle.ids, prefix, element)
    return moddle
  }
}

const KINDS = { DecisionRule_: 'rule', InputClause_: 'input', OutputClause_: 'output' }

// Ids are words: stories and reports name the rules.
function nextId (ids, prefix, element) {
  const stem = KINDS[prefix] ?? 'cell'
  let number = 1
  while (ids.assigned(`${stem}_${number}`)) number++
  ids.claim(`${stem}_${number}`, element)
  return `${stem}_${number}`
}

/** A table in an editor: `text()` is the file as it would be saved. */
export async function openTable (container, xml) {
  const editor = new TableEditor({
    container, common: SETTINGS,
  })
  await editor.importXML(xml)
  nameRowNumbers(container)
  return {
    editor,
    text: async () => saidPolicy((await editor.saveXML({ format: true })).xml, xml),
    close: () => editor.destroy(),
    onChange: (told) => editor.getActiveViewer().on('elements.changed', told),
    highlight: (fitting, counted) => highlight(container, fitting, counted),
    show: (id) => show(container, id),
  }
}

// The editor leaves the heading of the rows' numbers empty.
function nameRowNumbers (container) {
  const name = document.createElement('span')
  name.className = 'govuk-visually-hidden'
  name.textContent = 'Row'
  container.querySelector('th.index-column')?.append(name)
}

// UNIQUE is what is meant where nothing is said; a file that said it goes on saying it.
function saidPolicy (saved, original) {
  const table = /<((?:\w+:)?decisionTable)\b([^>]*)>/
  const says = (text) => table.exec(text)?.[2].includes('hitPolicy=')
  if (says(saved) || !says(original)) return saved
  return saved.replace(table, '<$1$2 hitPolicy="UNIQUE">')
}

function highlight (container, fitting, counted) {
  for (const cell of container.querySelectorAll('[data-row-id]')) {
    cell.classList.toggle('app-rule--fits', fitting.includes(cell.dataset.rowId))
    cell.classList.toggle('app-rule--counts', counted.includes(cell.dataset.rowId))
  }
}

// A problem names a rule, a column or a cell: go there.
function show (container, id) {
  const named = CSS.escape(id)
  const cell = container.querySelector(`[data-element-id="${named}"], [data-row-id="${named}"], [data-col-id="${named}"]`)
  if (!cell) return false
  cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  cell.querySelector('[contenteditable]')?.focus()
  return true
}
