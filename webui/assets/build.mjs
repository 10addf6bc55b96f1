// Builds the files under webui/static. Run by `npm ci && npm run build`, never at run time.
// `npm run build studio_form` builds that one entry and leaves the other files alone.
import {
  cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { build } from 'esbuild'
import * as sass from 'sass'

const STATIC = 'webui/static'
const ASSETS = 'webui/assets'
const PAGES = { page: 'page.js', diagram: 'diagram.js' }
const STUDIO = ['diagram', 'form', 'table', 'compare', 'play', 'work', 'migration']

const asked = process.argv.slice(2)
const entries = { ...PAGES }
for (const name of STUDIO) {
  const file = `studio/${name}.js`
  if (existsSync(`${ASSETS}/${file}`)) entries[`studio_${name}`] = file
}
for (const name of asked) {
  if (!(name in entries)) throw new Error(`There is no entry ${name}.`)
}

// A package's sheet offers its icons in five formats; every browser served reads woff2.
const oneFontFormat = {
  name: 'one-font-format',
  setup (bundler) {
    bundler.onLoad({ filter: /-font\/css\/[a-z]+\.css$/ }, ({ path }) => {
      const sheet = readFileSync(path, 'utf8')
      const [file] = sheet.match(/[^'"/]+\.woff2/)
      const source = `src: url('../font/${file}') format('woff2');`
      return {
        contents: sheet.replace(/src:\s*url\([^;]*;/, '').replace(/src:\s*url\([^;]*;/, source),
        loader: 'css',
        resolveDir: dirname(path),
      }
    })
  },
}

// form-js comes with two versions of preact, whose parts must not meet in one panel.
const onePreactForForms = {
  name: 'one-preact-for-forms',
  setup (bundler) {
    bundler.onResolve({ filter: /^preact(\/|$)/ }, ({ path, importer, kind, pluginData }) => {
      if (pluginData === 'asked' || !/form-js|studio\/form/.test(importer)) return
      const resolveDir = resolve('node_modules/@bpmn-io/form-js-editor')
      return bundler.resolve(path, { kind, resolveDir, pluginData: 'asked' })
    })
  },
}

// dmn-js writes styles into markup, which `style-src 'self'` blocks.
const strictDomForTables = {
  name: 'strict-dom-for-tables',
  setup (bundler) {
    bundler.onResolve({ filter: /^min-dom$/ }, ({ importer }) => (
      /dmn-js/.test(importer) ? { path: resolve(ASSETS, 'studio/strict_dom.js') } : undefined
    ))
  },
}

const bundles = await build({
  entryPoints: Object.fromEntries(
    Object.entries(entries)
      .filter(([name]) => !asked.length || asked.includes(name))
      .map(([name, file]) => [name, `${ASSETS}/${file}`]),
  ),
  outdir: STATIC,
  assetNames: 'studio_[name]',
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2020',
  legalComments: 'none',
  metafile: true,
  write: false,
  charset: 'utf8',
  jsx: 'automatic',
  jsxImportSource: '@bpmn-io/properties-panel/preact',
  loader: { '.woff2': 'file' },
  alias: {
    'style-mod': resolve(ASSETS, 'studio/style_mod.js'),
    domify: resolve(ASSETS, 'studio/domify.js'),
  },
  plugins: [oneFontFormat, onePreactForForms, strictDomForTables],
})

// Nothing is thrown away before everything has compiled.
if (!asked.length) rmSync(STATIC, { recursive: true, force: true })
mkdirSync(`${STATIC}/licences`, { recursive: true })
for (const file of bundles.outputFiles) {
  writeFileSync(`${STATIC}/${basename(file.path)}`, file.contents)
}
const css = sass.compile(`${ASSETS}/page.scss`, {
  style: 'compressed',
  importers: [new sass.NodePackageImporter()],
  quietDeps: true,
  charset: false,
})
writeFileSync(`${STATIC}/page.css`, css.css)
cpSync('node_modules/bpmn-js/dist/assets/diagram-js.css', `${STATIC}/diagram.css`)
cpSync(`${ASSETS}/favicon.svg`, `${STATIC}/favicon.svg`)

const packages = new Set(['govuk-frontend', 'bpmn-js'])
for (const input of Object.keys(bundles.metafile.inputs)) {
  const match = input.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//)
  if (match) packages.add(match[1])
}
for (const name of [...packages].sort()) {
  const folder = `node_modules/${name}`
  const { version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
  // govuk-frontend ships its licence in its repository only: kept beside this file.
  const ours = `${ASSETS}/licences/${name.replace('/', '__')}.txt`
  if (!file && !existsSync(ours)) throw new Error(`${name} has no licence text: write ${ours}`)
  const text = readFileSync(file ? `${folder}/${file}` : ours, 'utf8')
  writeFileSync(`${STATIC}/licences/${name.replace('/', '__')}.txt`, `${name} ${version}\n\n${text}`)
}

const vendor = 'tests/vendor'
mkdirSync(vendor, { recursive: true })
cpSync('node_modules/axe-core/axe.min.js', `${vendor}/axe.min.js`)
cpSync('node_modules/axe-core/LICENSE', `${vendor}/axe-core.LICENSE.txt`)
// Somebody else's editor, to see that it opens what ours saves.
cpSync('node_modules/bpmn-js/dist/bpmn-modeler.production.min.js', `${vendor}/bpmn-modeler.production.min.js`)
cpSync('node_modules/bpmn-js/LICENSE', `${vendor}/bpmn-js.LICENSE.txt`)
