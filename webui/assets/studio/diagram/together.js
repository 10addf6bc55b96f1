// Several changes that are undone in one step.

class Handler {
  preExecute (context) {
    context.work()
  }
}

class Together {
  constructor (commandStack) {
    this._stack = commandStack
    commandStack.registerHandler('studio.together', Handler)
  }

  run (work) {
    this._stack.execute('studio.together', { work })
  }
}
Together.$inject = ['commandStack']

export default { __init__: ['together'], together: ['type', Together] }
