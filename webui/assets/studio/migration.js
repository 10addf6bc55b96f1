// Running cases on their way: an open page has the next ones done, and shows how far it
// is. Without this the page reloads itself, and a worker or the server does the work.
const PAUSE = 300
const PATIENCE = 5000

async function goOn () {
  const shown = document.querySelector('[data-progress]')
  const token = document.querySelector('input[name=csrf_token]').value
  let said = { done: 0, has_work: true }
  try {
    const answer = await fetch(shown.dataset.carryOn, {
      method: 'POST', headers: { 'X-CSRFToken': token },
    })
    if (!answer.ok) throw new Error(String(answer.status))
    said = await answer.json()
    const page = await fetch(location.href)
    const read = new DOMParser().parseFromString(await page.text(), 'text/html')
    const now = read.querySelector('[data-progress]')
    if (!now || !('going' in now.dataset)) return location.reload()
    if (shown.textContent !== now.textContent) shown.replaceChildren(...now.childNodes)
  } catch {
    said = { done: 0, has_work: true }
  }
  if (said.has_work) setTimeout(goOn, said.done ? PAUSE : PATIENCE)
  else location.reload()
}

if (document.querySelector('[data-progress][data-going]')) setTimeout(goOn, PAUSE)
