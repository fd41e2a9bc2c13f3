// Reads a Parquet file with another program, hyparquet or DuckDB, and compares it with the CSV file of the same events.
// Usage: node oracle_parquet.mjs NODE_MODULES hyparquet|duckdb FILE.parquet FILE.csv
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const [modules, program, parquet, csv] = process.argv.slice(2)
const require = createRequire(join(resolve(modules), 'x.js'))

// Columns of the published file in its order; the derived ones stand at the end.
const isText = name => name === 'detailed_labels'
const lines = readFileSync(csv, 'utf8').trimEnd().split('\n').map(line => line.split(','))
const names = lines[0]
const derived = names.filter(name => name.startsWith('DER_'))
const expectedNames = [...names.filter(name => name.startsWith('PRI_')),
  ...['weights', 'detailed_labels', 'labels'].filter(name => names.includes(name)), ...derived]

function demand(condition, what) {
  if (!condition) {
    console.error(`${program}: ${parquet}: ${what}`)
    process.exit(1)
  }
}

// {names, columns}: an array of values for each column.
// A chunk is a data page, maybe with a dictionary page before it; both begin where the footer says.
function checkPages(bytes, chunk, deserialize) {
  const end = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset) + Number(chunk.total_compressed_size)
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  let expanded = 0
  const pages = [[chunk.dictionary_page_offset, 2], [chunk.data_page_offset, 0]].filter(([at]) => at !== undefined)
  for (const [at, type] of pages) {
    demand(reader.offset === 0 || reader.offset === Number(at), `${chunk.path_in_schema}: a gap between pages`)
    reader.offset = Number(at)
    const header = deserialize(reader)
    demand(header.field_1 === type, `${chunk.path_in_schema}: a page of type ${header.field_1}, expected ${type}`)
    expanded += reader.offset - Number(at) + header.field_2
    reader.offset += header.field_3
  }
  demand(reader.offset === end, `${chunk.path_in_schema}: the pages do not end with the chunk`)
  demand(BigInt(expanded) === chunk.total_uncompressed_size, `${chunk.path_in_schema}: has another expanded size`)
}

async function byHyparquet() {
  const { deserializeTCompactProtocol } = await import(require.resolve('hyparquet/src/thrift.js'))
  const bytes = readFileSync(parquet)
  const { parquetMetadataAsync, parquetRead, asyncBufferFromFile } = await import(require.resolve('hyparquet'))
  const file = await asyncBufferFromFile(parquet)
  const metadata = await parquetMetadataAsync(file)
  const [root, ...schema] = metadata.schema
  demand(root.num_children === schema.length, 'the schema is not flat')
  demand(/^fair-baseline version \d+\.\d+\.\d+$/.test(metadata.created_by), `created by '${metadata.created_by}'`)
  for (const column of schema) {
    demand(column.type === (isText(column.name) ? 'BYTE_ARRAY' : 'FLOAT'), `${column.name} is ${column.type}`)
    demand(column.repetition_type === 'OPTIONAL', `${column.name} is ${column.repetition_type}`)
    demand(!isText(column.name) || column.converted_type === 'UTF8', `${column.name} is no text`)
  }
  let begin = 4n // behind the magic number; chunks follow each other without a gap
  for (const group of metadata.row_groups) {
    let size = 0n, expanded = 0n
    for (const { meta_data: chunk } of group.columns) {
      demand(chunk.codec === 'SNAPPY', `compressed by ${chunk.codec}`)
      demand((chunk.dictionary_page_offset ?? chunk.data_page_offset) === begin + size, 'a gap between chunks')
      size += chunk.total_compressed_size
      expanded += chunk.total_uncompressed_size
      checkPages(bytes, chunk, deserializeTCompactProtocol)
    }
    demand(group.total_compressed_size === size && group.file_offset === begin, 'the size of a row group')
    demand(group.total_byte_size === expanded, 'the expanded size of a row group')
    begin += size
  }
  let rows = []
  await parquetRead({ file, metadata, onComplete: all => { rows = all } })
  demand(BigInt(rows.length) === metadata.num_rows, `has ${rows.length} rows and says ${metadata.num_rows}`)
  return { names: schema.map(c => c.name), columns: schema.map((c, k) => rows.map(row => row[k])) }
}

async function byDuckdb() {
  const { DuckDBInstance } = await import(require.resolve('@duckdb/node-api'))
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const reader = await connection.runAndReadAll(`select * from '${parquet}'`)
  for (const [k, name] of reader.columnNames().entries()) {
    const type = String(reader.columnType(k))
    demand(type === (isText(name) ? 'VARCHAR' : 'FLOAT'), `${name} is ${type}`)
  }
  const columns = reader.getColumns() // none at all when there are no rows
  return { names: reader.columnNames(), columns: reader.columnNames().map((_, k) => columns[k] ?? []) }
}

const read = { hyparquet: byHyparquet, duckdb: byDuckdb }[program]
demand(read !== undefined, 'unknown program')
const found = await read()
demand(found.names.join() === expectedNames.join(), `has the columns ${found.names}`)
for (const [k, name] of found.names.entries()) {
  const at = names.indexOf(name)
  demand(found.columns[k].length === lines.length - 1, `${name} has ${found.columns[k].length} rows`)
  for (let i = 1; i < lines.length; i++) {
    const value = found.columns[k][i - 1]
    const expected = isText(name) ? lines[i][at] : Math.fround(Number(lines[i][at]))
    demand(Object.is(value, expected), `row ${i - 1}, column ${name}: ${value}, in the CSV ${lines[i][at]}`)
  }
}
console.log(`${program}: ${lines.length - 1} rows, ${found.names.length} columns`)
