// Shows and hides the questions of a form as it is answered: the same conditions that
// the server applies when the form is sent (engine/feel.py), as a tree in data-hide.

export function holds (tree, values) {
  return value(tree, values) === true
}

function value (tree, values) {
  const [kind, ...parts] = tree
  switch (kind) {
    case 'value': return parts[0]
    case 'name': return values[parts[0]] ?? null
    case 'or': return parts.some((part) => holds(part, values))
    case 'and': return parts.every((part) => holds(part, values))
    case 'not': return !holds(parts[0], values)
    case 'in': {
      const list = value(parts[1], values)
      return Array.isArray(list) && list.includes(value(parts[0], values))
    }
  }
  return compare(kind, value(parts[0], values), value(parts[1], values))
}

function compare (sign, first, second) {
  if (typeof second === 'number' && typeof first === 'string') first = Number(first.replace(/[£,\s]/g, ''))
  if (typeof first === 'number' && typeof second === 'string') second = Number(second.replace(/[£,\s]/g, ''))
  if (sign === '=') return first === second
  if (sign === '!=') return first !== second
  if (first === null || second === null || typeof first !== typeof second) return false
  switch (sign) {
    case '<': return first < second
    case '>': return first > second
    case '<=': return first <= second
    case '>=': return first >= second
  }
  return false
}

export function startConditions (root) {
  for (const form of root.querySelectorAll('form[data-conditions]')) {
    const update = () => apply(form)
    form.addEventListener('change', update)
    form.addEventListener('input', update)
    update()
  }
}

function apply (form) {
  const questions = [...form.querySelectorAll('[data-hide]')]
  // Repeated, because hiding one question may hide another that hangs on it.
  for (let round = 0; round <= questions.length; round++) {
    let changed = false
    for (const question of questions) {
      const hidden = holds(JSON.parse(question.dataset.hide), answers(form, question))
      if (question.hidden !== hidden) {
        question.hidden = hidden
        changed = true
      }
    }
    if (!changed) return
  }
}

function answers (form, question) {
  const entry = question.closest('[data-entry]')
  const found = read(form, '')
  return entry ? { ...found, ...read(entry, entry.dataset.entry) } : found
}

function read (scope, prefix) {
  const found = {}
  for (const field of scope.querySelectorAll('[name]')) {
    if (!field.name.startsWith(prefix)) continue
    const name = field.name.slice(prefix.length)
    const shown = field.closest('[data-hide][hidden]') === null
    if (field.dataset.kind === 'checklist') {
      found[name] = [...(found[name] ?? []), ...(field.checked && shown ? [field.value] : [])]
    } else if (field.type === 'checkbox') {
      found[name] = field.checked && shown
    } else if (field.type === 'radio') {
      if (field.checked && shown) found[name] = field.value
    } else if (shown && field.value.trim() !== '') {
      found[name] = field.value
    }
  }
  for (const group of scope.querySelectorAll('[data-date]')) {
    const name = group.dataset.date.slice(prefix.length)
    const [day, month, year] = ['day', 'month', 'year'].map((part) => found[`${name}-${part}`] ?? '')
    if (/^\d{4}$/.test(year)) found[name] = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  }
  return found
}
