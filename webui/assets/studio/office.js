// Asking the server from an editor: its answer, or its sentence about why not.

export class Refused extends Error {
  constructor (message, status, revision) {
    super(message)
    this.status = status
    this.revision = revision
  }
}

const SIGNED_OUT = 'You have been signed out, or the server cannot be reached. Your work ' +
  'is kept in this browser: sign in again in another tab, then save.'

async function ask (url, options) {
  let answer
  try {
    answer = await fetch(url, { credentials: 'same-origin', ...options })
  } catch {
    throw new Refused(SIGNED_OUT, 0, 0)
  }
  const isJson = (answer.headers.get('Content-Type') || '').includes('json')
  if (!isJson) throw new Refused(SIGNED_OUT, answer.status, 0)
  const said = await answer.json()
  if (!answer.ok) throw new Refused(said.message, answer.status, said.revision || 0)
  return said
}

export function get (url) {
  return ask(url, {})
}

export function post (url, body) {
  const token = document.querySelector('input[name=csrf_token]').value
  return ask(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token },
    body: JSON.stringify(body),
  })
}

export async function getText (url) {
  const answer = await fetch(url, { credentials: 'same-origin' })
  return answer.ok ? answer.text() : null
}
