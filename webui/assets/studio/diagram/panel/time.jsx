// When something is due: a period with the law behind it, and the fact it counts from.
import { useState } from '@bpmn-io/properties-panel/preact/hooks'
import { useService } from 'bpmn-js-properties-panel'
import { choose } from '../chooser.js'
import * as read from '../details.js'
import { inWords } from '../dates.js'
import { parseDeadline, writeDeadline } from '../expressions.js'
import { answerDate } from '../pieces.js'
import { Button, Note, Select, Text, Tick, factOptions, useFacts } from './parts.jsx'

const DATES = ['date', 'moment']

const law = ({ section, is_statutory: isLaw, is_confirmed: isConfirmed }) => (
  `${isLaw ? 'Set by law' : 'A target of the council'}: ${section}` +
  (isLaw && !isConfirmed ? ' – not yet confirmed by a solicitor' : '')
)
const counted = ({ length, rule, trigger, date_is: dateIs }, rules) => (
  `${length}, from ${trigger}. ${rules[rule] || rule.replaceAll('_', ' ')}. ` +
  `The date is the ${dateIs === 'last_day' ? 'last day' : 'first day'}.`
)

export function Period ({ element }) {
  const [details, catalogue, together, elementRegistry, office] = [
    'details', 'catalogue', 'together', 'elementRegistry', 'studioOffice',
  ].map(useService)
  const [isExpert, setExpert] = useState(false)
  const facts = useFacts(element)
  const text = read.date(element)
  const [half, setHalf] = useState({})
  const parsed = text ? parseDeadline(text) : { key: half.key || '', fact: half.fact || '' }
  const period = catalogue.periods.find((each) => each.key === parsed?.key)

  const put = (body) => together.run(() => {
    const before = read.date(element)
    details.setDate(element, body)
    markSafeguard(element, parseDeadline(before), parseDeadline(body), { details, catalogue })
    for (const late of answering(element, elementRegistry)) {
      const had = read.date(late)
      if (!had || had === answerDate(before, catalogue)) {
        details.setDate(late, answerDate(body, catalogue))
      }
    }
  })
  // Both halves are kept together; one alone waits for the other.
  const change = (part) => {
    const next = { ...parsed, ...part }
    setHalf({ key: next.key, fact: next.fact })
    if (next.key && next.fact) put(writeDeadline(next))
  }
  const pick = async () => {
    await office.learnPeriods()
    const key = await choose('Choose a period', catalogue.periods.map((each) => ({
      id: each.key, title: each.title, group: each.group, lines: [counted(each, catalogue.rules), law(each)],
    })), {
      link: ['Make a new period or service standard', office.periodsAddress],
    })
    if (key) change({ key })
  }
  const clear = () => {
    setExpert(false)
    put('')
  }
  const words = inWords(text, catalogue.periods)
  if (isExpert || !parsed) {
    return (
      <div class="app-panel-block">
        {!parsed && !isExpert && <Note>{words ? <strong>{words}</strong> : 'This date is worked out by an expression.'}</Note>}
        <Text
          id="date" label="The date, as an expression" rows={3} spellcheck={false} value={text}
          hint={'Such as deadline("pcn_response", served_on), earliest(a, b) or the name of a fact that holds a date.'}
          onChange={put}
        />
        {parsed
          ? <Button onClick={() => setExpert(false)}>Choose from lists instead</Button>
          : <Button onClick={clear}>Clear it and choose from lists</Button>}
      </div>
    )
  }
  const dates = facts.filter((each) => DATES.includes(each.kind))
  return (
    <div class="app-panel-block">
      {period
        ? <Note><strong>{period.title}</strong><br />{counted(period, catalogue.rules)}<br />{law(period)}</Note>
        : <Note>{parsed.key ? `There is no period “${parsed.key}”.` : 'No period yet. A period is named, never typed as a number.'}</Note>}
      <Button id="choose-period" onClick={pick}>Choose a period</Button>
      <Select
        id="counts-from" label="Counts from" value={parsed.fact} empty="Choose a day"
        options={factOptions(dates)} hint="A day that an earlier form, table or step gives."
        onChange={(fact) => change({ fact })}
      />
      {parsed.fact && (
        <Tick
          id="may-wait" label="The day may not be known yet: wait until it is" value={parsed.mayWait || false}
          onChange={(mayWait) => change({ mayWait })}
        />
      )}
      <Button onClick={() => setExpert(true)}>Write an expression instead</Button>
    </div>
  )
}

// A period that the law sets is marked, so that nobody takes it out by mistake.
function markSafeguard (element, before, after, { details, catalogue }) {
  const words = (parsed) => {
    const period = catalogue.periods.find((each) => each.key === parsed?.key)
    return period?.is_statutory ? `${period.title} (${period.section})` : ''
  }
  const said = read.property(element.businessObject, 'safeguard')
  if (!said || said === words(before)) details.setProperty(element, 'safeguard', words(after))
}

// The dates of the tasks that this one escalates to.
function answering (event, elementRegistry) {
  const tasks = event.type === 'bpmn:BoundaryEvent' ? event.outgoing.map((flow) => flow.target) : []
  return elementRegistry.filter((each) => (
    each.type === 'bpmn:BoundaryEvent' && tasks.includes(each.host) && read.isTimer(each)
  ))
}

// The dates on the edge of a task, and a way to add the first.
export function DueDates ({ element }) {
  const [pieces, selection, catalogue] = ['pieces', 'selection', 'catalogue'].map(useService)
  const timers = (element.attachers || []).filter(read.isTimer)
  const said = (event) => {
    const parsed = parseDeadline(read.date(event))
    const period = catalogue.periods.find((each) => each.key === parsed?.key)
    return period ? `${period.title}, ${period.length}` : inWords(read.date(event), catalogue.periods) || read.date(event) || 'no period yet'
  }
  return (
    <div class="app-panel-block app-panel-list">
      {!timers.length && <Note>No due date yet. When it passes, the manager is told and the task stays open.</Note>}
      <ul>
        {timers.map((event) => (
          <li>
            <Button plain onClick={() => selection.select(event)}>
              {event.businessObject.name || event.businessObject.id}
            </Button>: {said(event)}
          </li>
        ))}
      </ul>
      <Button id="add-due-date" onClick={() => pieces.addDueDate(element)}>Add a due date</Button>
    </div>
  )
}

// What an event on the edge does to its step.
export function Edge ({ element }) {
  const [details, bpmnReplace, selection] = ['details', 'bpmnReplace', 'selection'].map(useService)
  const bo = element.businessObject
  const turn = (interrupts) => {
    const made = bpmnReplace.replaceElement(element, {
      type: 'bpmn:BoundaryEvent',
      eventDefinitionType: read.eventDefinition(bo).$type,
      cancelActivity: interrupts,
    })
    selection.select(made)
  }
  return (
    <div class="app-panel-block">
      <Select
        id="edge" label="When it happens" value={bo.cancelActivity ? 'goes' : 'stays'}
        options={[['stays', 'the step stays open'], ['goes', 'the step goes away']]}
        onChange={(choice) => turn(choice === 'goes')}
      />
      {!bo.cancelActivity && (
        <Tick
          id="keeps-open" label="Keep the work behind it open although the step was completed"
          value={read.property(bo, 'keeps_open') === 'true'}
          onChange={(isOn) => details.setProperty(element, 'keeps_open', isOn ? 'true' : '')}
        />
      )}
    </div>
  )
}
