// Parquet files by two other programs, DuckDB and hyparquet-writer, from the first 120 rows of synthetic_events.csv.
// Usage: npm install --no-save @duckdb/node-api@1.5.6-r.1 hyparquet-writer@0.17.0, then: node make_parquet.mjs
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRequire } from 'node:module'

const N_ROWS = 120
const folder = dirname(fileURLToPath(import.meta.url))
const csv = join(folder, 'synthetic_events.csv')
const require = createRequire(join(process.cwd(), 'package.json'))
const out = name => join(folder, 'parquet', `${name}.parquet`)

const lines = readFileSync(csv, 'utf8').trim().split('\n').slice(0, N_ROWS + 1).map(line => line.split(','))
const names = lines[0]
const column = k => lines.slice(1).map(line => line[k])
const typeOf = name => name === 'detailed_labels' ? 'VARCHAR' : name === 'labels' || name === 'id' ? 'INTEGER' : 'FLOAT'

async function byDuckdb() {
  const { DuckDBInstance } = await import(require.resolve('@duckdb/node-api'))
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const types = names.map(name => `'${name}': '${typeOf(name)}'`).join(', ')
  await connection.run(`create table events as select * exclude (id)
    from read_csv('${csv}', header = true, columns = {${types}}) limit ${N_ROWS}`)
  const kinds = { snappy: 'compression snappy', gzip: 'compression gzip', zstd: 'compression zstd',
    plain: 'compression uncompressed',
    v2: 'compression snappy, parquet_version v2' }
  for (const [kind, how] of Object.entries(kinds)) {
    await connection.run(`copy events to '${out(`duckdb_${kind}`)}' (format parquet, ${how})`)
  }
}

// Data of which derived columns lack values: every third, rows 10 to 29, all, the last.
async function withoutSome() {
  const { DuckDBInstance } = await import(require.resolve('@duckdb/node-api'))
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const primary = names.filter(name => name.startsWith('PRI_'))
  const derived = ['mass_transverse_met_lep', 'mass_vis', 'pt_h', 'deltaeta_jet_jet', 'mass_jet_jet', 'prodeta_jet_jet',
    'deltar_had_lep', 'pt_tot', 'sum_pt', 'pt_ratio_lep_had', 'met_phi_centrality', 'lep_eta_centrality']
  const value = { pt_h: 'case when n % 3 = 0 then null else n end', mass_vis: 'case when n between 10 and 29 then null else 7 end',
    sum_pt: 'null', pt_tot: 'case when n = 39 then null else n / 2 end' }
  await connection.run(`copy (select ${primary.map(name => `${name}::float as ${name}`).join(', ')},
      ${derived.map(name => `(${value[name] ?? 'n'})::${name === 'pt_tot' ? 'double' : 'float'} as DER_${name}`).join(', ')}
    from (select *, row_number() over () - 1 as n from read_csv('${csv}', header = true) limit 40))
    to '${out('derived_null')}' (format parquet, compression snappy)`)
}

async function byHyparquet() {
  const { parquetWriteFile } = await import(require.resolve('hyparquet-writer'))
  const types = { VARCHAR: 'STRING', INTEGER: 'INT32', FLOAT: 'FLOAT' }
  const columnData = names.map((name, k) => ({ name, type: types[typeOf(name)],
    data: typeOf(name) === 'VARCHAR' ? column(k) : column(k).map(Number) })).filter(c => c.name !== 'id')
  await parquetWriteFile({ filename: out('hyparquet'), columnData })
}

await byDuckdb()
await withoutSome()
await byHyparquet()
