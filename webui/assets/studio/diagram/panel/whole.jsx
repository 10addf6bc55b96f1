// What holds of any element, of a lane, and of the whole process.
import { useService } from 'bpmn-js-properties-panel'
import * as read from '../details.js'
import { slug } from '../names.js'
import { Note, Select, Text, Tick, Ticks, factOptions, useFacts } from './parts.jsx'

export function Name ({ element }) {
  const modeling = useService('modeling')
  const isFlow = element.type === 'bpmn:SequenceFlow'
  return (
    <Text
      id="name" label={isFlow ? 'Label' : 'Name'} value={element.businessObject.name || ''}
      hint={isFlow ? 'The answer that leads this way, such as Yes.' : ''}
      onChange={(name) => modeling.updateLabel(element, name)}
    />
  )
}

export function Identity ({ element }) {
  const [modeling, names, details] = ['modeling', 'names', 'details'].map(useService)
  const { id } = element.businessObject
  if (!names.isNew(element)) {
    return <Note>Id: <code>{id}</code>. It has been published and stays: stories and reports name it.</Note>
  }
  const rename = (said) => {
    const wanted = slug(said)
    if (wanted && wanted !== id) modeling.updateProperties(element, { id: details.freeId(wanted) })
  }
  return (
    <Text
      id="identity" label="Id" value={id} spellcheck={false} onChange={rename}
      hint="Follows the name until it is published; stories and reports use it."
    />
  )
}

export function Guidance ({ element }) {
  const details = useService('details')
  return (
    <Text
      id="guidance" label="Guidance for whoever does it" rows={5}
      value={read.documentation(element.businessObject)}
      hint="What to look at, with the section or the paragraph of the policy."
      onChange={(said) => details.setDocumentation(element, said)}
    />
  )
}

export function Safeguard ({ element }) {
  return (
    <Note>
      <strong>Statutory safeguard.</strong> {read.property(element.businessObject, 'safeguard')}{' '}
      Taking it out needs a reason and a second person.
    </Note>
  )
}

export function Who ({ element }) {
  const [placing, catalogue] = ['placing', 'catalogue'].map(useService)
  const lane = placing.laneOf(element)
  return (
    <Select
      id="who" label="Role" value={lane?.businessObject.name || ''} empty="No lane"
      options={catalogue.roles.map((each) => [each.lane, each.lane])}
      hint="Moves it into the lane of that role; a lane that is not there yet is drawn."
      onChange={(name) => name && placing.moveToLane(element, name)}
    />
  )
}

export function LaneRole ({ element }) {
  const [modeling, catalogue] = ['modeling', 'catalogue'].map(useService)
  return (
    <Select
      id="lane-role" label="Role" value={element.businessObject.name || ''} empty="Choose a role"
      options={catalogue.roles.map((each) => [each.lane, each.lane])}
      onChange={(name) => modeling.updateProperties(element, { name })}
    />
  )
}

export function Repeat ({ element }) {
  const details = useService('details')
  const facts = useFacts(element)
  const now = details.repetition(element.businessObject)
  const lists = facts.filter((each) => each.kind === 'list')
  const set = (part) => details.setRepetition(
    element, { ...details.repetition(element.businessObject), ...part },
  )
  return (
    <div class="app-panel-block">
      <Tick
        id="repeats" label="Once for each entry of a list" value={Boolean(now)}
        onChange={(isOn) => details.setRepetition(
          element, isOn ? { list: '', item: 'item', isSequential: false } : null,
        )}
      />
      {now && (
        <Select
          id="repeat-list" label="The list" value={now.list} empty="Choose a list"
          options={factOptions(lists)} onChange={(list) => set({ list, item: single(list) || now.item })}
        />
      )}
      {now && (
        <Text
          id="repeat-item" label="One entry is called" value={now.item}
          hint="Inside, its answers are read as recipient.served_on."
          onChange={(said) => set({ item: slug(said) || 'item' })}
        />
      )}
      {now && (
        <Tick
          id="repeat-sequential" label="One after the other" value={now.isSequential}
          onChange={(isSequential) => set({ isSequential })}
        />
      )}
    </div>
  )
}

const single = (list) => list.split('_').pop().replace(/ies$/, 'y').replace(/s$/, '')

export function Title ({ element }) {
  const [details, together, modeling, elementRegistry] = [
    'details', 'together', 'modeling', 'elementRegistry',
  ].map(useService)
  const process = read.processOf(element)
  const rename = (name) => together.run(() => {
    const pool = elementRegistry.find((each) => each.type === 'bpmn:Participant')
    details.update(element, process, { name })
    if (pool) modeling.updateProperties(pool, { name })
  })
  return <Text id="title" label="Title of the process" value={process.name || ''} onChange={rename} />
}

export function About ({ element }) {
  const details = useService('details')
  const process = read.processOf(element)
  return (
    <Text
      id="about" label="What it is for" rows={4} value={read.documentation(process)}
      onChange={(said) => details.setDocumentation(element, said, process)}
    />
  )
}

export function Starting ({ element }) {
  const [details, catalogue] = ['details', 'catalogue'].map(useService)
  const process = read.processOf(element)
  const get = (name) => read.property(process, name)
  const set = (name, value) => details.setProperty(element, name, value, process)
  return (
    <div class="app-panel-block">
      <Text
        id="start-from-case" label="Button on the case page" value={get('start_from_case')}
        hint="Such as “Consider a prosecution”. Empty: it is only called, or starts by a message."
        onChange={(said) => set('start_from_case', said)}
      />
      <Ticks
        id="start-roles" legend="Who sees the button" chosen={read.listed(get('start_roles'))}
        choices={catalogue.roles.map((each) => [each.role, each.lane])}
        onChange={(roles) => set('start_roles', roles.join(', '))}
      />
      <Tick
        id="for-notice" label="It is started for one of the case’s notices" value={get('for') === 'notice'}
        onChange={(isOn) => set('for', isOn ? 'notice' : '')}
      />
      <Text
        id="inputs" label="Facts that it takes over" value={get('inputs')} spellcheck={false}
        hint="Names with commas between them: from the notice, or from the case."
        onChange={(said) => set('inputs', read.listed(said).join(', '))}
      />
    </div>
  )
}

export function Mending ({ element }) {
  const problems = useService('problems')
  return (
    <ul class="app-panel-problems">
      {problems.of(element).map(({ problem, remedy, severity }) => (
        <li class={severity === 'advice' ? 'is-advice' : ''}>
          <strong>{problem}</strong> {remedy}
        </li>
      ))}
    </ul>
  )
}
