// What the packages call things, in the words of the screen.

const STEPS = {
  Collaboration: 'The whole diagram',
  Process: 'The whole diagram',
  Participant: 'The whole diagram',
  Lane: 'Lane of a role',
  'User Task': 'Task for a person',
  'Service Task': 'Letter, notice or register entry',
  'Script Task': 'Note a fact',
  'Business Rule Task': 'Decision table',
  'Call Activity': 'Another process',
  'Expanded Sub Process': 'Part with steps of its own',
  'Collapsed Sub Process': 'Part with steps of its own',
  'Exclusive Gateway': 'Question: one answer',
  'Inclusive Gateway': 'Question: several answers',
  'Parallel Gateway': 'At the same time',
  'Event Based Gateway': 'Whichever happens first',
}
const EVENTS = {
  'Timer Boundary Event': 'Time is up: the step goes away',
  'Timer Boundary Event (Non Interrupting)': 'Date beside the task: it stays open',
  'Message Boundary Event': 'A message: the step goes away',
  'Message Boundary Event (Non Interrupting)': 'A message: the step stays open',
  'Timer Intermediate Catch Event': 'Wait for a day',
  'Message Intermediate Catch Event': 'Wait for a message',
  'Message Intermediate Throw Event': 'Send a message',
  'Intermediate Throw Event': 'Event',
  'Start Event': 'Start',
  'Message Start Event': 'Start by a message',
  'End Event': 'End',
  'Message End Event': 'End with a message',
  'Terminate End Event': 'End everything that is open',
}
const LINES = {
  'Sequence Flow': 'The way to the next step',
  'Conditional Flow': 'The way if something holds',
  'Default Flow': 'The way if nothing else holds',
  'Text Annotation': 'Remark',
  Association: 'Line to a remark',
}
const WORDS = { ...STEPS, ...EVENTS, ...LINES }

function translate (template, replacements = {}) {
  const said = Object.hasOwn(WORDS, template) ? WORDS[template] : template
  return said.replace(/{([^}]+)}/g, (_, key) => replacements[key] || `{${key}}`)
}

export default { translate: ['value', translate] }
