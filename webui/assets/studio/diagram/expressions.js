// Conditions and dates as rows that can be chosen, and as the text that the engine reads.
// What does not fit into rows stays text: nothing is rewritten that is not understood.

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*(?:\.\w+)*)|(==|!=|>=|<=|>|<|[()[\],]))/y

function tokens (text) {
  const found = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text)
    if (!match) return null
    const [, string, number, name, sign] = match
    if (string !== undefined) found.push({ kind: 'string', text: unquote(string), raw: string })
    else if (number !== undefined) found.push({ kind: 'number', text: number, raw: number })
    else if (name !== undefined) found.push({ kind: 'name', text: name, raw: name })
    else found.push({ kind: sign, text: sign, raw: sign })
  }
  return found
}

const unquote = (raw) => raw.slice(1, -1).replace(/\\(.)/g, '$1')
export const quote = (text) => `"${text.replace(/[\\"]/g, '\\$&')}"`

const SIGNS = { '==': 'is', '!=': 'is_not', '>=': 'at_least', '<=': 'at_most', '>': 'more', '<': 'less' }
const TEXTS = Object.fromEntries(Object.entries(SIGNS).map(([sign, word]) => [word, sign]))

export const RELATIONS = {
  is: 'is',
  is_not: 'is not',
  at_least: 'is at least',
  at_most: 'is at most',
  more: 'is more than',
  less: 'is less than',
  includes: 'includes',
  excludes: 'does not include',
  ticked: 'is ticked',
  unticked: 'is not ticked',
  known: 'has been answered',
  unknown: 'has not been answered',
  any: 'has at least one entry',
  none: 'has no entry',
}
export const WITHOUT_VALUE = ['ticked', 'unticked', 'known', 'unknown', 'any', 'none']

const BY_KIND = {
  text: ['is', 'is_not', 'known', 'unknown'],
  choice: ['is', 'is_not', 'known', 'unknown'],
  number: ['is', 'is_not', 'at_least', 'at_most', 'more', 'less', 'known', 'unknown'],
  date: ['is', 'at_least', 'at_most', 'more', 'less', 'known', 'unknown'],
  moment: ['at_least', 'at_most', 'more', 'less', 'known', 'unknown'],
  several: ['includes', 'excludes'],
  flag: ['ticked', 'unticked'],
  list: ['any', 'none'],
}
const OF_DATES = {
  at_least: 'is on or after', at_most: 'is on or before', more: 'is after', less: 'is before',
}

// [code, words] of what can be asked about a fact.
export function relationsOf (kind) {
  const words = kind === 'date' || kind === 'moment' ? { ...RELATIONS, ...OF_DATES } : RELATIONS
  return (BY_KIND[kind] || BY_KIND.text).map((code) => [code, words[code]])
}

// {join: 'and' | 'or', rows: [{fact, relation, value: {kind, text}}]}, or null.
export function parseCondition (text) {
  if (!text.trim()) return { join: 'and', rows: [] }
  const all = tokens(text)
  if (!all) return null
  const joins = new Set()
  const parts = [[]]
  let depth = 0
  for (const token of all) {
    if (token.kind === '(' || token.kind === '[') depth += 1
    if (token.kind === ')' || token.kind === ']') depth -= 1
    const isJoin = depth === 0 && token.kind === 'name' && ['and', 'or'].includes(token.text)
    if (isJoin) {
      joins.add(token.text)
      parts.push([])
    } else parts[parts.length - 1].push(token)
  }
  const rows = parts.map(parseRow)
  if (joins.size > 1 || rows.includes(null)) return null
  return { join: [...joins][0] || 'and', rows }
}

function parseRow (part) {
  const shape = part.map(({ kind, text }) => (
    kind === 'name' && ['not', 'in', 'known', 'count'].includes(text) ? text : kind
  )).join(' ')
  const at = (place) => part[place]?.text
  const sign = part[1]?.kind
  switch (shape) {
    case 'name': return { fact: at(0), relation: 'ticked' }
    case 'not name': return { fact: at(1), relation: 'unticked' }
    case 'known ( string )': return { fact: at(2), relation: 'known' }
    case 'not known ( string )': return { fact: at(3), relation: 'unknown' }
    case 'string in name': return { fact: at(2), relation: 'includes', value: part[0] }
    case 'string not in name': return { fact: at(3), relation: 'excludes', value: part[0] }
    case 'count ( name ) > number': case 'count ( name ) != number':
      return at(5) === '0' ? { fact: at(2), relation: 'any' } : null
    case 'count ( name ) == number':
      return at(5) === '0' ? { fact: at(2), relation: 'none' } : null
  }
  if (!SIGNS[sign] || part[0].kind !== 'name' || RESERVED.has(at(0))) return null
  const isToday = part.length === 5 && at(2) === 'today' && at(3) === '(' && at(4) === ')'
  const value = isToday ? { kind: 'today', text: 'today' } : part[2]
  if (!isToday && (part.length !== 3 || !['string', 'number', 'name'].includes(value.kind))) {
    return null
  }
  return { fact: at(0), relation: SIGNS[sign], value: { kind: value.kind, text: value.text } }
}

const RESERVED = new Set(['not', 'and', 'or', 'in', 'if', 'else'])

export function writeCondition ({ join, rows }) {
  return rows.map(writeRow).join(` ${join} `)
}

function writeRow ({ fact, relation, value }) {
  switch (relation) {
    case 'ticked': return fact
    case 'unticked': return `not ${fact}`
    case 'known': return `known("${fact}")`
    case 'unknown': return `not known("${fact}")`
    case 'includes': return `${writeValue(value)} in ${fact}`
    case 'excludes': return `${writeValue(value)} not in ${fact}`
    case 'any': return `count(${fact}) > 0`
    case 'none': return `count(${fact}) == 0`
  }
  return `${fact} ${TEXTS[relation]} ${writeValue(value)}`
}

function writeValue (value) {
  if (!value) return '""'
  if (value.kind === 'today') return 'today()'
  return value.kind === 'string' ? quote(value.text) : value.text || '0'
}

// A date that a period gives: {key, fact, mayWait}, or null for any other expression.
export function parseDeadline (text) {
  const match = text.trim().match(
    /^deadline\(\s*["'](\w+)["']\s*,\s*(?:([A-Za-z_][\w.]*)|value\(\s*["'](\w+)["']\s*,\s*None\s*\))\s*\)$/,
  )
  if (!match) return null
  return { key: match[1], fact: match[2] || match[3], mayWait: Boolean(match[3]) }
}

export function writeDeadline ({ key, fact, mayWait }) {
  const day = mayWait && !fact.includes('.') ? `value("${fact}", None)` : fact
  return `deadline("${key}", ${day})`
}

// The value of a parameter: a text in quotation marks, a fact, or an expression.
export function parseValue (text) {
  const found = tokens(text)
  if (found?.length === 1 && found[0].kind === 'string') {
    return { kind: 'text', text: found[0].text }
  }
  if (found?.length === 1 && found[0].kind === 'name') return { kind: 'fact', text: found[0].text }
  return { kind: text ? 'expression' : 'text', text }
}

export function writeParameter ({ kind, text }) {
  return kind === 'text' && text ? `'${text.replace(/[\\']/g, '\\$&')}'` : text
}
