// What may be connected: steps with flows, remarks with dotted lines; nothing twice.
import RuleProvider from 'diagram-js/lib/features/rules/RuleProvider'

const BEFORE_THE_USUAL = 2000
const LINES = ['bpmn:SequenceFlow', 'bpmn:Association']

class Rules extends RuleProvider {
  constructor (eventBus, injector) {
    super(eventBus)
    this._injector = injector
  }

  init () {
    const usual = () => this._injector.get('bpmnRules')
    const judge = ({ source, target, connection, hints = {} }) => {
      if (!source || !target || hints.targetAttach) return undefined
      if (connection && !LINES.includes(connection.type)) return undefined
      if (!hints.targetParent && target.parent) {
        const line = usual().canConnect(source, target, connection)
        if (line && !LINES.includes(line.type)) return false
      }
      const isThere = source.outgoing?.some((each) => (
        each !== connection && each.target === target && each.type === 'bpmn:SequenceFlow'
      ))
      return isThere ? false : undefined
    }
    this.addRule(['connection.create', 'connection.reconnect'], BEFORE_THE_USUAL, judge)
  }
}
Rules.$inject = ['eventBus', 'injector']

export default { __init__: ['studioRules'], studioRules: ['type', Rules] }
