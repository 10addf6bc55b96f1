// The fields of the panel beside the form: plain text, nothing that our forms cannot say.
import { h } from 'preact'
import { useEffect, useState } from 'preact/hooks'

const PAUSE = 400

/** One property of a component: where it stands, and how it is asked for. */
export function Property ({ id, field, editField, path, label, hint, kind = 'text', options, parse, shown, then }) {
  const held = shown ? shown(field) : read(field, path)
  const keep = (value) => {
    write(field, editField, path, parse ? parse(value) : value)
    if (then) then(value)
  }
  const name = `studio-${id}`
  if (kind === 'checkbox') {
    return entry(id, 'checkbox', [
      h('input', { id: name, type: 'checkbox', class: 'bio-properties-panel-input', checked: held === true, onChange: (event) => keep(event.target.checked || undefined), 'aria-describedby': hint ? `${name}-hint` : undefined }),
      h('label', { for: name, class: 'bio-properties-panel-label' }, label),
      hinted(name, hint),
    ])
  }
  const control = kind === 'select'
    ? h(Choice, { name, held, keep, options, hint })
    : h(Typed, { key: `${field.id}-${id}`, name, held, keep, kind, hint })
  return entry(id, kind, [
    h('label', { for: name, class: 'bio-properties-panel-label' }, label), control, hinted(name, hint),
  ])
}

function entry (id, kind, children) {
  return h('div', { class: `bio-properties-panel-entry app-property app-property--${kind}`, 'data-entry-id': id }, children)
}

function hinted (name, hint) {
  return hint ? h('p', { id: `${name}-hint`, class: 'bio-properties-panel-description' }, hint) : null
}

function Choice ({ name, held, keep, options, hint }) {
  return h('select', {
    id: name, class: 'bio-properties-panel-input', value: held ?? '', 'aria-describedby': hint ? `${name}-hint` : undefined, onChange: (event) => keep(event.target.value || undefined),
  }, options.map(({ value, label }) => h('option', { key: value, value, selected: value === (held ?? '') }, label)))
}

// What is typed is kept after a pause, and when the field is left.
function Typed ({ name, held, keep, kind, hint }) {
  const [text, setText] = useState(String(held ?? ''))
  const [waits, setWaits] = useState(null)
  useEffect(() => { if (waits === null) setText(String(held ?? '')) }, [held])
  const settle = (value) => {
    clearTimeout(waits)
    setWaits(null)
    if (value !== String(held ?? '')) keep(value === '' ? undefined : value)
  }
  const typed = (event) => {
    const value = event.target.value
    setText(value)
    clearTimeout(waits)
    setWaits(setTimeout(() => settle(value), PAUSE))
  }
  const shared = {
    id: name, value: text, class: 'bio-properties-panel-input', spellcheck: kind === 'prose', 'aria-describedby': hint ? `${name}-hint` : undefined, onInput: typed, onBlur: (event) => settle(event.target.value),
  }
  if (kind === 'text' || kind === 'number') {
    return h('input', { ...shared, type: 'text', inputmode: kind === 'number' ? 'decimal' : undefined, autocomplete: 'off' })
  }
  return h('textarea', { ...shared, rows: 3 })
}

function read (field, path) {
  return path.reduce((found, name) => found?.[name], field)
}

function write (field, editField, path, value) {
  const [first, second] = path
  if (!second) return editField(field, [first], value)
  const part = { ...field[first] }
  if (value === undefined) delete part[second]
  else part[second] = value
  return editField(field, [first], Object.keys(part).length ? part : undefined)
}
