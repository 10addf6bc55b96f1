// A rehearsal under way: its progress is read anew every few seconds, and the page is
// shown once more when it is over. Without this the page reloads itself.
const EVERY = 2500

async function look () {
  const shown = document.querySelector('[data-progress]')
  const answer = await fetch(location.href)
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const now = page.querySelector('[data-progress]')
  if (!now || !('going' in now.dataset)) return location.reload()
  if (shown.textContent !== now.textContent) shown.replaceChildren(...now.childNodes)
  setTimeout(look, EVERY)
}

if (document.querySelector('[data-progress][data-going]')) setTimeout(look, EVERY)
