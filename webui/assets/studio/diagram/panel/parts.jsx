// The parts that the groups of the panel are made of.
import { useEffect, useRef, useState } from '@bpmn-io/properties-panel/preact/hooks'
import { useService } from 'bpmn-js-properties-panel'

export function Field ({ id, label, hint, children }) {
  return (
    <div class="bio-properties-panel-entry app-entry-field" data-entry-id={id}>
      {label && <label class="bio-properties-panel-label" for={id}>{label}</label>}
      {children}
      {hint && <div class="bio-properties-panel-description" id={`${id}-hint`}>{hint}</div>}
    </div>
  )
}

// A text that is kept when the field is left, or after a pause. Only what a person has
// typed is kept: a value that changes otherwise, as by undo, is shown and no more.
export function Text ({ id, label, hint, value, onChange, rows = 0, spellcheck = true }) {
  const [typed, type] = useState(null)
  useEffect(() => type(null), [value])
  const last = useRef({})
  last.current = { typed, value, onChange }
  const keep = () => {
    const now = last.current
    if (now.typed === null || now.typed === now.value) return
    last.current = { ...now, typed: null }
    now.onChange(now.typed)
  }
  const leave = () => {
    keep()
    type(null)
  }
  useEffect(() => {
    if (typed === null) return undefined
    const wait = setTimeout(keep, 500)
    return () => clearTimeout(wait)
  }, [typed])
  // Another element is selected: what was typed is kept for this one.
  useEffect(() => keep, [])
  const Tag = rows ? 'textarea' : 'input'
  return (
    <Field id={id} label={label} hint={hint}>
      <Tag
        id={id} class="bio-properties-panel-input" value={typed ?? value} spellcheck={spellcheck}
        rows={rows || undefined} autocomplete="off"
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) => type(event.target.value)}
        onBlur={leave}
      />
    </Field>
  )
}

// `options` are [value, words] pairs, or [heading, pairs] groups.
export function Select ({ id, label, hint, value, options, onChange, empty = '' }) {
  const known = options.flatMap(([first, second]) => (
    Array.isArray(second) ? second.map(([code]) => code) : [first]
  ))
  const all = value && !known.includes(value) ? [[value, value], ...options] : options
  const option = ([code, words]) => <option value={code}>{words}</option>
  return (
    <Field id={id} label={label} hint={hint}>
      <select
        id={id} class="bio-properties-panel-input" value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {empty && <option value="">{empty}</option>}
        {all.map(([first, second]) => (Array.isArray(second)
          ? <optgroup label={first}>{second.map(option)}</optgroup>
          : option([first, second])))}
      </select>
    </Field>
  )
}

export function Tick ({ id, label, hint, value, onChange }) {
  return (
    <div class="bio-properties-panel-entry app-entry-tick" data-entry-id={id}>
      <input
        id={id} type="checkbox" checked={value} aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label for={id}>{label}</label>
      {hint && <div class="bio-properties-panel-description" id={`${id}-hint`}>{hint}</div>}
    </div>
  )
}

export function Button ({ children, onClick, id, plain = false, describes = '' }) {
  return (
    <button
      type="button" id={id} class={plain ? 'app-panel-link' : 'app-panel-button'} onClick={onClick}
    >
      {children}{describes && <span class="govuk-visually-hidden"> {describes}</span>}
    </button>
  )
}

export function Note ({ children }) {
  return <p class="app-panel-note">{children}</p>
}

// Ticks for some of a list of names; what is ticked is kept as text with commas.
export function Ticks ({ id, legend, hint, choices, chosen, onChange }) {
  const toggle = (name, isOn) => {
    onChange(isOn ? [...chosen, name] : chosen.filter((each) => each !== name))
  }
  return (
    <fieldset class="app-panel-ticks" id={id}>
      <legend class="bio-properties-panel-label">{legend}</legend>
      {hint && <Note>{hint}</Note>}
      {choices.map(([name, words]) => (
        <Tick
          id={`${id}-${name}`} label={words} value={chosen.includes(name)}
          onChange={(isOn) => toggle(name, isOn)}
        />
      ))}
    </fieldset>
  )
}

// What is known at an element, as the drawing is now.
export function useFacts (element) {
  const office = useService('studioOffice')
  const [facts, setFacts] = useState([])
  useEffect(() => {
    let isCurrent = true
    office.factsBefore(element.businessObject.id).then((found) => {
      if (isCurrent) setFacts(found)
    })
    return () => { isCurrent = false }
  }, [element.businessObject.id])
  return facts
}

export function factLabel (facts, name) {
  const found = facts.find((each) => each.name === name)
  return found ? `${found.label} (${name})` : name
}

export function factOptions (facts) {
  const pairs = (own) => facts.filter((each) => each.is_own === own)
    .map((each) => [each.name, `${shorten(each.label)} (${each.name})`])
  const groups = [['Set in this diagram', pairs(true)], ['Known before it began', pairs(false)]]
  return groups.filter(([, found]) => found.length)
}

const shorten = (text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text)
