// What of the drawing is in sight: the room that the palette leaves.

const SMALLEST = 0.3
const BEGINNING = 0.5
const GAP = 20

const paletteWidth = (canvas) => (
  canvas.getContainer().querySelector('.djs-palette')?.offsetWidth || 0
)

// Everything at once, as large as it fits, but no larger than it is drawn.
export function showAll (canvas) {
  const { outer, inner } = canvas.viewbox()
  const left = paletteWidth(canvas) + GAP
  const scale = Math.min(
    1, (outer.width - left - GAP) / inner.width, (outer.height - 2 * GAP) / inner.height,
  )
  look(canvas, Math.max(scale, 0.1), left)
  return scale
}

// Everything, unless nobody could read it: then its beginning.
export function open (canvas) {
  if (showAll(canvas) < SMALLEST) look(canvas, BEGINNING, paletteWidth(canvas) + GAP)
}

function look (canvas, scale, left) {
  const { outer, inner } = canvas.viewbox()
  canvas.viewbox({
    x: inner.x - left / scale,
    y: inner.y - GAP / scale,
    width: outer.width / scale,
    height: outer.height / scale,
  })
}

// An element that is out of sight is brought into it, clear of the palette.
export function reveal (canvas, element) {
  const left = paletteWidth(canvas) + 60
  canvas.scrollToElement(element, { top: 100, bottom: 120, right: 120, left })
}
