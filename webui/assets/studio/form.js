// The form editor of the studio: form-js, with our panel, and the form as officers see it.
import { FormEditor } from '@bpmn-io/form-js-editor'
import { Checkboxes, ErrorSummary, Radios, createAll } from 'govuk-frontend'
import '@bpmn-io/form-js/dist/assets/form-js.css'
import '@bpmn-io/form-js/dist/assets/form-js-editor.css'
import { startConditions } from '../conditions.js'
import { Panel } from './form/panel.js'
import { KINDS, asText, fromEditor, toEditor } from './form/shape.js'
import { WorkingCopy } from './working_copy.js'
import './form/form.css'

class OnlyOurKinds {
  constructor (formFields) {
    const known = formFields._formFields
    for (const type of Object.keys(known)) {
      const config = known[type].config
      if (type in KINDS) known[type].config = { ...config, name: KINDS[type], create: (options, isNew) => begun(type, config.create(options, isNew), isNew) }
      else if (type !== 'default') delete known[type]
    }
  }
}
OnlyOurKinds.$inject = ['formFields']

// A new question begins in our words.
function begun (type, field, isNew) {
  if (!isNew) return field
  if (type === 'text') return { ...field, text: 'Say what to look at, and cite the section.' }
  if (type === 'datetime') return { ...field, dateLabel: 'New date' }
  return 'label' in field ? { ...field, label: type === 'group' ? 'New group' : 'New question' } : field
}

const OURS = {
  __init__: ['onlyOurKinds', 'ourPanel'],
  onlyOurKinds: ['type', OnlyOurKinds],
  ourPanel: ['type', Panel],
}

/** A form in an editor: `text()` is the file as it would be saved. */
export async function openForm (container, text) {
  const original = JSON.parse(text)
  const editor = new FormEditor({ container, additionalModules: [OURS] })
  await editor.importSchema(toEditor(original))
  return {
    editor,
    text: () => asText(fromEditor(editor.getSchema(), original)),
    close: () => editor.destroy(),
  }
}

function start (root) {
  const source = JSON.parse(root.querySelector('[data-file]').textContent)
  root.hidden = false
  openForm(root.querySelector('[data-canvas]'), source).then((form) => edit(root, form), (error) => {
    root.querySelector('[data-status]').textContent = `The editor cannot open this form: ${error.message}. Take the file, mend it and put it back.`
  })
}

function edit (root, form) {
  const shown = document.querySelector('[data-shown]')
  const preview = new Preview(shown, root.dataset.preview)
  const copy = new WorkingCopy(root, {
    text: form.text,
    seen: (text) => preview.show(copy, text),
    pick: (name) => pick(form.editor, name),
  })
  preview.text = form.text
  preview.copy = copy
  copy.settle().then(() => copy.look())
  form.editor.on('changed', () => copy.changed())
  form.editor.on('commandStack.formField.add.postExecuted', ({ context }) => {
    setTimeout(() => form.editor.get('selection').set(context.formField))
  })
  const asked = new URLSearchParams(location.search).get('element')
  if (asked) pick(form.editor, asked)
  root.dataset.ready = 'true'
}

function pick (editor, name) {
  const fields = editor.get('formFieldRegistry').getAll()
  const found = fields.find((each) => [each.key, each.path, each.id].includes(name))
  if (!found) return false
  editor.get('selection').set(found)
  editor._container.querySelector(`[data-id="${CSS.escape(found.id)}"]`)?.scrollIntoView({ block: 'nearest' })
  return true
}

// The server draws the questions, with the same templates as the page of a task.
class Preview {
  constructor (root, address) {
    this._root = root
    this._address = address
    root.addEventListener('submit', (event) => {
      event.preventDefault()
      const answers = Object.fromEntries(this._answers(event.target, event.submitter))
      this.show(this.copy, this.text(), answers)
    })
  }

  _answers (form, submitter) {
    const given = new Map()
    for (const [name, value] of new FormData(form, submitter)) {
      given.set(name, [...(given.get(name) ?? []), value])
    }
    return given
  }

  async show (copy, text, answers = null) {
    const { ok, said } = await copy.ask(this._address, { text, answers })
    if (!ok) return
    this._root.innerHTML = said.html
    createAll(Radios, {}, this._root)
    createAll(Checkboxes, {}, this._root)
    createAll(ErrorSummary, { disableAutoFocus: answers === null }, this._root)
    startConditions(this._root)
  }
}

for (const root of document.querySelectorAll('[data-form-editor]')) start(root)
