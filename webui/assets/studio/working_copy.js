// One file of a draft in an editor: checks it while it changes, saves it, keeps the last
// word said about it on the page. What cannot be saved stays in the editor.

const PAUSE = 500

export class WorkingCopy {
  /** `root` carries the addresses; `text` gives the file as the editor holds it now. */
  constructor (root, { text, seen, pick }) {
    this._root = root
    this._text = text
    this._seen = seen ?? (() => {})
    this._pick = pick ?? null
    this._revision = Number(root.dataset.revision)
    this._saved = null
    this._round = 0
    this._status = root.querySelector('[data-status]')
    this._isClosed = root.querySelector('[data-save]') === null
    this._list = document.querySelector('[data-problems]')
    this._count = root.querySelector('[data-count]')
    root.querySelector('[data-save]')?.addEventListener('click', () => this.save())
    root.addEventListener('keydown', (event) => {
      if (event.key === 's' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault()
        this.save()
      }
    })
    addEventListener('beforeunload', (event) => { if (this.isChanged()) event.preventDefault() })
  }

  /** What is in the editor is what was last saved. */
  async settle () { this._saved = await this._text() }

  isChanged () { return !this._isClosed && this._saved !== null && this._now !== undefined && this._now !== this._saved }

  /** Something changed: look at it when the typing pauses. */
  changed () {
    clearTimeout(this._waits)
    this._waits = setTimeout(() => this.look(), PAUSE)
  }

  async look () {
    const round = ++this._round
    this._now = await this._text()
    this._say(this.isChanged() ? 'Not saved yet.' : '')
    const files = { [this._root.dataset.name]: this._now }
    this._seen(this._now)
    const answer = await this.ask(this._root.dataset.check, { files })
    if (round === this._round && answer.ok) this._show(answer.said.problems)
  }

  async save () {
    if (this._isClosed) return false
    clearTimeout(this._waits)
    this._now = await this._text()
    const text = this._now
    this._say('Saving…')
    const files = { [this._root.dataset.name]: text }
    const answer = await this.ask(this._root.dataset.keep, { files, revision: this._revision })
    if (!answer.ok) {
      this._say(answer.said.message ?? 'It could not be saved. What you changed is still here: try again.', true)
      return false
    }
    this._revision = answer.said.revision
    this._saved = text
    for (const field of document.querySelectorAll('input[name=revision]')) field.value = this._revision
    this._say('Saved.')
    this._show(answer.said.problems)
    return true
  }

  async ask (address, body) {
    const token = document.querySelector('input[name=csrf_token]').value
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token, Accept: 'application/json' },
        body: JSON.stringify(body),
      })
      const isJson = response.headers.get('Content-Type')?.startsWith('application/json')
      return { ok: response.ok && isJson, said: isJson ? await response.json() : {} }
    } catch {
      return { ok: false, said: { message: 'The server cannot be reached. What you changed is still here: try again.' } }
    }
  }

  _say (text, isWrong = false) {
    this._status.textContent = text
    this._status.classList.toggle('app-working__status--wrong', isWrong)
  }

  // The name of the element leads to it in the editor.
  _item ({ element, problem, remedy }, before = '') {
    const item = document.createElement('li')
    item.append(before)
    if (element && this._pick) {
      const name = document.createElement('button')
      name.type = 'button'
      name.className = 'app-link-button'
      name.textContent = element
      name.addEventListener('click', () => this._pick(element))
      item.append(name, ': ')
    } else if (element) {
      item.append(`${element}: `)
    }
    item.append(`${problem} ${remedy}`)
    return item
  }

  _show (problems) {
    const mine = ({ file }) => file === this._root.dataset.name
    const wrong = problems.filter((each) => each.severity !== 'advice')
    const own = wrong.filter(mine)
    const advice = problems.filter((each) => each.severity === 'advice' && mine(each))
    const others = wrong.length - own.length
    this._list.replaceChildren(...own.map((each) => this._item(each)))
    if (!own.length) this._list.append(plain('Nothing is wrong with it.'))
    if (others) this._list.append(plain(`${others} ${others === 1 ? 'problem' : 'problems'} in other files of this change.`))
    this._list.append(...advice.map((each) => this._item(each, 'Advice: ')))
    this._count.textContent = own.length === 1 ? '1 problem' : `${own.length} problems`
    this._count.classList.toggle('govuk-tag--red', own.length > 0)
    this._count.classList.toggle('govuk-tag--green', own.length === 0)
  }
}

function plain (text) {
  const item = document.createElement('li')
  item.textContent = text
  return item
}
