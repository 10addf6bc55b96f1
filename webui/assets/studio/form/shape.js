// Between a form as we keep it and as the form editor wants it. Opening a form and
// saving it again gives the same document: nothing is lost, and nothing is added.

export const KINDS = {
  textfield: 'Short text',
  textarea: 'Long text',
  number: 'Number',
  datetime: 'Date',
  select: 'List to choose from',
  radio: 'One of several',
  checkbox: 'Box to tick',
  checklist: 'Any of several',
  filepicker: 'Documents',
  group: 'Group of questions',
  dynamiclist: 'List with “add another”',
  text: 'Guidance',
  separator: 'Line',
}
export const CHOICES = ['select', 'radio', 'checklist']

// The order in which our files say things.
const ORDER = {
  form: ['type', 'id', 'title', 'schemaVersion', 'components'],
  component: [
    'type', 'id', 'key', 'path', 'label', 'description', 'text', 'validate', 'values',
    'subtype', 'decimalDigits', 'multiple', 'accept', 'components', 'defaultRepetitions',
    'allowAddRemove', 'defaultValue', 'conditional', 'properties',
  ],
  validate: ['required', 'maxLength', 'minLength', 'min', 'max', 'pattern'],
  properties: [
    'default_from', 'options_from', 'must', 'must_message', 'required_message', 'prefix',
    'unit', 'record',
  ],
}
// What the editor writes without being asked, and no page of ours shows.
const ADDED = [
  'layout', 'increment', 'use24h', 'timeInterval', 'timeSerializingFormat', 'timeLabel',
  'showOutline', 'exporter', 'disallowPassedDates', 'isRepeating', 'verticalAlignment',
  'disableCollapse', 'nonCollapsedItems', 'allowAddRemove', 'defaultRepetitions',
  'searchable', 'serializeToString',
]

/** A form of ours, as the editor opens it. */
export function toEditor (form) {
  return { ...form, components: form.components.map(opened) }
}

function opened (component) {
  const found = { ...component }
  if (found.type === 'datetime' && 'label' in found) {
    found.dateLabel = found.label
    delete found.label
  }
  if (CHOICES.includes(found.type) && !('values' in found)) found.values = []
  if (found.components) found.components = found.components.map(opened)
  return found
}

/** What the editor holds, as we keep it; `original` is the form that was opened. */
export function fromEditor (saved, original) {
  const before = new Map()
  remember(original.components ?? [], before)
  const ids = new Set(before.keys())
  const form = { ...saved, schemaVersion: original.schemaVersion ?? 18 }
  form.components = (saved.components ?? []).map((each) => closed(each, before, ids))
  return ordered(without(form, ADDED, original), original, ORDER.form)
}

export function asText (form) {
  return `${JSON.stringify(form, null, 2)}\n`
}

function remember (components, before) {
  for (const component of components) {
    before.set(component.id, component)
    remember(component.components ?? [], before)
  }
}

function closed (component, before, ids) {
  const original = before.get(component.id)
  let found = { ...component }
  if (found.type === 'datetime' && 'dateLabel' in found && !(original && 'dateLabel' in original)) {
    found.label = found.dateLabel
    delete found.dateLabel
  }
  if (CHOICES.includes(found.type) && found.values?.length === 0 && !original?.values) delete found.values
  if (!original) found.id = idFor(found, ids)
  for (const part of ['validate', 'properties', 'conditional']) {
    if (part in found) found[part] = tidied(found[part], original?.[part], ORDER[part] ?? [])
    if (found[part] && !Object.keys(found[part]).length && !original?.[part]) delete found[part]
  }
  for (const [name, value] of Object.entries(found)) {
    if ((value === undefined || value === '') && !(original && name in original)) delete found[name]
  }
  if (found.components) found.components = found.components.map((each) => closed(each, before, ids))
  found = without(found, ADDED, original)
  return ordered(found, original, ORDER.component)
}

function tidied (part, original, order) {
  const kept = Object.entries(part).filter(([name, value]) => (
    (original && name in original && value === original[name]) ||
    (value !== undefined && value !== '' && value !== false)
  ))
  return ordered(Object.fromEntries(kept), original, order)
}

function without (found, names, original) {
  return Object.fromEntries(Object.entries(found).filter(([name]) => (
    !names.includes(name) || (original && name in original)
  )))
}

// Names keep the places that they had; a new one stands behind the one that our order
// puts before it.
function ordered (found, original, order) {
  const names = Object.keys(original ?? {}).filter((name) => name in found)
  const added = Object.keys(found).filter((name) => !names.includes(name))
  const place = (name) => order.includes(name) ? order.indexOf(name) : order.length
  added.sort((one, other) => place(one) - place(other))
  for (const name of added) {
    const earlier = names.filter((each) => place(each) <= place(name))
    const at = earlier.length ? Math.max(...earlier.map((each) => names.indexOf(each))) + 1 : 0
    names.splice(original ? at : names.length, 0, name)
  }
  return Object.fromEntries(names.map((name) => [name, found[name]]))
}

function idFor (component, ids) {
  const key = component.key ?? component.path
  const stem = key ? `field_${key}` : component.type
  let id = stem
  for (let number = 2; ids.has(id); number++) id = `${stem}_${number}`
  ids.add(id)
  return id
}
