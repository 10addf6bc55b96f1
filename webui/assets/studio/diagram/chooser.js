// A dialog to choose one of many: type to search, arrows or Tab to move, Enter to take.

let dialog

function build () {
  dialog = document.createElement('dialog')
  dialog.className = 'app-chooser'
  dialog.setAttribute('aria-labelledby', 'chooser-title')
  dialog.innerHTML = '<form method="dialog" class="app-chooser__head">' +
    '<h2 class="govuk-heading-m" id="chooser-title"></h2>' +
    '<button class="app-chooser__close" value="">Close</button></form>' +
    '<label class="govuk-label" for="chooser-search">Search</label>' +
    '<input class="govuk-input" id="chooser-search" type="search" autocomplete="off">' +
    '<p class="app-chooser__count" role="status"></p>' +
    '<ul class="app-chooser__list"></ul>' +
    '<p class="app-chooser__more"><a class="govuk-link" target="_blank" rel="noopener"></a></p>'
  document.body.append(dialog)
}

const matches = (choice, typed) => {
  const said = [choice.title, choice.id, choice.group, ...(choice.lines || [])]
    .join(' ').toLowerCase()
  return typed.toLowerCase().split(/\s+/).every((word) => said.includes(word))
}

// What begins with the words that were typed comes first: 5 days before 15 days.
function fitting (choices, typed) {
  const wanted = typed.toLowerCase()
  const begins = ({ title, lines = [] }) => (
    [title, ...lines].some((said) => said.toLowerCase().startsWith(wanted))
  )
  const found = choices.filter((each) => matches(each, typed))
  if (!wanted) return found
  return [...found.filter(begins), ...found.filter((each) => !begins(each))]
}

function row (choice, take) {
  const item = document.createElement('li')
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'app-chooser__choice'
  const title = document.createElement('strong')
  title.textContent = choice.title
  button.append(title)
  for (const line of choice.lines || []) {
    const said = document.createElement('span')
    said.textContent = line
    button.append(said)
  }
  button.addEventListener('click', () => take(choice))
  item.append(button)
  return item
}

// Resolves to the id that was chosen, or null.
export function choose (title, choices, { hint = '', link = null } = {}) {
  if (!dialog) build()
  const [list, search, count] = ['.app-chooser__list', 'input', '.app-chooser__count']
    .map((each) => dialog.querySelector(each))
  dialog.querySelector('h2').textContent = title
  const more = dialog.querySelector('.app-chooser__more')
  more.hidden = !link
  if (link) {
    more.firstChild.textContent = `${link[0]} (opens in a new tab)`
    more.firstChild.href = link[1]
  }
  return new Promise((resolve) => {
    let chosen = null
    const take = (choice) => {
      chosen = choice.id
      dialog.close()
    }
    const show = () => {
      const found = fitting(choices, search.value.trim())
      count.textContent = `${found.length} to choose from. ${hint}`
      list.replaceChildren(...found.map((each) => row(each, take)))
    }
    const buttons = () => [...list.querySelectorAll('button')]
    dialog.onkeydown = (event) => {
      if (!['ArrowDown', 'ArrowUp'].includes(event.key)) return
      event.preventDefault()
      const all = buttons()
      const at = all.indexOf(document.activeElement)
      const next = event.key === 'ArrowDown' ? at + 1 : at - 1
      ;(next < 0 ? search : all[Math.min(next, all.length - 1)])?.focus()
    }
    search.onkeydown = (event) => {
      if (event.key === 'Enter') {
        event.preventDefault()
        buttons()[0]?.click()
      }
    }
    search.oninput = show
    dialog.onclose = () => resolve(chosen)
    search.value = ''
    show()
    dialog.showModal()
    search.focus()
  })
}

// A dialog that shows something to read.
export function show (title, content) {
  const reader = document.createElement('dialog')
  reader.className = 'app-chooser'
  reader.setAttribute('aria-label', title)
  const close = document.createElement('button')
  close.type = 'button'
  close.className = 'app-chooser__close'
  close.textContent = 'Close'
  close.addEventListener('click', () => reader.close())
  const heading = document.createElement('h2')
  heading.className = 'govuk-heading-m'
  heading.textContent = title
  const head = document.createElement('div')
  head.className = 'app-chooser__head'
  head.append(heading, close)
  const body = document.createElement('div')
  body.className = 'app-chooser__body'
  body.tabIndex = 0
  body.append(content)
  reader.append(head, body)
  reader.addEventListener('close', () => reader.remove())
  document.body.append(reader)
  reader.showModal()
}
