// What a step does: its form, who may do it, what it calls, asks, sends or notes.
import { useService } from 'bpmn-js-properties-panel'
import { choose, show } from '../chooser.js'
import * as read from '../details.js'
import { parseValue, writeParameter } from '../expressions.js'
import { slug } from '../names.js'
import { Button, Note, Select, Text, Ticks, factOptions, useFacts } from './parts.jsx'

export function Form ({ element }) {
  const [details, catalogue, office] = ['details', 'catalogue', 'studioOffice'].map(useService)
  const id = read.property(element.businessObject, 'form')
  const form = catalogue.forms.find((each) => each.id === id)
  const use = (chosen) => chosen && details.setProperty(element, 'form', chosen)
  const pick = async () => use(await choose('Choose a form', catalogue.forms.map((each) => ({
    id: each.id,
    title: each.title,
    lines: [
      each.questions.slice(0, 3).join(' · '),
      each.used_by.length ? `Used by: ${each.used_by.join(', ')}` : 'Not used yet',
    ],
  }))))
  const make = () => {
    const wanted = slug(element.businessObject.name) || element.businessObject.id
    use(office.newForm(wanted, element.businessObject.name))
  }
  return (
    <div class="app-panel-block">
      {form
        ? <Note><strong>{form.title}</strong>: {form.questions.slice(0, 4).join(' · ') || 'no questions yet'}</Note>
        : <Note>{id ? `The form “${id}” does not exist.` : 'No form yet. The form holds the questions that the person answers.'}</Note>}
      <div class="app-panel-buttons">
        <Button id="choose-form" onClick={pick}>Choose a form</Button>
        <Button id="new-form" onClick={make}>New form</Button>
        {form && <Button onClick={() => preview(office, form)}>Preview</Button>}
        {form && <Button onClick={() => office.openForm(id)}>Open the form</Button>}
      </div>
    </div>
  )
}

async function preview (office, form) {
  show(`Form: ${form.title}`, await office.formPreview(form))
}

export function Signatures ({ element }) {
  return (
    <div class="app-panel-block">
      <OtherTasks
        element={element} name="not_by" legend="Not by whoever did"
        hint="A second signature: somebody else must do this task."
      />
      <OtherTasks
        element={element} name="only_by" legend="Only by whoever did"
        hint="Only somebody who did one of these may do this task."
      />
    </div>
  )
}

function OtherTasks ({ element, name, legend, hint }) {
  const [details, catalogue, elementRegistry] = ['details', 'catalogue', 'elementRegistry']
    .map(useService)
  const chosen = read.listed(read.property(element.businessObject, name))
  const here = elementRegistry.filter((each) => (
    each.type === 'bpmn:UserTask' && each !== element
  )).map(({ businessObject: { id, name: title } }) => ({ id, title: title || id, process: 'this diagram' }))
  const known = [...here, ...catalogue.tasks]
  const keep = (ids) => details.setProperty(element, name, ids.join(', '))
  const add = async () => {
    const choices = known.filter(({ id }) => id !== element.id && !chosen.includes(id))
      .map(({ id, title, process }) => ({ id, title, lines: [`In: ${process}`] }))
    const found = await choose(legend, choices)
    if (found) keep([...chosen, found])
  }
  return (
    <div class="app-panel-list" role="group" aria-label={legend}>
      <span class="bio-properties-panel-label">{legend}</span>
      <Note>{hint}</Note>
      <ul>
        {chosen.map((id) => (
          <li>
            {known.find((each) => each.id === id)?.title || id}{' '}
            <Button plain onClick={() => keep(chosen.filter((each) => each !== id))} describes={id}>
              Remove
            </Button>
          </li>
        ))}
      </ul>
      <Button onClick={add} describes={legend.toLowerCase()}>Add a task</Button>
    </div>
  )
}

export function Called ({ element }) {
  const [details, catalogue, modeling] = ['details', 'catalogue', 'modeling'].map(useService)
  const bo = element.businessObject
  const process = catalogue.processes.find((each) => each.id === bo.calledElement)
  const pick = async () => {
    const found = await choose('Choose a process', catalogue.processes.map((each) => ({
      id: each.id, title: each.title, lines: [each.id],
    })))
    if (found) modeling.updateProperties(element, { calledElement: found })
  }
  const outputs = read.listed(read.property(bo, 'outputs'))
  const choices = [...new Set([...outputs, ...(process?.sets || [])])].map((name) => [name, name])
  return (
    <div class="app-panel-block">
      <Note>{process ? <strong>{process.title}</strong> : bo.calledElement || 'No process chosen yet.'}</Note>
      <Button id="choose-process" onClick={pick}>Choose a process</Button>
      {choices.length > 0 && (
        <Ticks
          id="outputs" legend="Facts that come back" choices={choices} chosen={outputs}
          hint="Nothing else that is answered in there is known here afterwards."
          onChange={(names) => details.setProperty(element, 'outputs', names.join(', '))}
        />
      )}
    </div>
  )
}

export function Decision ({ element }) {
  const [details, catalogue, office] = ['details', 'catalogue', 'studioOffice'].map(useService)
  const chosen = read.text(element.businessObject, 'CalledDecisionId')
  const table = catalogue.tables.find((each) => each.id === chosen)
  return (
    <div class="app-panel-block">
      <Select
        id="table" label="Decision table" value={chosen} empty="Choose a table"
        options={catalogue.tables.map(({ id, title }) => [id, `${title} (${id})`])}
        onChange={(id) => details.setText(element, 'CalledDecisionId', id)}
      />
      {table && <Note>It sets: {table.sets.join(', ')}.</Note>}
      {table && <Button onClick={() => office.openTable(chosen)}>Open the table</Button>}
    </div>
  )
}

export function Service ({ element }) {
  const [details, catalogue] = ['details', 'catalogue'].map(useService)
  const facts = useFacts(element)
  const now = read.operator(element.businessObject)
  const operation = catalogue.operations.find((each) => each.id === now.id)
  const start = (id) => {
    const wanted = catalogue.operations.find((each) => each.id === id)
    const needed = (wanted?.parameters || []).filter((each) => each.is_needed)
    const parameters = Object.fromEntries(needed.map(({ name }) => [name, now.parameters[name] || '']))
    details.setOperator(element, { id, parameters })
  }
  const set = (name, value) => {
    const latest = read.operator(element.businessObject)
    const parameters = { ...latest.parameters, [name]: value }
    const isNeeded = operation.parameters.find((each) => each.name === name)?.is_needed
    if (!value && !isNeeded) delete parameters[name]
    details.setOperator(element, { ...latest, parameters })
  }
  return (
    <div class="app-panel-block">
      <Select
        id="operation" label="What it does" value={now.id} empty="Choose"
        options={catalogue.operations.map(({ id, title }) => [id, title])} onChange={start}
      />
      {operation?.parameters.map((each) => (
        <Parameter
          key={each.name} parameter={each} value={now.parameters[each.name] || ''} facts={facts}
          onChange={(value) => set(each.name, value)}
        />
      ))}
    </div>
  )
}

const words = (name) => name.replaceAll('_', ' ')

function Parameter ({ parameter, value, facts, onChange }) {
  const { name, values, is_needed: isNeeded } = parameter
  const { kind, text } = parseValue(value)
  const id = `parameter-${name}`
  const label = words(name).replace(/^./, (first) => first.toUpperCase()) +
    (isNeeded ? '' : ' (if wanted)')
  const put = (next) => onChange(writeParameter({ kind, text, ...next }))
  return (
    <div class="app-panel-pair" role="group" aria-label={label}>
      <Select
        id={`${id}-kind`} label={`${label}: given as`} value={kind}
        options={[['text', values.length ? 'One of a list' : 'This text'], ['fact', 'What a fact holds'], ['expression', 'An expression']]}
        onChange={(next) => onChange(writeParameter({ kind: next, text: next === 'expression' ? value : '' }))}
      />
      {kind === 'text' && values.length > 0 && (
        <Select
          id={id} label={label} value={text} empty="Choose"
          options={values.map((each) => [each, words(each)])} onChange={(said) => put({ text: said })}
        />
      )}
      {kind === 'text' && !values.length && (
        <Text id={id} label={label} value={text} onChange={(said) => put({ text: said })} />
      )}
      {kind === 'fact' && (
        <Select
          id={id} label={label} value={text} empty="Choose a fact" options={factOptions(facts)}
          onChange={(said) => put({ text: said })}
        />
      )}
      {kind === 'expression' && (
        <Text id={id} label={label} value={text} spellcheck={false} onChange={(said) => put({ text: said })} />
      )}
    </div>
  )
}

export function Script ({ element }) {
  const modeling = useService('modeling')
  const bo = element.businessObject
  return (
    <Text
      id="script" label="The facts that it notes, one on each line" rows={4} spellcheck={false}
      value={bo.script || ''}
      hint={'A name, an equals sign, a value: action_for_authority = "direct_action". Text stands in quotation marks; reminders = reminders + 1 counts.'}
      onChange={(said) => modeling.updateProperties(element, { script: said || undefined })}
    />
  )
}

export function Message ({ element }) {
  const [details, catalogue] = ['details', 'catalogue'].map(useService)
  const definition = read.eventDefinition(element.businessObject)
  const name = definition.messageRef?.name || ''
  const sends = read.isA(element, 'bpmn:ThrowEvent')
  const own = details.messages().map((each) => each.name)
  const known = new Map(catalogue.messages.map((each) => [each.name, each.used_in]))
  const names = [...new Set([...known.keys(), ...own])].sort()
  const type = sends ? 'MessagePayload' : 'MessageVariable'
  return (
    <div class="app-panel-block">
      <Select
        id="message" label="Message" value={name} empty="Choose a message"
        options={names.map((each) => [each, words(each)])}
        onChange={(chosen) => details.setMessage(element, chosen)}
      />
      {name && <Note>Used in: {known.get(name)?.join(', ') || 'no other diagram yet'}.</Note>}
      <Text
        id="new-message" label="Or a new message" value="" hint="Such as: appeal lodged"
        onChange={(said) => slug(said) && details.setMessage(element, slug(said))}
      />
      <Text
        id="message-content" spellcheck={false}
        label={sends ? 'What it carries (an expression, if wanted)' : 'The fact that holds what it carries (if wanted)'}
        value={read.text(definition, type)}
        onChange={(said) => details.setText(element, type, sends ? said : slug(said), definition)}
      />
    </div>
  )
}
