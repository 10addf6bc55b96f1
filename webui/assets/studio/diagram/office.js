// The draft on the server: checked while drawing, saved, and never lost on the way.
import { startConditions } from '../../conditions.js'
import { get, getText, post, Refused } from '../office.js'
import { address } from './problems.js'

const AUTOSAVE = 20_000
const CHANGED_BY_OTHERS = 409

export class StudioOffice {
  constructor (config, eventBus, injector, catalogue, problems) {
    Object.assign(this, { config, eventBus, injector, catalogue, problems })
    this.revision = config.revision
    this.saved = config.isNew ? null : config.xml
    this.pending = {}
    this.known = new Map()
    this.isDirty = false
    this.key = `studio:${config.urls.draft}:${config.file}`
    eventBus.on('studio.check', () => this.check())
    eventBus.on('commandStack.changed', () => this.changed())
  }

  get modeler () {
    return this.injector.get('bpmnjs')
  }

  async xml () {
    const { xml } = await this.modeler.saveXML({ format: true })
    return plainly(xml)
  }

  async files () {
    return { ...this.pending, [this.config.file]: await this.xml() }
  }

  changed () {
    this.known.clear()
    this.isDirty = true
    this.eventBus.fire('studio.state')
  }

  // Asking while drawing

  async check () {
    const files = await this.files()
    this.guard(files)
    const asked = (this.asked = (this.asked || 0) + 1)
    try {
      const { problems } = await post(this.config.urls.check, { files })
      if (asked === this.asked) this.problems.show(problems)
    } catch (error) {
      this.tell(error)
    }
  }

  async factsBefore (element) {
    if (!this.known.has(element)) {
      const asking = this.files().then((files) => (
        post(this.config.urls.facts, { files, element })
      )).then(({ facts }) => facts).catch((error) => {
        this.tell(error)
        return []
      })
      this.known.set(element, asking)
    }
    return this.known.get(element)
  }

  async learn () {
    Object.assign(this.catalogue, await get(this.config.urls.catalogue))
    this.eventBus.fire('propertiesPanel.providersChanged')
  }

  // Somebody may have made a period meanwhile, in another window.
  async learnPeriods () {
    try {
      const { periods } = await get(this.config.urls.catalogue)
      this.catalogue.periods = periods
    } catch (error) {
      this.tell(error)
    }
  }

  async tidy () {
    const { xml } = await post(this.config.urls.tidy, { files: await this.files() })
    await this.injector.get('tidying').adopt(xml)
    this.eventBus.fire('studio.tidied')
  }

  // Saving

  async save () {
    if (this.saving) return this.saving
    this.saving = this.send().finally(() => { this.saving = null })
    return this.saving
  }

  async send () {
    const files = await this.files()
    const stack = this.injector.get('commandStack')._stackIdx
    this.eventBus.fire('studio.state', { text: 'Saving…' })
    try {
      const { revision, problems } = await this.put(files)
      this.revision = revision
      this.saved = files[this.config.file]
      this.pending = {}
      this.isDirty = this.injector.get('commandStack')._stackIdx !== stack
      if (!this.isDirty) localStorage.removeItem(this.key)
      this.problems.show(problems)
      this.eventBus.fire('studio.state', { text: `Saved at ${clock()}` })
      return true
    } catch (error) {
      this.guard(files)
      this.eventBus.fire('studio.state', { text: 'Not saved' })
      this.tell(error, files)
      return false
    }
  }

  // Another may have saved another file of the draft: then nothing stands in the way.
  async put (files) {
    const body = { files, revision: this.revision }
    try {
      return await post(this.config.urls.save, body)
    } catch (error) {
      if (error.status !== CHANGED_BY_OTHERS || !error.revision) throw error
      const theirs = await getText(this.config.urls.download)
      if (theirs !== this.saved) throw error
      return post(this.config.urls.save, { ...body, revision: error.revision })
    }
  }

  async overwrite (revision) {
    this.revision = revision
    return this.save()
  }

  startAutosave () {
    setInterval(() => {
      if (this.isDirty && !this.isStopped && !this.config.isClosed) this.save()
    }, AUTOSAVE)
  }

  tell (error, files) {
    if (!(error instanceof Refused)) throw error
    if (error.status === CHANGED_BY_OTHERS && files) {
      this.isStopped = true
      this.eventBus.fire('studio.conflict', { error, files })
      return
    }
    this.eventBus.fire('studio.trouble', { message: error.message })
  }

  // The work as it is now is kept in this browser until it has been saved.

  guard (files) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ files, at: new Date().toISOString() }))
    } catch { /* a full store must not stop the work */ }
  }

  kept () {
    const found = localStorage.getItem(this.key)
    if (!found) return null
    let kept
    try {
      kept = JSON.parse(found)
    } catch {
      return null
    }
    return kept.files[this.config.file] === this.saved ? null : kept
  }

  async restore ({ files }) {
    const { [this.config.file]: xml, ...pending } = files
    this.pending = pending
    await this.modeler.importXML(xml)
    this.changed()
    this.eventBus.fire('studio.check')
  }

  forget () {
    localStorage.removeItem(this.key)
  }

  // Forms and tables

  newForm (wanted, title) {
    const taken = new Set(this.catalogue.forms.map((each) => each.id))
    let id = wanted
    for (let number = 2; taken.has(id); number += 1) id = `${wanted}_${number}`
    const question = `${id}_note`
    this.pending[`forms/${id}.json`] = `${JSON.stringify({
      type: 'default',
      id,
      schemaVersion: 18,
      components: [{
        type: 'textarea',
        id: `field_${question}`,
        key: question,
        label: 'What was done, and what was found?',
        validate: { required: true, maxLength: 4000 },
      }],
    }, null, 2)}\n`
    this.catalogue.forms.push({
      id, title: title || id, questions: ['What was done, and what was found?'], used_by: [],
    })
    return id
  }

  openForm (id) {
    return this.leaveFor(address(`forms/${id}.json`))
  }

  openTable (id) {
    return this.leaveFor(address(`${id}.dmn`))
  }

  get periodsAddress () {
    return `${this.config.urls.draft}/periods`
  }

  async leaveFor (place) {
    const isKept = !this.isDirty && this.saved !== null
    if (!isKept && !await this.save()) return
    window.location.assign(this.config.urls.draft + place)
  }

  // The form as an officer sees it; where it cannot be shown, its questions.
  async formPreview ({ id, questions }) {
    const name = `forms/${id}.json`
    const { draft } = this.config.urls
    const text = this.pending[name] ?? await getText(`${draft}/download/${name}`)
    const { html } = await post(`${draft}/forms/${id}/preview`, { text: text || '' })
    const shown = new DOMParser().parseFromString(html, 'text/html').body
    const place = document.createElement('div')
    place.append(...document.adoptNode(shown).childNodes)
    if (place.querySelector('form')) {
      for (const button of place.querySelectorAll('button')) button.remove()
      place.addEventListener('submit', (event) => event.preventDefault())
      startConditions(place)
      return place
    }
    const list = document.createElement('ul')
    list.className = 'govuk-list govuk-list--bullet'
    for (const each of questions) {
      const item = document.createElement('li')
      item.textContent = each
      list.append(item)
    }
    return list
  }
}
StudioOffice.$inject = ['config.studio', 'eventBus', 'injector', 'catalogue', 'problems']

// Files are also read by people and by git: an apostrophe in an attribute stays one.
export function plainly (xml) {
  return xml.replaceAll('&#39;', "'")
}

const clock = () => new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })

export default { __init__: ['studioOffice'], studioOffice: ['type', StudioOffice] }
