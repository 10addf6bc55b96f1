// The groups of the panel beside the form: what our forms can say, in our words.
import { CHOICES } from './shape.js'
import { Property } from './field.js'

const TYPED = ['textfield', 'textarea']
const ASKED_FOR_RECORD = ['radio', 'select', 'checkbox']
const QUIET = ['text', 'separator', 'default']
const MADE = /^(textfield|textarea|number|datetime|select|radio|checkbox|checklist|filepicker|dynamiclist)_[a-z0-9]{3,8}$/
const FILLERS = 'a an and any are at be been by did do does for from had has have how in is it its of on or that the there they this to was were what when where which who will with you your'.split(' ')
const ASKED = /^=\s*([a-z][a-z0-9_]*)\s*(!=|=)\s*"([^"]*)"\s*$/

/** Takes the place of the editor's own groups, but for keys and lists of choices. */
export class Panel {
  constructor (propertiesPanel, formEditor) {
    this._formEditor = formEditor
    propertiesPanel.registerProvider(this, 500)
  }

  getGroups (field, editField) {
    return (given) => {
      if (!field) return given
      const theirs = new Map(given.map((group) => [group.id, group]))
      const groups = field.type === 'default'
        ? [this._form(field, editField)]
        : [
            this._question(field, editField, theirs.get('general')), this._choices(theirs.get('staticOptions')),
            this._answer(field, editField), this._condition(field, editField),
            this._case(field, editField), this._rule(field, editField),
          ]
      return groups.filter((group) => group && (group.items || group.entries.length))
    }
  }

  _form (field, editField) {
    return group('general', 'Form', field, editField, [
      { id: 'title', path: ['title'], label: 'Name of the form', hint: 'For managers; officers see the name of the task.' },
    ])
  }

  _question (field, editField, general) {
    const labelled = field.type === 'datetime' ? ['dateLabel'] : ['label']
    const made = group('general', 'Question', field, editField, [
      !QUIET.includes(field.type) && { id: 'label', path: labelled, label: field.type === 'group' ? 'Heading' : 'Question', kind: 'prose', then: (text) => this._nameAfter(field, editField, text) },
      !QUIET.includes(field.type) && { id: 'description', path: ['description'], label: 'Hint', kind: 'prose', hint: 'Cite the section or the paragraph of the policy.' },
      field.type === 'text' && { id: 'text', path: ['text'], label: 'Guidance', kind: 'prose', hint: '- for a list, **bold**, # for a heading.' },
      field.type === 'datetime' && { id: 'subtype', path: ['subtype'], label: 'What is asked', kind: 'select', options: [{ value: 'date', label: 'A date' }, { value: 'datetime', label: 'A date and a time' }] },
      field.type === 'number' && { id: 'decimals', path: ['decimalDigits'], label: 'Decimal places', kind: 'number', parse: whole },
      field.type === 'filepicker' && { id: 'multiple', path: ['multiple'], label: 'Several documents', kind: 'checkbox' },
    ])
    const named = (general?.entries ?? []).filter((entry) => ['key', 'path'].includes(entry.id) && field.type !== 'group').map(inOurWords)
    return { ...made, entries: [...made.entries, ...named], shouldOpen: true }
  }

  // A question that still has the key that it was made with is named after its words.
  _nameAfter (field, editField, text) {
    const name = field.type === 'dynamiclist' ? 'path' : 'key'
    if (!text || !MADE.test(field[name] ?? '')) return
    const words = text.toLowerCase().replace(/['’]/g, '').split(/[^a-z0-9]+/).filter(Boolean)
    const telling = words.filter((word) => !FILLERS.includes(word))
    const stem = (telling.length ? telling : words).slice(0, 4).join('_').replace(/^[0-9_]+/, '')
    const taken = this._keys()
    let key = stem
    for (let number = 2; taken.has(key); number++) key = `${stem}_${number}`
    if (stem) editField(this._formEditor.get('formFieldRegistry').get(field.id), [name], key)
  }

  _keys () {
    const fields = this._formEditor.get('formFieldRegistry').getAll()
    return new Set(fields.flatMap((each) => [each.key, each.path]).filter(Boolean))
  }

  _choices (options) {
    return options && { ...options, label: 'Choices' }
  }

  _answer (field, editField) {
    if (QUIET.includes(field.type) || field.type === 'group') return null
    const typed = TYPED.includes(field.type)
    return group('answer', 'Answer', field, editField, [
      { id: 'required', path: ['validate', 'required'], label: 'Must be answered', kind: 'checkbox' },
      { id: 'required-message', path: ['properties', 'required_message'], label: 'Message if it is not answered', kind: 'prose' },
      ASKED_FOR_RECORD.includes(field.type) && {
        id: 'record', path: ['properties', 'record'], label: 'Asked for the record only', kind: 'checkbox', hint: 'Nothing depends on the answer, and the check does not ask why.',
        shown: ({ properties }) => properties?.record === 'true', parse: (ticked) => ticked ? 'true' : undefined,
      },
      field.type === 'number' && { id: 'min', path: ['validate', 'min'], label: 'Smallest', kind: 'number', parse: number },
      field.type === 'number' && { id: 'max', path: ['validate', 'max'], label: 'Largest', kind: 'number', parse: number },
      typed && { id: 'min-length', path: ['validate', 'minLength'], label: 'Fewest characters', kind: 'number', parse: whole },
      typed && { id: 'max-length', path: ['validate', 'maxLength'], label: 'Most characters', kind: 'number', parse: whole },
      field.type === 'textfield' && { id: 'pattern', path: ['validate', 'pattern'], label: 'Pattern', hint: 'A regular expression, for experts.' },
      ['textfield', 'number'].includes(field.type) && { id: 'prefix', path: ['properties', 'prefix'], label: 'Before the answer', hint: 'Such as £.' },
      ['textfield', 'number'].includes(field.type) && { id: 'unit', path: ['properties', 'unit'], label: 'Behind the answer', hint: 'Such as % or metres.' },
    ])
  }

  _condition (field, editField) {
    const others = this._others(field)
    const found = ASKED.exec(field.conditional?.hide ?? '')
    const simple = found && found[2] === '!=' && others.some((each) => each.key === found[1])
    const other = simple ? others.find((each) => each.key === found[1]) : null
    const hide = (key, value) => editField(field, ['conditional'], key ? { hide: `=${key} != "${value ?? ''}"` } : undefined)
    return group('condition', 'When it is asked', field, editField, [
      {
        id: 'asked-if', path: [], label: 'Asked', kind: 'select',
        options: [
          { value: '', label: field.conditional?.hide && !simple ? 'As written below' : 'Always' },
          ...others.map((each) => ({ value: each.key, label: `Only after: ${each.label || each.key}` })),
        ],
        shown: () => other?.key ?? '',
        parse: (key) => { hide(key, others.find((each) => each.key === key)?.values?.[0]?.value) },
      },
      other && {
        id: 'asked-value', path: [], label: 'if the answer is', kind: other.values?.length ? 'select' : 'text',
        options: (other.values ?? []).map(({ value, label }) => ({ value, label: label ?? value })),
        shown: () => found[3],
        parse: (value) => { hide(other.key, value) },
      },
      { id: 'hide', path: ['conditional', 'hide'], label: 'Hidden if', kind: 'code', hint: 'For experts: = != < > and, or, not(…), list contains(…), such as =visit_made != "yes".' },
    ])
  }

  _others (field) {
    const found = []
    const walk = (components) => {
      for (const each of components ?? []) {
        if (each.type === 'group') walk(each.components)
        else if (each.key && each.id !== field.id) found.push({ key: each.key, label: each.dateLabel ?? each.label, values: each.values })
      }
    }
    walk(this._formEditor.getSchema().components)
    return found
  }

  _case (field, editField) {
    if (QUIET.includes(field.type) || field.type === 'group') return null
    return group('case', 'Taken from the case', field, editField, [
      { id: 'default-from', path: ['properties', 'default_from'], label: 'First answer', kind: 'code', hint: 'Such as today() or costs_total. The officer can change it.' },
      { id: 'default-value', path: ['defaultValue'], label: 'First answer, if the case has none' },
      CHOICES.includes(field.type) && { id: 'options-from', path: ['properties', 'options_from'], label: 'Choices', kind: 'code', hint: 'A list of the case, instead of choices written here.' },
    ])
  }

  _rule (field, editField) {
    if (QUIET.includes(field.type) || field.type === 'group') return null
    return group('rule', 'Rule that the answer must keep', field, editField, [
      { id: 'must', path: ['properties', 'must'], label: 'Rule', kind: 'code', hint: 'Such as visited_on <= today().' },
      { id: 'must-message', path: ['properties', 'must_message'], label: 'Message if the rule is broken', kind: 'prose', hint: 'Name the thing and the remedy, and cite the section.' },
    ])
  }
}
Panel.$inject = ['propertiesPanel', 'formEditor']

// The editor's own field for the key, which explains itself in a programmer's words.
const KEY = 'The name under which the answer is kept. It follows the question; diagrams and letters use it.'
const wrapped = new Map()

function inOurWords (entry) {
  const Theirs = entry.component
  if (!wrapped.has(Theirs)) {
    wrapped.set(Theirs, (props) => {
      const made = Theirs(props)
      for (const part of [made.props?.children].flat()) {
        if (!part?.props || !('forId' in part.props || 'tooltip' in part.props)) continue
        if ('value' in part.props && !('onInput' in part.props)) part.props.value = KEY
        if ('tooltip' in part.props) part.props.tooltip = undefined
      }
      return made
    })
  }
  return { ...entry, component: wrapped.get(Theirs) }
}

function group (id, label, field, editField, wanted) {
  const entries = wanted.filter(Boolean).map((each) => ({
    ...each, component: Property, field, editField: each.path.length ? editField : () => {}, isEdited: () => false,
  }))
  return { id, label, entries }
}

function number (text) {
  const value = Number(text)
  return text === undefined || text === '' ? undefined : Number.isNaN(value) ? text : value
}

function whole (text) {
  const value = number(text)
  return Number.isInteger(value) ? value : text
}
