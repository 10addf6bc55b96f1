// A date that is worked out, said in words: “3 working days after ‘served on’”.

const BEFORE = ['before_event', 'min_before', 'lookback_ending_with']
const NAME = /^[A-Za-z_][\w.]*$/
const WAITS = /^value\(\s*["'](\w+)["']\s*,([\s\S]+)\)$/
const DEADLINE = /^deadline\(\s*["'](\w+)["']\s*,([\s\S]+)\)$/
const PICK = /^(earliest|latest)\(([\s\S]+)\)$/

const fact = (name) => `‘${name.replace(/[._]/g, ' ')}’`

// '' for an expression that says more than periods and facts.
export function inWords (text, periods, isInner = false) {
  const said = text.trim()
  if (NAME.test(said)) return fact(said)
  const waits = said.match(WAITS)
  if (waits) return orElse(fact(waits[1]), waits[2].trim(), periods)
  const counted = said.match(DEADLINE)
  if (counted) {
    const period = periods.find((each) => each.key === counted[1])
    const from = inWords(counted[2], periods, true)
    if (!period || !from) return ''
    const side = BEFORE.includes(period.rule) ? 'before' : 'after'
    const words = `${period.length} ${side} ${from}`
    return isInner ? `(${words})` : words
  }
  const picked = said.match(PICK)
  const days = picked ? apart(picked[2]).map((each) => inWords(each, periods)) : []
  if (!days.length || days.includes('')) return ''
  return `the ${picked[1] === 'earliest' ? 'earlier' : 'later'} of ${days.join(' and ')}`
}

function orElse (first, second, periods) {
  if (second === 'None') return first
  const other = inWords(second, periods, true)
  return other && `${first} (or, without it, ${other})`
}

// The arguments of a call, at the commas that no bracket holds.
function apart (text) {
  const found = ['']
  let depth = 0
  for (const sign of text) {
    depth += '(['.includes(sign) ? 1 : ')]'.includes(sign) ? -1 : 0
    if (depth < 0) return []
    if (sign === ',' && depth === 0) found.push('')
    else found[found.length - 1] += sign
  }
  return found
}
