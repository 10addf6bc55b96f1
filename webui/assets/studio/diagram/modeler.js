// bpmn-js with what a manager needs, and nothing that the engine does not run.
import Modeler from 'bpmn-js/lib/Modeler'
import AlignElementsModule from 'bpmn-js/lib/features/align-elements'
import DistributeElementsModule from 'bpmn-js/lib/features/distribute-elements'
import { BpmnPropertiesPanelModule } from 'bpmn-js-properties-panel'
import TokenSimulationModule from 'bpmn-js-token-simulation'
import MinimapModule from 'diagram-js-minimap'
import clipboard from './clipboard.js'
import details from './details.js'
import * as expressions from './expressions.js'
import lists from './lists.js'
import menus from './menus.js'
import names from './names.js'
import office from './office.js'
import order from './order.js'
import panel from './panel/provider.js'
import pieces from './pieces.js'
import placing from './placing.js'
import problems from './problems.js'
import rules from './rules.js'
import spiffworkflow from './spiffworkflow.json'
import tidying from './tidying.js'
import together from './together.js'
import wording from './wording.js'

const EMPTY = {
  roles: [], forms: [], periods: [], operations: [], processes: [], tables: [], tasks: [],
  messages: [], words: [], taken: [], rules: {},
}

const OURS = [
  wording, together, details, names, placing, pieces, menus, rules, lists, order, clipboard,
  tidying, problems, office, panel,
]

// Aligning is what “Tidy the drawing” does.
const LEFT_OUT = [AlignElementsModule, DistributeElementsModule]

class StudioModeler extends Modeler {
  getModules () {
    return super.getModules().filter((each) => !LEFT_OUT.includes(each))
  }
}

export function makeModeler (canvas, panelPlace, studio) {
  return new StudioModeler({
    container: canvas,
    propertiesPanel: { parent: panelPlace },
    minimap: { open: false },
    moddleExtensions: { spiffworkflow },
    studio,
    additionalModules: [
      BpmnPropertiesPanelModule,
      TokenSimulationModule,
      MinimapModule,
      { catalogue: ['value', { ...EMPTY }], expressions: ['value', expressions] },
      ...OURS,
    ],
  })
}
