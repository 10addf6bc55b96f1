// Copy in one diagram, paste in another: the browser keeps what was copied last.

const KEY = 'studio-clipboard'

// Elements are rebuilt by their type, each id once.
function reviver (moddle) {
  const known = {}
  return (_, value) => {
    if (!value || typeof value !== 'object' || typeof value.$type !== 'string') return value
    if (value.id && known[value.id]) return known[value.id]
    const { $type, ...attributes } = value
    const made = moddle.create($type, attributes)
    if (value.id) known[value.id] = made
    return made
  }
}

class SharedClipboard {
  constructor (eventBus, clipboard, moddle) {
    eventBus.on('copyPaste.elementsCopied', ({ tree }) => {
      try {
        localStorage.setItem(KEY, JSON.stringify(tree))
      } catch { /* a full store only means that it cannot be pasted elsewhere */ }
    })
    const inMemory = clipboard.get.bind(clipboard)
    clipboard.get = () => {
      const kept = localStorage.getItem(KEY)
      return kept ? JSON.parse(kept, reviver(moddle)) : inMemory()
    }
    clipboard.isEmpty = () => !localStorage.getItem(KEY) && !inMemory()
  }
}
SharedClipboard.$inject = ['eventBus', 'clipboard', 'moddle']

export default { __init__: ['sharedClipboard'], sharedClipboard: ['type', SharedClipboard] }
