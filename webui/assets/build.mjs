// Builds the files under webui/static. Run by `npm ci && npm run build`, never at run time.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import * as sass from 'sass'

const STATIC = 'webui/static'
rmSync(STATIC, { recursive: true, force: true })
mkdirSync(`${STATIC}/licences`, { recursive: true })

const css = sass.compile('webui/assets/page.scss', {
  style: 'compressed',
  importers: [new sass.NodePackageImporter()],
  quietDeps: true,
  charset: false,
})
writeFileSync(`${STATIC}/page.css`, css.css)
cpSync('node_modules/bpmn-js/dist/assets/diagram-js.css', `${STATIC}/diagram.css`)
cpSync('webui/assets/favicon.svg', `${STATIC}/favicon.svg`)

const bundles = await build({
  entryPoints: ['webui/assets/page.js', 'webui/assets/diagram.js'],
  outdir: STATIC,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2020',
  legalComments: 'none',
  metafile: true,
})

const packages = new Set(['govuk-frontend', 'bpmn-js'])
for (const input of Object.keys(bundles.metafile.inputs)) {
  const match = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)
  if (match) packages.add(match[1])
}
for (const name of [...packages].sort()) {
  const folder = `node_modules/${name}`
  const { version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
  // govuk-frontend ships its licence in its repository only: kept beside this file.
  const ours = `webui/assets/licences/${name}.txt`
  if (!file && !existsSync(ours)) throw new Error(`${name} has no licence text: write ${ours}`)
  const text = readFileSync(file ? `${folder}/${file}` : ours, 'utf8')
  writeFileSync(`${STATIC}/licences/${name.replace('/', '__')}.txt`, `${name} ${version}\n\n${text}`)
}

const vendor = 'tests/vendor'
mkdirSync(vendor, { recursive: true })
cpSync('node_modules/axe-core/axe.min.js', `${vendor}/axe.min.js`)
cpSync('node_modules/axe-core/LICENSE', `${vendor}/axe-core.LICENSE.txt`)
