// Where a case goes next: conditions on the flows out of a question, and the flows.
import { useEffect, useState } from '@bpmn-io/properties-panel/preact/hooks'
import { useService } from 'bpmn-js-properties-panel'
import { choose } from '../chooser.js'
import * as read from '../details.js'
import {
  WITHOUT_VALUE, parseCondition, relationsOf, writeCondition,
} from '../expressions.js'
import { Button, Note, Select, Text, Tick, factOptions, useFacts } from './parts.jsx'

export const isAnswer = (flow) => (
  read.isA(flow.source, 'bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway') &&
  flow.source.outgoing.length > 1
)

export function Condition ({ element }) {
  const details = useService('details')
  const isDefault = element.source.businessObject.default === element.businessObject
  return (
    <div class="app-panel-block">
      <Tick
        id="is-default" label="The way if no other condition holds" value={isDefault}
        onChange={(isOn) => details.setDefault(element, isOn)}
      />
      {!isDefault && <Rows element={element} />}
    </div>
  )
}

function Rows ({ element }) {
  const details = useService('details')
  const facts = useFacts(element)
  const text = read.condition(element)
  const [isExpert, setExpert] = useState(false)
  const [draft, setDraft] = useState(parseCondition(text))
  useEffect(() => setDraft(parseCondition(text)), [text, element.businessObject.id])

  const keep = (next) => {
    setDraft(next)
    if (next.rows.every(isWhole)) details.setCondition(element, writeCondition(next))
  }
  const clear = () => {
    setExpert(false)
    details.setCondition(element, '')
  }
  if (isExpert || !draft) {
    return (
      <div class="app-panel-block">
        <Text
          id="condition" label="Condition" rows={3} value={text} spellcheck={false}
          hint={'Such as breach_found == "yes" and harm_points >= 5'}
          onChange={(said) => details.setCondition(element, said)}
        />
        {draft
          ? <Button onClick={() => setExpert(false)}>Choose from lists instead</Button>
          : <Button onClick={clear}>Clear it and choose from lists</Button>}
      </div>
    )
  }
  const change = (place, part) => keep({
    ...draft, rows: draft.rows.map((row, at) => (at === place ? { ...row, ...part } : row)),
  })
  const rows = draft.rows.length ? draft.rows : [{ fact: '', relation: 'is' }]
  const shown = { ...draft, rows }
  const alter = (place, part) => (draft.rows.length
    ? change(place, part)
    : keep({ ...shown, rows: [{ ...rows[0], ...part }] }))
  return (
    <div class="app-panel-block">
      {rows.map((row, place) => (
        <Row
          key={place} row={row} place={place} facts={facts} onChange={(part) => alter(place, part)}
          onRemove={rows.length > 1
            ? () => keep({ ...draft, rows: draft.rows.filter((_, at) => at !== place) })
            : null}
        />
      ))}
      {rows.length > 1 && (
        <Select
          id="join" label="These must hold" value={draft.join}
          options={[['and', 'all of them'], ['or', 'at least one of them']]}
          onChange={(join) => keep({ ...draft, join })}
        />
      )}
      <div class="app-panel-buttons">
        <Button onClick={() => setDraft({ ...shown, rows: [...rows, { fact: '', relation: 'is' }] })}>
          Add a line
        </Button>
        <Button onClick={() => setExpert(true)}>Write an expression instead</Button>
      </div>
    </div>
  )
}

const isWhole = ({ fact, relation, value }) => (
  Boolean(fact) && (WITHOUT_VALUE.includes(relation) || Boolean(value?.text))
)

function Row ({ row, place, facts, onChange, onRemove }) {
  const fact = facts.find((each) => each.name === row.fact)
  const kind = fact?.options.length && fact.kind === 'text' ? 'choice' : fact?.kind || 'text'
  const relations = relationsOf(kind)
  const pickFact = (name) => {
    const next = facts.find((each) => each.name === name)
    const known = relationsOf(next?.kind || 'text')
    const isKept = known.some(([code]) => code === row.relation)
    onChange({ fact: name, relation: isKept ? row.relation : known[0][0], value: undefined })
  }
  const id = (part) => `condition-${place}-${part}`
  return (
    <div class="app-panel-row" role="group" aria-label={`Line ${place + 1}`}>
      <Select
        id={id('fact')} label="What" value={row.fact} empty="Choose what was answered"
        options={factOptions(facts)} onChange={pickFact}
      />
      <Select
        id={id('relation')} label="Comparison" value={row.relation} options={relations}
        onChange={(relation) => onChange({ relation })}
      />
      {!WITHOUT_VALUE.includes(row.relation) && (
        <Value id={id('value')} kind={kind} fact={fact} facts={facts} value={row.value} onChange={(value) => onChange({ value })} />
      )}
      {onRemove && <Button plain onClick={onRemove} describes={`line ${place + 1}`}>Remove</Button>}
    </div>
  )
}

function Value ({ id, kind, fact, facts, value, onChange }) {
  const text = value?.text || ''
  if (fact?.options.length) {
    return (
      <Select
        id={id} label="Value" value={text} empty="Choose an answer"
        options={fact.options.map((each) => [each.value, each.label])}
        onChange={(chosen) => onChange({ kind: 'string', text: chosen })}
      />
    )
  }
  if (kind === 'date' || kind === 'moment') {
    const dates = facts.filter((each) => each.kind === kind && each !== fact)
    const options = [['today', 'today'], ...factOptions(dates)]
    return (
      <Select
        id={id} label="Value" value={text} empty="Choose a day" options={options}
        onChange={(chosen) => onChange(chosen === 'today'
          ? { kind: 'today', text: 'today' }
          : { kind: 'name', text: chosen })}
      />
    )
  }
  const isNumber = kind === 'number'
  return (
    <Text
      id={id} label="Value" value={text}
      onChange={(said) => onChange({ kind: isNumber ? 'number' : 'string', text: isNumber ? numeral(said) : said })}
    />
  )
}

const numeral = (said) => (Number.isFinite(Number(said)) && said.trim() ? said.trim() : '0')

// The neighbours of an element: to walk the drawing, and to lead it somewhere.
export function Neighbours ({ element }) {
  const [selection, modeling, elementRegistry, menus] = [
    'selection', 'modeling', 'elementRegistry', 'menus',
  ].map(useService)
  const title = (each) => each.businessObject.name || each.businessObject.id
  const flows = (all) => (all || []).filter((each) => each.type === 'bpmn:SequenceFlow')
  const walk = (label, found, other) => (
    <div class="app-panel-list">
      <span class="bio-properties-panel-label">{label}</span>
      <ul>
        {found.map((flow) => (
          <li>
            <Button plain onClick={() => selection.select(flow[other])}>{title(flow[other])}</Button>
            {' '}
            <Button plain onClick={() => selection.select(flow)} describes={title(flow[other])}>
              {flow.businessObject.name ? `(${flow.businessObject.name})` : '(flow)'}
            </Button>
          </li>
        ))}
        {!found.length && <li>Nothing</li>}
      </ul>
    </div>
  )
  const lead = async () => {
    const inside = element.parent
    const choices = elementRegistry.filter((each) => (
      each.parent === inside && !each.labelTarget && each !== element &&
      read.isA(each, 'bpmn:FlowNode') && !read.isA(each, 'bpmn:StartEvent', 'bpmn:BoundaryEvent')
    )).map((each) => ({ id: each.id, title: title(each), lines: [each.id] }))
    const found = await choose('Lead to', choices)
    if (found) modeling.connect(element, elementRegistry.get(found))
  }
  const canLead = !read.isA(element, 'bpmn:EndEvent')
  return (
    <div class="app-panel-block">
      {walk('Comes after', flows(element.incoming), 'source')}
      {walk('Leads to', flows(element.outgoing), 'target')}
      {canLead && (
        <div class="app-panel-buttons">
          <Button id="add-next" onClick={() => menus.openAppend(element)}>Add what comes next</Button>
          <Button id="lead-to" onClick={lead}>Lead to a step that is there</Button>
        </div>
      )}
    </div>
  )
}
